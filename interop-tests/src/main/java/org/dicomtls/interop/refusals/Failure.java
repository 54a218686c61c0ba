package org.dicomtls.interop.refusals;

import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.util.BigIntegers;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;

/** The failures of {@code docs/refusals.md}, each with a peer that is at fault in it alone. */
public enum Failure {
    NO_COMMON_VERSION(
            "No TLS version in common",
            "The peer has nothing newer than TLS 1.1.",
            pki -> hello(new Hellos().version(0x0302).suites(0xC014, 0x002F)),
            pki -> answer(new Hellos().version(0x0302).suites(0xC014))),
    NO_COMMON_SUITE(
            "No cipher suite in common",
            "The client offers static RSA with CBC only; the server chooses it though it was not offered.",
            pki -> hello(new Hellos().suites(0x002F)),
            pki -> answer(new Hellos().suites(0x002F))),
    NO_COMMON_GROUP(
            "No group in common",
            "The peer knows secp224r1 only.",
            pki -> hello(new Hellos().suites(0xC030, 0xC02F).groups(21)),
            pki -> flight(pki, new Hellos().suites(0xC030), ecdhe(21, "secp224r1"), 0x0401, "SHA256withRSA")),
    NO_COMMON_SCHEME(
            "No signature scheme in common",
            "The peer signs and verifies with SHA-1 only.",
            pki -> hello(new Hellos().suites(0xC030, 0xC02F).schemes(0x0201, 0x0203)),
            pki -> flight(pki, new Hellos().suites(0xC030), ecdhe(23, "secp256r1"), 0x0201, "SHA1withRSA")),
    CERTIFICATE_KIND(
            "The server's certificate fits nothing that the client offers",
            "The client offers suites for ECDSA only; the server has an RSA certificate.",
            pki -> hello(new Hellos().suites(0xC02C, 0xC02B)),
            null),
    NO_EXTENDED_MASTER_SECRET(
            "TLS 1.2 without extended_master_secret",
            "The peer lacks RFC 7627.",
            pki -> hello(new Hellos().withoutExtendedMasterSecret()),
            pki -> flight(
                    pki,
                    new Hellos().suites(0xC030).withoutExtendedMasterSecret(),
                    ecdhe(23, "secp256r1"),
                    0x0401,
                    "SHA256withRSA")),
    NO_RENEGOTIATION_INFO(
            "TLS 1.2 without renegotiation_info",
            "The peer lacks RFC 5746.",
            pki -> hello(new Hellos().withoutRenegotiationInfo()),
            pki -> flight(
                    pki,
                    new Hellos().suites(0xC030).withoutRenegotiationInfo(),
                    ecdhe(23, "secp256r1"),
                    0x0401,
                    "SHA256withRSA")),
    WEAK_DHE(
            "A short Diffie-Hellman prime",
            "The server's prime has 1024 bits.",
            null,
            pki -> flight(pki, new Hellos().suites(0x009F), dhe1024(), 0x0401, "SHA256withRSA")),
    UNKNOWN_CA(
            "A certificate of an authority that is not trusted",
            "The peer's certificate comes from another authority.",
            pki -> client(pki.flawed(Role.CLIENT, Flaw.UNKNOWN_CA)),
            pki -> server(pki.flawed(Role.SERVER, Flaw.UNKNOWN_CA))),
    EXPIRED(
            "An expired certificate",
            "The peer's certificate ended yesterday.",
            pki -> client(pki.flawed(Role.CLIENT, Flaw.EXPIRED)),
            pki -> server(pki.flawed(Role.SERVER, Flaw.EXPIRED))),
    NOT_YET_VALID(
            "A certificate that is not valid yet",
            "The peer's certificate begins in ten days, or this end's clock is wrong.",
            pki -> client(pki.flawed(Role.CLIENT, Flaw.NOT_YET_VALID)),
            pki -> server(pki.flawed(Role.SERVER, Flaw.NOT_YET_VALID))),
    WRONG_HOST(
            "A certificate for another host",
            "The client connects to localhost; the server's certificate is for other.example. The profile is one that"
                    + " checks it (RFC 9525).",
            null,
            pki -> server(pki.flawed(Role.SERVER, Flaw.WRONG_HOST))),
    RSA_1024(
            "A certificate with a short key",
            "The peer's key is RSA with 1024 bits.",
            pki -> client(pki.flawed(Role.CLIENT, Flaw.RSA_1024)),
            pki -> server(pki.flawed(Role.SERVER, Flaw.RSA_1024))),
    SHA_1(
            "A certificate signed with SHA-1",
            "The peer's certificate is signed with SHA-1.",
            pki -> client(pki.flawed(Role.CLIENT, Flaw.SHA1_LEAF)),
            pki -> server(pki.flawed(Role.SERVER, Flaw.SHA1_LEAF))),
    WEAK_ISSUER(
            "A weak certificate in the middle of the chain",
            "The peer's own certificate is sound; the key of the authority that issued it is RSA with 1024 bits.",
            pki -> client(pki.flawed(Role.CLIENT, Flaw.RSA_1024_ISSUER)),
            pki -> server(pki.flawed(Role.SERVER, Flaw.RSA_1024_ISSUER))),
    WRONG_USAGE(
            "A certificate for the other role",
            "The client shows a certificate for servers, the server one for clients.",
            pki -> client(pki.flawed(Role.CLIENT, Flaw.EKU_SERVER_ONLY)),
            pki -> server(pki.flawed(Role.SERVER, Flaw.EKU_CLIENT_ONLY))),
    NO_CERTIFICATE_TLS12(
            "No client certificate, TLS 1.2",
            "The server demands a client certificate; the client has none.",
            pki -> new FaultyTls(Optional.empty(), "TLSv1.2")::client,
            pki -> demanding(pki, "TLSv1.2")),
    NO_CERTIFICATE_TLS13(
            "No client certificate, TLS 1.3",
            "The same with TLS 1.3, where the client has finished its handshake when the server refuses it.",
            pki -> new FaultyTls(Optional.empty(), "TLSv1.3")::client,
            pki -> demanding(pki, "TLSv1.3")),
    PLAIN_CLIENT(
            "Plain DICOM on a port for TLS",
            "The client sends an A-ASSOCIATE-RQ in the clear.",
            pki -> octets(new Octets().u8(1, 0).u16(0, 68, 1, 0).raw(new byte[64]).get()),
            null),
    PLAIN_SERVER(
            "TLS on a port for plain DICOM",
            "The server takes the ClientHello for a PDU that it does not know, and answers with an A-ABORT.",
            null,
            pki -> spoken(HexFormat.of().parseHex("07000000000400000201"))),
    HTTP(
            "HTTP on a port for DICOM over TLS",
            "A browser, a monitor or a scanner connects; or the client connects to a web server.",
            pki -> octets("GET / HTTP/1.1\r\nHost: pacs\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
            pki -> spoken("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
    CLOSES(
            "The peer closes in the middle of the handshake",
            "It closes the connection when the ClientHello is sent.",
            pki -> connection -> {
                connection.getOutputStream().write(new Hellos().client());
                connection.shutdownOutput();
                connection.setSoTimeout(Seen.PATIENCE_MILLIS);
                connection.getInputStream().readAllBytes();
                return new Seen("");
            },
            pki -> connection -> {
                Hellos.read(new DataInputStream(connection.getInputStream()));
                return new Seen("");
            }),
    SILENT(
            "The peer is silent",
            "It takes the connection and says nothing.",
            pki -> Failure::silent,
            pki -> Failure::silent),
    NOBODY("Nobody listens", "The server is not running, or the port is wrong.", null, pki -> null),
    REJECTED(
            "The association is rejected",
            "TLS comes about; the server answers with an A-ASSOCIATE-RJ because it does not know the called AE title.",
            null,
            Failure::rejecting);

    private interface Making {
        FaultyPeer of(TestPki pki);
    }

    private final String title;
    private final String remark;
    private final Making client;
    private final Making server;

    Failure(String title, String remark, Making client, Making server) {
        this.title = title;
        this.remark = remark;
        this.client = client;
        this.server = server;
    }

    public String title() {
        return title;
    }

    /** What is wrong, in a sentence. */
    public String remark() {
        return remark;
    }

    /** Whether it is seen at that end. */
    public boolean concerns(Role observed) {
        return (observed == Role.SERVER ? client : server) != null;
    }

    /** The peer at fault for whoever is observed in that role; empty where there is none, as when nobody listens. */
    public Optional<FaultyPeer> peer(Role observed, TestPki pki) {
        return Optional.ofNullable((observed == Role.SERVER ? client : server).of(pki));
    }

    /** Whether the client that is observed has no certificate. */
    public boolean withoutCertificate() {
        return this == NO_CERTIFICATE_TLS12 || this == NO_CERTIFICATE_TLS13;
    }

    private static FaultyPeer octets(byte[] octets) {
        return connection -> {
            connection.setTcpNoDelay(true);
            connection.getOutputStream().write(octets);
            connection.getOutputStream().flush();
            return Seen.of(connection);
        };
    }

    private static FaultyPeer hello(Hellos hello) {
        return connection -> octets(hello.client()).on(connection);
    }

    private static FaultyPeer answer(Hellos hello) {
        return connection -> {
            Hellos.read(new DataInputStream(connection.getInputStream()));
            return octets(hello.server()).on(connection);
        };
    }

    private static FaultyPeer flight(TestPki pki, Hellos hello, byte[] parameters, int scheme, String signature) {
        return connection -> octets(hello.flight(
                        Hellos.read(new DataInputStream(connection.getInputStream())),
                        pki.good(Role.SERVER, KeyKind.RSA),
                        parameters,
                        scheme,
                        signature))
                .on(connection);
    }

    private static FaultyPeer spoken(byte[] octets) {
        return connection -> {
            Hellos.read(new DataInputStream(connection.getInputStream()));
            return octets(octets).on(connection);
        };
    }

    private static FaultyPeer client(Credential credential) {
        return new FaultyTls(Optional.of(credential), "TLSv1.2", "TLSv1.3")::client;
    }

    private static FaultyPeer server(Credential credential) {
        FaultyTls tls = new FaultyTls(Optional.of(credential), "TLSv1.2", "TLSv1.3");
        return connection -> tls.server(connection, false);
    }

    private static FaultyPeer demanding(TestPki pki, String version) {
        FaultyTls tls = new FaultyTls(Optional.of(pki.good(Role.SERVER, KeyKind.RSA)), version);
        return connection -> tls.server(connection, true);
    }

    private static FaultyPeer rejecting(TestPki pki) {
        FaultyTls tls = new FaultyTls(Optional.of(pki.good(Role.SERVER, KeyKind.RSA)), "TLSv1.2", "TLSv1.3");
        return connection -> tls.then(connection, socket -> {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.skipNBytes(2);
            in.skipNBytes(in.readInt());
            socket.getOutputStream().write(HexFormat.of().parseHex("03000000000400010107"));
            socket.getOutputStream().flush();
            in.read();
        });
    }

    private static Seen silent(Socket connection) throws IOException {
        connection.setSoTimeout(Seen.PATIENCE_MILLIS);
        try {
            byte[] heard = new byte[8192];
            for (int got = connection.getInputStream().read(heard); got >= 0; got = connection.getInputStream().read(heard)) {
                if (heard[0] == 21) {
                    return Seen.alert(heard[6] & 0xFF);
                }
            }
            return Seen.CLOSES;
        } catch (SocketTimeoutException e) {
            return Seen.NOTHING;
        } catch (IOException e) {
            return Seen.RESETS;
        }
    }

    /** The parameters of a ServerKeyExchange of ECDHE. */
    private static byte[] ecdhe(int group, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
            generator.initialize(new ECGenParameterSpec(curve));
            ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
            int size = (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
            byte[] point = new Octets()
                    .u8(4)
                    .raw(BigIntegers.asUnsignedByteArray(size, key.getW().getAffineX()))
                    .raw(BigIntegers.asUnsignedByteArray(size, key.getW().getAffineY()))
                    .get();
            return new Octets().u8(3).u16(group).vector8(point).get();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle has no " + curve, e);
        }
    }

    /** The parameters of a ServerKeyExchange of DHE with the 1024-bit prime of RFC 2409 §6.2. */
    private static byte[] dhe1024() {
        BigInteger prime = new BigInteger(
                "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3"
                        + "CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB"
                        + "5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
                16);
        BigInteger share = BigInteger.TWO.modPow(new BigInteger(512, new java.security.SecureRandom()), prime);
        return new Octets()
                .vector16(BigIntegers.asUnsignedByteArray(prime))
                .vector16(new byte[] {2})
                .vector16(BigIntegers.asUnsignedByteArray(128, share))
                .get();
    }

    /** What a server does on an established connection. */
    interface Talk {
        void on(SSLSocket socket) throws IOException;
    }
}
