package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.dicomtls.policy.Engine;
import org.dicomtls.transport.RawClient.Api;
import org.dicomtls.wire.Bytes;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.Hello;

/**
 * Whatever a peer sends, a refusal has no control characters, no more than 200 characters of the peer's in a row, nothing of
 * a key, and an end.
 */
class MessageHygieneProperties {

    private static final int MOST_OF_THE_PEER = 200;
    private static final int LONGEST = 2_500;

    private static final List<String> SECRETS = secrets();

    private static List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        for (Identity identity : List.of(
                TestCertificates.server(Transports.P256), TestCertificates.server(Transports.RSA),
                TestCertificates.client(Transports.P256))) {
            byte[] encoded = identity.entries().get(0).key().getEncoded();
            secrets.add(HexFormat.of().formatHex(encoded, encoded.length - 12, encoded.length));
            secrets.add(Base64.getEncoder().encodeToString(encoded).substring(40, 60));
            if (identity.entries().get(0).key() instanceof ECPrivateKey ec) {
                secrets.add(ec.getS().toString(16).substring(0, 16));
                secrets.add(ec.getS().toString().substring(0, 16));
            }
        }
        return secrets;
    }

    private static void clean(Refusal refusal, String... sent) {
        String text = refusal.text();
        assertThat(text).hasSizeLessThan(LONGEST);
        assertThat(text.codePoints().filter(c -> Character.isISOControl(c)
                        || List.of(Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR)
                                .contains((byte) Character.getType(c))))
                .as("control characters of '%s'", text)
                .isEmpty();
        for (String part : sent) {
            for (int at = 0; at + MOST_OF_THE_PEER < part.length(); at++) {
                assertThat(text).doesNotContain(part.substring(at, at + MOST_OF_THE_PEER + 1));
            }
        }
        String lower = text.toLowerCase(Locale.ROOT);
        assertThat(SECRETS).noneMatch(secret -> text.contains(secret) || lower.contains(secret));
    }

    /** Names of all sorts: long ones, controls, directions, surrogates, and what looks like our own words. */
    @Provide
    Arbitrary<String> hostileNames() {
        Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(300);
        Arbitrary<String> longOnes = Arbitraries.strings().ascii().ofMinLength(200).ofMaxLength(2_000);
        Arbitrary<String> known = Arbitraries.of(
                "\u001b[31mred\u001b[0m", "two\r\nlines", "a; rule: B10/none; remedy: none", "\u202egnp.exe", "nul\u0000", "{}%s%n",
                "${jndi:ldap://x}", "x".repeat(5_000));
        // Without lone surrogates, which no encoder of names takes.
        return Arbitraries.oneOf(any, longOnes, known)
                .map(name -> new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .filter(name -> !name.isEmpty());
    }

    private static byte[] latin(String text, int most) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(octets, Math.min(octets.length, most));
    }

    @Property(tries = 60)
    void namesInHellosAreCleaned(
            @ForAll Engine engine,
            @ForAll("hostileNames") String host,
            @ForAll @Size(min = 1, max = 5) List<@net.jqwik.api.From("hostileNames") String> protocols) {
        Bytes ids = new Bytes();
        protocols.forEach(protocol -> ids.vector8(latin(protocol, 255)));
        byte[] entry = new Bytes().u8(0).vector16(latin(host, 4_000)).get();
        Hello hello = Hello.clientTls13().with(Extensions.ALPN, new Bytes().vector16(ids.get()).get());
        for (boolean named : new boolean[] {false, true}) {
            if (named) {
                hello.with(Extensions.SERVER_NAME, new Bytes().vector16(entry).get());
            }
            Told heard = new Told();
            SecureTransport transport = Transports.serverOf(engine, TestProfiles.WIDE).listener(heard).build();
            SSLEngine server = transport.sslContext().createSSLEngine();
            server.setUseClientMode(false);
            SSLParameters parameters = server.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"dicom"});
            parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("archive\\.example")));
            server.setSSLParameters(parameters);
            TlsRefusal refusal = refused(server, hello.record());
            assertThat(refusal.kind())
                    .isEqualTo(named ? RefusalKind.SERVER_NAME : RefusalKind.APPLICATION_PROTOCOL);
            clean(refusal, host, String.join(", ", protocols));
        }
    }

    private static TlsRefusal refused(SSLEngine engine, byte[] octets) {
        try {
            engine.beginHandshake();
            engine.unwrap(java.nio.ByteBuffer.wrap(octets), java.nio.ByteBuffer.allocate(20_000));
            throw new AssertionError("not refused");
        } catch (TlsRefusal e) {
            return e;
        } catch (javax.net.ssl.SSLException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = 40)
    void namesInCertificatesAreCleaned(
            @ForAll Engine engine,
            @ForAll boolean ofTheServer,
            @ForAll("hostileNames") String common,
            @ForAll("hostileNames") String organisation) {
        X500Name name = new X500NameBuilder()
                .addRDN(BCStyle.CN, common)
                .addRDN(BCStyle.O, organisation)
                .build();
        Identity identity = Certificate.of(name, Transports.P256).selfSigned().with();
        Told heard = new Told();
        SecureTransport ours = (ofTheServer
                        ? Transports.clientOf(engine, TestProfiles.WIDE)
                        : Transports.serverOf(engine, TestProfiles.WIDE))
                .listener(heard)
                .build();
        SSLEngine plain = PlainJsse.context(identity).createSSLEngine("localhost", 2762);
        SSLEngine policy = ours.sslContext().createSSLEngine("localhost", 2762);
        plain.setUseClientMode(!ofTheServer);
        policy.setUseClientMode(ofTheServer);
        EnginePair pair = ofTheServer ? new EnginePair(policy, plain) : new EnginePair(plain, policy);
        pair.handshake();
        TlsRefusal refusal = (TlsRefusal) (ofTheServer ? pair.clientFailure : pair.serverFailure);
        // A name that is none is a certificate that cannot be read, which is as good.
        assertThat(refusal.kind())
                .isIn(RefusalKind.CERTIFICATE_UNKNOWN_CA, RefusalKind.CERTIFICATE_INVALID, RefusalKind.CERTIFICATE_NONE);
        clean(refusal, common, organisation);
        assertThat(heard.nothing()).isFalse();
    }

    @Property(tries = 150)
    void whateverComesFirstIsNotRepeated(@ForAll Engine engine, @ForAll @Size(max = 600) byte[] octets) throws Exception {
        RawClient.Exchange exchange = RawClient.send(Api.ENGINE, Transports.server(engine), octets);
        exchange.refusal().ifPresent(refusal -> clean(
                refusal,
                new String(octets, StandardCharsets.ISO_8859_1),
                HexFormat.of().formatHex(octets),
                octets.length == 0 ? "" : new BigInteger(1, octets).toString()));
    }
}
