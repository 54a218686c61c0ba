package org.dicomtls.interop.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.clientaudit.ClientAudits;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.Surveyor;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * What dcm4che 5.34.3 makes of the attributes of a connection (TCPListener.createTLSServerSocket and
 * Connection.createTLSSocket), done here with the same calls: what an audit then finds violated is exactly what the export
 * says. LDAP may return the suites in any order, so they are taken in the worst one.
 */
@Timeout(120)
class ExportedLdifTest {

    private static final TestPki PKI = TestPki.create(PkiOptions.defaults());
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The worst order begins with ChaCha20, whose tickets the auditor does not take up. */
    private static final String UNREADABLE = "RFC9325/resumption-with-key-exchange";

    private static final Map<Map<String, List<String>>, Surveyed> SERVERS = new HashMap<>();
    private static final Map<Map<String, List<String>>, Survey> CLIENTS = new HashMap<>();

    private static Site site(int port) {
        return new Site(
                List.of(
                        new Site.Credential("rsa.pem", "rsa.key", KeyKind.RSA),
                        new Site.Credential("ecdsa.pem", "ecdsa.key", KeyKind.ECDSA_P256)),
                "ca.pem",
                Optional.empty(),
                "dh.pem",
                true,
                new Site.Endpoint("archive.example", port),
                new Site.Endpoint("localhost", port),
                "localhost",
                new Site.Endpoint("127.0.0.1", 104),
                "ARCHIVE",
                "CT-1",
                "cn=dicom-tls,dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org",
                Optional.of("cn=dicom-tls,dicomDeviceName=ct,o=Röntgen"));
    }

    /** The attributes of an entry after the modifications. */
    private static Map<String, List<String>> entry(Export export, int number) {
        String text = export.text().lines().filter(l -> !l.startsWith("#")).reduce("", (a, b) -> a + b + "\n").strip();
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        for (String line : text.split("\n\n")[number].split("\n")) {
            int colon = line.indexOf(':');
            if (line.equals("-")) {
                continue;
            }
            String name = line.substring(0, colon);
            String value = line.startsWith("::", colon)
                    ? new String(Base64.getDecoder().decode(line.substring(colon + 3)), StandardCharsets.UTF_8)
                    : line.substring(colon + 2);
            if (name.equals("replace")) {
                assertThat(attributes.put(value, new ArrayList<>())).as("replaced twice: %s", value).isNull();
            } else if (name.equals("dn") || name.equals("changetype")) {
                attributes.put(name, List.of(value));
            } else {
                attributes.get(name).add(value);
            }
        }
        return attributes;
    }

    private static String[] worst(List<String> suites) {
        List<String> reversed = new ArrayList<>(suites);
        Collections.reverse(reversed);
        return reversed.toArray(String[]::new);
    }

    private static SSLContext context(Role role) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        for (Credential own : PKI.good(role)) {
            keys.setKeyEntry(own.name(), own.key(), new char[0], own.chain().toArray(Certificate[]::new));
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", PKI.authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Outlook outlook(Export export) {
        String java = Integer.toString(Runtime.version().feature());
        Optional<Outlook> here =
                export.outlooks().stream().filter(o -> o.release().covers(java, "0")).findFirst();
        assumeTrue(here.isPresent(), "skipped: exports say nothing of Java " + java);
        return here.orElseThrow();
    }

    @TestFactory
    Stream<DynamicTest> servers() {
        return Sites.ENFORCEABLE.stream().map(profile -> DynamicTest.dynamicTest(
                "an archive keeps of " + profile.id() + " what its export says, and no more", () -> server(profile)));
    }

    /** What was found out about an archive of these attributes. */
    private record Surveyed(int port, Survey survey) {}

    private static void server(Profile profile) throws Exception {
        Map<String, List<String>> entry =
                entry(Export.of(Format.LDIF, profile, Role.SERVER, site(Site.DICOM_TLS_PORT)), 0);
        if (!SERVERS.containsKey(entry)) {
            SERVERS.put(entry, survey(entry));
        }
        Surveyed surveyed = SERVERS.get(entry);
        Outlook outlook = outlook(Export.of(Format.LDIF, profile, Role.SERVER, site(surveyed.port())));
        Compared.of(outlook, Audit.of("archive", profile, surveyed.survey())).assertEqual(UNREADABLE);
    }

