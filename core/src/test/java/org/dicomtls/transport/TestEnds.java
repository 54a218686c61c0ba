package org.dicomtls.transport;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;

/** What tests of other packages need from the tests of this one. */
public final class TestEnds {

    private TestEnds() {}

    /** A client with a good certificate. */
    public static SecureTransport client(Engine engine) {
        return Transports.clientOf(engine, TestProfiles.WIDE).role(Role.CLIENT).build();
    }

    /** The same with a listener. */
    public static SecureTransport client(Engine engine, TransportListener listener) {
        return Transports.clientOf(engine, TestProfiles.WIDE).role(Role.CLIENT).listener(listener).build();
    }

    /** A client whose certificate nobody believes. */
    public static SecureTransport stranger(Engine engine) {
        return Transports.clientOf(engine, TestProfiles.WIDE)
                .identity(Certificate.of("CN=nobody", Transports.P256).selfSigned().with())
                .role(Role.CLIENT)
                .build();
    }

    /** A client that presents a certificate of its own making to everybody. */
    public static SSLContext insistent(String commonName) {
        return PlainJsse.context(
                Certificate.of("CN=" + commonName, Transports.P256).selfSigned().with());
    }

    /** A server that demands a certificate. */
    public static SecureTransport server(Engine engine, TransportListener listener) {
        return Transports.serverOf(engine, TestProfiles.WIDE).listener(listener).build();
    }

    /** A server that is nothing else. */
    public static SecureTransport serverOnly(Engine engine) {
        return Transports.serverOf(engine, TestProfiles.WIDE).role(Role.SERVER).build();
    }

    /** A server with one version of TLS. */
    public static SecureTransport server(Engine engine, TlsVersion version) {
        return Transports.serverOf(
                        engine,
                        TestProfiles.WIDE.derive("one-version").versions(version).build())
                .build();
    }

    /** A server whose certificate nobody believes. */
    public static SecureTransport impostor(Engine engine) {
        return Transports.serverOf(engine, TestProfiles.CARELESS)
                .identity(Certificate.of("CN=impostor", Transports.P256).selfSigned().with())
                .build();
    }

    /** A certificate with that common name; what no UTF-8 can hold goes as a BMPString, which takes anything. */
    public static X509Certificate named(String commonName) {
        ASN1Encodable value = StandardCharsets.UTF_8.newEncoder().canEncode(commonName)
                ? new DERUTF8String(commonName)
                : new DERBMPString(commonName);
        return Certificate.of(new X500NameBuilder().addRDN(BCStyle.CN, value).build(), Transports.P256)
                .selfSigned()
                .certificate();
    }

    /** A refusal of that kind with these words, of a certificate if there is one. */
    public static TlsRefusal refusal(
            RefusalKind kind, Role end, Optional<InetSocketAddress> peer, String words, Optional<X509Certificate> of) {
        TransportConnection connection = new TransportConnection(
                1, "test-wide", Engine.JDK, end, Optional.empty(), peer, Instant.EPOCH);
        TlsRefusal.Builder refusal = TlsRefusal.at(end, Refusal.Phase.HELLO, kind, words)
                .offered(words)
                .wanted(words)
                .remedy(words);
        TlsRefusal made = of.isEmpty()
                ? refusal.build()
                : refusal.build(
                        new PeerCertificateException(PeerCertificateException.Reason.INVALID, of.get(), words, null));
        made.on(connection, Instant.EPOCH);
        return made;
    }
}
