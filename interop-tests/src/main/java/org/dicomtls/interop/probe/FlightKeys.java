package org.dicomtls.interop.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.wire.WireException;

/** Opens the handshake records of a TLS 1.3 server (RFC 8446 §7.1, §5.2), those with AES-GCM or ChaCha20-Poly1305. */
final class FlightKeys {

    private static final int TAG = 16;

    private final boolean chacha;
    private final SecretKeySpec key;
    private final byte[] iv;
    private long sequence;

    private FlightKeys(boolean chacha, SecretKeySpec key, byte[] iv) {
        this.chacha = chacha;
        this.key = key;
        this.iv = iv;
    }

    /** Whether records of that suite can be opened. */
    static boolean known(CipherSuite suite) {
        return suite.tls13()
                && (suite.mode() == CipherMode.GCM && suite.cipher() == BulkCipher.AES
                        || suite.mode() == CipherMode.POLY1305);
    }

    /**
     * The server's handshake traffic keys.
     *
     * @param secret what the key shares agreed on
     * @param clientHello the ClientHello message with its header
     * @param serverHello the ServerHello message with its header
     */
    static FlightKeys of(CipherSuite suite, byte[] secret, byte[] clientHello, byte[] serverHello)
            throws GeneralSecurityException {
        boolean sha384 = suite.hash() == HashAlgorithm.SHA384;
        MessageDigest digest = MessageDigest.getInstance(sha384 ? "SHA-384" : "SHA-256");
        String mac = sha384 ? "HmacSHA384" : "HmacSHA256";
        int length = digest.getDigestLength();
        byte[] zero = new byte[length];
        byte[] nothing = digest.digest();
        byte[] early = hmac(mac, zero, zero);
        byte[] handshake = hmac(mac, expand(mac, early, "derived", nothing, length), secret);
        digest.update(clientHello);
        byte[] traffic = expand(mac, handshake, "s hs traffic", digest.digest(serverHello), length);
        boolean chacha = suite.mode() == CipherMode.POLY1305;
        byte[] key = expand(mac, traffic, "key", new byte[0], suite.bits() / 8);
        byte[] iv = expand(mac, traffic, "iv", new byte[0], 12);
        return new FlightKeys(chacha, new SecretKeySpec(key, chacha ? "ChaCha20" : "AES"), iv);
    }

    /**
     * Opens the next record: its content, with the content type in the last octet and padding removed.
     *
     * @throws WireException when it does not authenticate or holds no content type
     */
    byte[] open(byte[] header, byte[] body) throws WireException {
        if (body.length < TAG + 1) {
            throw new WireException("an encrypted record of " + body.length + " octets");
        }
        byte[] nonce = iv.clone();
        for (int i = 0; i < 8; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (sequence >>> 8 * i);
        }
        sequence++;
        try {
            Cipher cipher = Cipher.getInstance(chacha ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE, key, chacha ? new IvParameterSpec(nonce) : new GCMParameterSpec(8 * TAG, nonce));
            cipher.updateAAD(header);
            byte[] inner = cipher.doFinal(body);
            int end = inner.length;
            while (end > 0 && inner[end - 1] == 0) {
                end--;
            }
            if (end == 0) {
                throw new WireException("an encrypted record without a content type");
            }
            return Arrays.copyOf(inner, end);
        } catch (GeneralSecurityException e) {
            throw new WireException("a record of the server's flight does not authenticate");
        }
    }

    private static byte[] hmac(String algorithm, byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(data);
    }

    /** HKDF-Expand-Label; no output here is longer than one hash. */
    private static byte[] expand(String algorithm, byte[] secret, String label, byte[] context, int length)
            throws GeneralSecurityException {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.write(length >>> 8);
        info.write(length);
        info.write(name.length);
        info.writeBytes(name);
        info.write(context.length);
        info.writeBytes(context);
        info.write(1);
        return Arrays.copyOf(hmac(algorithm, secret, info.toByteArray()), length);
    }
}