    private static Surveyed survey(Map<String, List<String>> entry) throws Exception {
        SSLSocketFactory sockets = context(Role.SERVER).getSocketFactory();
        try (DicomServer server = DicomServer.on(ConnectionServer.plain().bind(InetAddress.getLoopbackAddress(), 0))
                .setup(accepted -> handshake(sockets, entry, accepted))
                .start()) {
            Target target = new Target("127.0.0.1", server.port(), TIMEOUT, Duration.ZERO);
            return new Surveyed(server.port(), Surveyor.of(target, Presented.of(PKI), Manner.DEFAULT));
        }
    }

    private static Socket handshake(SSLSocketFactory sockets, Map<String, List<String>> entry, Socket accepted)
            throws IOException {
        accepted.setTcpNoDelay(true);
        SSLSocket tls = (SSLSocket) sockets.createSocket(accepted, null, true);
        tls.setEnabledProtocols(entry.get("dcmTLSProtocol").toArray(String[]::new));
        tls.setEnabledCipherSuites(worst(entry.get("dicomTLSCipherSuite")));
        tls.setNeedClientAuth(entry.get("dcmTLSNeedClientAuth").equals(List.of("TRUE")));
        tls.startHandshake();
        return tls;
    }

    @TestFactory
    Stream<DynamicTest> clients() {
        return Sites.ENFORCEABLE.stream().map(profile -> DynamicTest.dynamicTest(
                "an archive as a client keeps of " + profile.id() + " what its export says, and no more",
                () -> client(profile)));
    }

    private static void client(Profile profile) throws Exception {
        Export export = Export.of(Format.LDIF, profile, Role.CLIENT, site(Site.DICOM_TLS_PORT));
        Map<String, List<String>> own = entry(export, 0);
        Map<String, List<String>> remote = entry(export, 1);
        if (!CLIENTS.containsKey(own)) {
            SSLContext context = context(Role.CLIENT);
            ClientAudits.Result result = ClientAudits.of(
                    profile, Identities.of(PKI), "localhost", (host, port) -> connect(context, own, remote, host, port));
            assertThat(result.done()).as(result::words).isTrue();
            CLIENTS.put(own, result.audit().survey());
        }
        Compared.of(outlook(export), Audit.of("archive", profile, CLIENTS.get(own))).assertEqual();
    }

    private static void connect(
            SSLContext context, Map<String, List<String>> own, Map<String, List<String>> remote, String host, int port)
            throws IOException {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout((int) TIMEOUT.toMillis());
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            tls.setEnabledProtocols(common("dcmTLSProtocol", remote, own).toArray(String[]::new));
            tls.setEnabledCipherSuites(worst(common("dicomTLSCipherSuite", remote, own)));
            if (!own.get("dcmTLSEndpointIdentificationAlgorithm").isEmpty()) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(
                        own.get("dcmTLSEndpointIdentificationAlgorithm").get(0));
                tls.setSSLParameters(parameters);
            }
            tls.startHandshake();
            try (Association association =
                    Association.open(tls, "ARCHIVE", "CT-1", PresentationContext.verification(), TIMEOUT)) {
                association.echo();
                association.release();
            }
        }
    }

    private static List<String> common(String name, Map<String, List<String>> one, Map<String, List<String>> other) {
        return one.get(name).stream().filter(other.get(name)::contains).toList();
    }

    @Test
    void namesTheConnectionsAndTheirAddresses() {
        Export server = Export.of(Format.LDIF, Sites.ENFORCEABLE.get(0), Role.SERVER, site(2763));
        assertThat(entry(server, 0))
                .containsEntry("dn", List.of(site(2763).connection()))
                .containsEntry("changetype", List.of("modify"))
                .containsEntry("dicomHostname", List.of("archive.example"))
                .containsEntry("dicomPort", List.of("2763"));
        Export client = Export.of(Format.LDIF, Sites.ENFORCEABLE.get(0), Role.CLIENT, site(2763));
        assertThat(entry(client, 1))
                .containsEntry("dn", List.of("cn=dicom-tls,dicomDeviceName=ct,o=Röntgen"))
                .containsEntry("dicomHostname", List.of("localhost"))
                .containsEntry("dicomPort", List.of("2763"));
        assertThat(client.text().lines().filter(l -> !l.startsWith("#")).toList())
                .allMatch(line -> line.chars().allMatch(c -> c >= 0x20 && c < 0x7F));
    }
}
