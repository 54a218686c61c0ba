package org.dicomtls.interop.refusals;

import java.io.DataInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.HandshakeMessages;

/** Hellos of TLS 1.2 with one thing wrong, as octets; what follows them is never needed. */
final class Hellos {

    private static final int TLS12 = 0x0303;
    private static final int[] SUITES = {0xC02C, 0xC02B, 0xC030, 0xC02F};
    private static final int[] GROUPS = {23, 24};
    private static final int[] SCHEMES = {0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501};
    private static final SecureRandom RANDOM = new SecureRandom();

    private int version = TLS12;
    private int[] suites = SUITES;
    private int[] groups = GROUPS;
    private int[] schemes = SCHEMES;
    private boolean masterSecret = true;
    private boolean renegotiation = true;

    Hellos version(int value) {
        version = value;
        return this;
    }

    Hellos suites(int... values) {
        suites = values;
        return this;
    }

    Hellos groups(int... values) {
        groups = values;
        return this;
    }

    Hellos schemes(int... values) {
        schemes = values;
        return this;
    }

    Hellos withoutExtendedMasterSecret() {
        masterSecret = false;
        return this;
    }

    Hellos withoutRenegotiationInfo() {
        renegotiation = false;
        return this;
    }

    private static byte[] random() {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        return random;
    }

    private static byte[] record(byte[] messages) {
        return new Octets().u8(HandshakeMessages.HANDSHAKE).u16(TLS12).vector16(messages).get();
    }

    private static byte[] message(int type, byte[] body) {
        return new Octets().u8(type).vector24(body).get();
    }

    /** The record of a ClientHello. */
    byte[] client() {
        Octets extensions = new Octets()
                .extension(Extensions.SUPPORTED_GROUPS, new Octets().list16(groups).get())
                .extension(Extensions.EC_POINT_FORMATS, new byte[] {1, 0})
                .extension(Extensions.SIGNATURE_ALGORITHMS, new Octets().list16(schemes).get());
        if (masterSecret) {
            extensions.extension(Extensions.EXTENDED_MASTER_SECRET, new byte[0]);
        }
        if (renegotiation) {
            extensions.extension(Extensions.RENEGOTIATION_INFO, new byte[] {0});
        }
        return record(message(
                HandshakeMessages.CLIENT_HELLO,
                new Octets()
                        .u16(version)
                        .raw(random())
                        .vector8(new byte[0])
                        .list16(suites)
                        .vector8(new byte[1])
                        .vector16(extensions.get())
                        .get()));
    }

    /** The record of a ServerHello that chooses the first suite, whatever the client has offered. */
    byte[] server() {
        return record(serverHello(random()));
    }

    private byte[] serverHello(byte[] random) {
        Octets extensions = new Octets();
        if (masterSecret) {
            extensions.extension(Extensions.EXTENDED_MASTER_SECRET, new byte[0]);
        }
        if (renegotiation) {
            extensions.extension(Extensions.RENEGOTIATION_INFO, new byte[] {0});
        }
        return message(
                HandshakeMessages.SERVER_HELLO,
                new Octets()
                        .u16(version)
                        .raw(random)
                        .vector8(new byte[0])
                        .u16(suites[0])
                        .u8(0)
                        .vector16(extensions.get())
                        .get());
    }

    /**
     * A whole flight of a server: ServerHello, its certificate, a ServerKeyExchange with those parameters and a signature
     * over them that verifies, ServerHelloDone.
     */
    byte[] flight(ClientHello client, Credential credential, byte[] parameters, int scheme, String signature)
            throws IOException {
        byte[] random = random();
        try {
            Signature signer = Signature.getInstance(signature);
            signer.initSign(credential.key());
            signer.update(client.random());
            signer.update(random);
            signer.update(parameters);
            Octets chain = new Octets();
            for (var certificate : credential.chain()) {
                chain.vector24(certificate.getEncoded());
            }
            return record(new Octets()
                    .raw(serverHello(random))
                    .raw(message(HandshakeMessages.CERTIFICATE, new Octets().vector24(chain.get()).get()))
                    .raw(message(
                            HandshakeMessages.SERVER_KEY_EXCHANGE,
                            new Octets().raw(parameters).u16(scheme).vector16(signer.sign()).get()))
                    .raw(message(HandshakeMessages.SERVER_HELLO_DONE, new byte[0]))
                    .get());
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM cannot sign with " + signature, e);
        }
    }

    /** Reads a ClientHello that fills one record. */
    static ClientHello read(DataInputStream in) throws IOException {
        in.skipNBytes(3);
        byte[] message = in.readNBytes(in.readUnsignedShort());
        return ClientHello.read(Arrays.copyOfRange(message, 4, message.length));
    }
}
