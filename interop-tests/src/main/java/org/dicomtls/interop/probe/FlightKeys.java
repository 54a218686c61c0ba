package org.dicomtls.interop.probe;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.modes.CCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.wire.WireException;

/** Seals and opens the records of one direction of TLS 1.3 (RFC 8446 §5.2). */
final class FlightKeys {

    private final CipherMode mode;
    private final byte[] key;
    private final byte[] iv;
    private final int tag;
    private long sequence;

    private FlightKeys(CipherMode mode, byte[] key, byte[] iv) {
        this.mode = mode;
        this.key = key;
        this.iv = iv;
        this.tag = mode == CipherMode.CCM_8 ? 8 : 16;
    }

    /** Whether records of that suite can be opened. */
    static boolean known(CipherSuite suite) {
        return suite.tls13()
                && switch (suite.mode()) {
                    case GCM, CCM, CCM_8 -> suite.cipher() == BulkCipher.AES;
                    case POLY1305 -> true;
                    default -> false;
                };
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
        KeySchedule schedule = new KeySchedule(suite);
        byte[] handshake = schedule.handshake(schedule.early(new byte[0]), secret);
        return of(suite, schedule.derive(handshake, "s hs traffic", clientHello, serverHello));
    }

    /** The keys under a traffic secret. */
    static FlightKeys of(CipherSuite suite, byte[] traffic) throws GeneralSecurityException {
        KeySchedule schedule = new KeySchedule(suite);
        return new FlightKeys(
                suite.mode(),
                schedule.expand(traffic, "key", new byte[0], suite.bits() / 8),
                schedule.expand(traffic, "iv", new byte[0], 12));
    }

    /**
     * Opens the next record: its content, with the content type in the last octet and padding removed.
     *
     * @throws WireException when it does not authenticate or holds no content type
     */
    byte[] open(byte[] header, byte[] body) throws WireException {
        if (body.length < tag + 1) {
            throw new WireException("an encrypted record of " + body.length + " octets");
        }
        try {
            byte[] inner = crypt(false, header, body);
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

    /** A whole record with that content. */
    byte[] seal(int type, byte[] content) throws GeneralSecurityException {
        byte[] inner = Arrays.copyOf(content, content.length + 1);
        inner[content.length] = (byte) type;
        int length = inner.length + tag;
        byte[] header = {23, 3, 3, (byte) (length >>> 8), (byte) length};
        return Question.concat(header, crypt(true, header, inner));
    }

    private byte[] crypt(boolean seal, byte[] header, byte[] body) throws GeneralSecurityException {
        byte[] nonce = iv.clone();
        for (int i = 0; i < 8; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (sequence >>> 8 * i);
        }
        sequence++;
        if (mode == CipherMode.CCM || mode == CipherMode.CCM_8) {
            return ccm(seal, nonce, header, body);
        }
        boolean chacha = mode == CipherMode.POLY1305;
        Cipher cipher = Cipher.getInstance(chacha ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding");
        cipher.init(
                seal ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, chacha ? "ChaCha20" : "AES"),
                chacha ? new IvParameterSpec(nonce) : new GCMParameterSpec(8 * tag, nonce));
        cipher.updateAAD(header);
        return cipher.doFinal(body);
    }

    /** The JDK has no CCM. */
    private byte[] ccm(boolean seal, byte[] nonce, byte[] header, byte[] body) throws GeneralSecurityException {
        CCMModeCipher cipher = CCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(seal, new AEADParameters(new KeyParameter(key), 8 * tag, nonce, header));
        byte[] out = new byte[cipher.getOutputSize(body.length)];
        try {
            int done = cipher.processBytes(body, 0, body.length, out, 0);
            done += cipher.doFinal(out, done);
            return Arrays.copyOf(out, done);
        } catch (InvalidCipherTextException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
