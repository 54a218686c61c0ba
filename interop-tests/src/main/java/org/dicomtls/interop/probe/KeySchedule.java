package org.dicomtls.interop.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;

/** The key schedule of TLS 1.3 (RFC 8446 §7.1) as far as a client needs it that looks at a server. */
final class KeySchedule {

    private final String digest;
    private final String mac;
    private final int length;

    KeySchedule(CipherSuite suite) {
        boolean sha384 = suite.hash() == HashAlgorithm.SHA384;
        digest = sha384 ? "SHA-384" : "SHA-256";
        mac = sha384 ? "HmacSHA384" : "HmacSHA256";
        length = sha384 ? 48 : 32;
    }

    /** The length of the hash in octets. */
    int length() {
        return length;
    }

    byte[] hash(byte[]... parts) throws GeneralSecurityException {
        MessageDigest hash = MessageDigest.getInstance(digest);
        for (byte[] part : parts) {
            hash.update(part);
        }
        return hash.digest();
    }

    /** The Early Secret under a pre-shared key, or under none. */
    byte[] early(byte[] psk) throws GeneralSecurityException {
        return hmac(new byte[length], psk.length == 0 ? new byte[length] : psk);
    }

    byte[] handshake(byte[] early, byte[] agreed) throws GeneralSecurityException {
        return hmac(derive(early, "derived"), agreed);
    }

    byte[] master(byte[] handshake) throws GeneralSecurityException {
        return hmac(derive(handshake, "derived"), new byte[length]);
    }

    /** Derive-Secret over messages. */
    byte[] derive(byte[] secret, String label, byte[]... messages) throws GeneralSecurityException {
        return expand(secret, label, hash(messages), length);
    }

    byte[] finished(byte[] trafficSecret, byte[] transcriptHash) throws GeneralSecurityException {
        return hmac(expand(trafficSecret, "finished", new byte[0], length), transcriptHash);
    }

    byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac hmac = Mac.getInstance(mac);
        hmac.init(new SecretKeySpec(key, mac));
        return hmac.doFinal(data);
    }

    /** HKDF-Expand-Label; no output here is longer than one hash. */
    byte[] expand(byte[] secret, String label, byte[] context, int octets) throws GeneralSecurityException {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.write(octets >>> 8);
        info.write(octets);
        info.write(name.length);
        info.writeBytes(name);
        info.write(context.length);
        info.writeBytes(context);
        info.write(1);
        return Arrays.copyOf(hmac(secret, info.toByteArray()), octets);
    }
}
