package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.peers.Attempt.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OpenSSL and GnuTLS offer the reference SCP everything they have, one value at a time. What it accepts is what the
 * profile publishes; everything else it refuses by an alert of its own.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(Published.class)
@ExtendWith(Keys.class)
@Timeout(180)
class PublishedListsTest {
    private static final String TLS12 = "0303";
    private static final String TLS13 = "0304";

    /** The kinds of server key with which each scheme can sign. */
    private static final List<List<String>> KEYS = List.of(
            List.of("rsa", "0401", "0501", "0601", "0804", "0805", "0806"),
            List.of("rsapss", "0809", "080A", "080B"),
            List.of("p256", "0403"),
            List.of("p384", "0503"),
            List.of("p521", "0603"));

    private static DicomTls.Server server;
    private static DicomTls.Server serverOfManyKeys;
    private static Published running;

    private final Published published;

    PublishedListsTest(Published published) {
        this.published = published;
    }

    @BeforeEach
    void aServerOfTheProfileIsRunning() throws InterruptedException {
        if (running != published) {
            stop();
            server = DicomTls.serve(
                    "--profile", published.toString(), "--engine", "bc", "--pki", Keys.directory().toString());
            running = published;
        }
    }

    @AfterAll
    static void stop() {
        running = null;
        for (DicomTls.Server each : new DicomTls.Server[] {server, serverOfManyKeys}) {
            if (each != null) {
                each.close();
            }
        }
        server = null;
        serverOfManyKeys = null;
    }

    private static void assertAcceptsExactly(int port, List<Offer> offers, Set<String> permitted) {
        assertThat(offers).as("what the tool can offer").isNotEmpty();
        List<Attempt> attempts = Offer.all(offers, offer -> Attempt.of(offer.command().apply(port)));
        Set<String> accepted = new TreeSet<>();
        List<String> unclear = new ArrayList<>();
        for (int i = 0; i < offers.size(); i++) {
            switch (attempts.get(i).outcome()) {
                case ACCEPTED -> accepted.add(offers.get(i).toString());
                case REFUSED -> { }
                default -> unclear.add(offers.get(i) + ": " + attempts.get(i));
            }
        }
        Set<String> expected = offers.stream()
                .filter(offer -> permitted.contains(offer.code()))
                .map(Offer::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tooMany = new TreeSet<>(accepted);
        tooMany.removeAll(expected);
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(accepted);
        assertThat(accepted)
                .as("accepted of %d offers; not published but accepted: %s; published but refused: %s; unclear: %s",
                        offers.size(), tooMany, missing, unclear)
                .isEqualTo(expected);
        assertThat(unclear).as("neither answered in DICOM nor refused by an alert").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TlsClient.class)
    void versions(TlsClient client) {
        client.assumeInstalled();
        assertThat(client.versions().stream().map(Offer::code)).contains("0301", "0302", "0303", "0304");
        assertAcceptsExactly(server.port(), client.versions(), published.versions());
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, " + TLS12, "OPENSSL, " + TLS13, "GNUTLS, " + TLS12, "GNUTLS, " + TLS13})
    void suites(TlsClient client, String version) {
        client.assumeInstalled();
        assertAcceptsExactly(server.port(), client.suites(version), published.suites(version));
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, " + TLS12, "OPENSSL, " + TLS13, "GNUTLS, " + TLS12, "GNUTLS, " + TLS13})
    void groups(TlsClient client, String version) {
        client.assumeInstalled();
        assertAcceptsExactly(server.port(), client.groups(version), published.groups(version));
    }

    /** A server that has a key for every scheme of the profile but EdDSA. */
    private DicomTls.Server serverOfManyKeys() throws InterruptedException {
        if (serverOfManyKeys == null) {
            List<String> options = new ArrayList<>(
                    List.of("--profile", published.toString(), "--engine", "bc", "--trust", Keys.file("ca.pem")));
            for (List<String> key : usableKeys()) {
                String stem = Keys.stem("server", key.get(0));
                options.addAll(List.of("--cert", stem + ".pem", "--key", stem + ".key"));
            }
            serverOfManyKeys = DicomTls.serve(options.toArray(String[]::new));
        }
        return serverOfManyKeys;
    }

    /** A key that no scheme of the profile fits is refused at the start already. */
    private List<List<String>> usableKeys() {
        return KEYS.stream()
                .filter(key -> key.stream().anyMatch(published.schemes(TLS12)::contains))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, " + TLS12, "OPENSSL, " + TLS13, "GNUTLS, " + TLS12, "GNUTLS, " + TLS13})
    void signatureSchemesOfTheServer(TlsClient client, String version) throws InterruptedException {
        client.assumeInstalled();
        TlsClient.OPENSSL.assumeInstalled(); // it makes the keys
        Set<String> permitted = new TreeSet<>(published.schemes(version));
        permitted.retainAll(usableKeys().stream().flatMap(List::stream).collect(Collectors.toSet()));
        assertAcceptsExactly(serverOfManyKeys().port(), client.schemes(version), permitted);
    }

    /** The client's own signature; it is in no ClientHello, so the code points stand here. */
    private static final String CLIENT_SIGNATURES =
            """
            0201:rsa:RSA+SHA1 0301:rsa:RSA+SHA224 0401:rsa:RSA+SHA256 0501:rsa:RSA+SHA384 0601:rsa:RSA+SHA512
            0804:rsa:rsa_pss_rsae_sha256 0805:rsa:rsa_pss_rsae_sha384 0806:rsa:rsa_pss_rsae_sha512
            0809:rsapss:rsa_pss_pss_sha256 080A:rsapss:rsa_pss_pss_sha384 080B:rsapss:rsa_pss_pss_sha512
            0203:p256:ECDSA+SHA1 0303:p256:ECDSA+SHA224 0403:p256:ECDSA+SHA256 0503:p384:ECDSA+SHA384 0603:p521:ECDSA+SHA512
            0807:ed25519:ed25519 0808:ed448:ed448
            """;

    @ParameterizedTest
    @CsvSource({TLS12, TLS13})
    void signatureSchemesOfTheClient(String version) {
        TlsClient.OPENSSL.assumeInstalled();
        List<Offer> offers = Stream.of(CLIENT_SIGNATURES.trim().split("\\s+"))
                .map(text -> text.split(":"))
                .map(part -> new Offer(
                        part[0],
                        part[2],
                        TlsClient.OPENSSL.command(
                                part[1],
                                Stream.concat(
                                                TlsClient.OPENSSL.only(version).stream(),
                                                Stream.of(
                                                        "-client_sigalgs",
                                                        part[2],
                                                        "-cipher",
                                                        "ECDHE+AESGCM:@SECLEVEL=0"))
                                        .toList())))
                .toList();
        assertAcceptsExactly(server.port(), offers, published.schemes(version));
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, " + TLS12, "OPENSSL, " + TLS13, "GNUTLS, " + TLS12, "GNUTLS, " + TLS13})
    void aClientWithoutACertificateIsRefused(TlsClient client, String version) {
        client.assumeInstalled();
        Attempt attempt = Attempt.of(client.command(null, client.only(version)).apply(server.port()));
        assertThat(attempt.outcome()).as("%s", attempt).isEqualTo(Outcome.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown-ca", "self-signed", "expired", "not-yet-valid", "eku-server-only", "rsa-1024", "sha1-leaf",
                "sha1-intermediate", "md5-leaf", "rsa-1024-issuer", "expired-issuer", "key-usage-no-signature"
            })
    void aClientWithABadCertificateIsRefused(String flaw) {
        TlsClient.OPENSSL.assumeInstalled();
        for (String version : published.versions()) {
            Attempt attempt = presenting(flaw, version);
            assertThat(attempt.outcome()).as("%s: %s", version, attempt).isEqualTo(Outcome.REFUSED);
        }
    }

    /** RFC 7525 §4.3 begins at 192 bits, RFC 9325 §4.5 at 224, B.13 at 256. */
    @Test
    void aClientKeyOf224BitsIsRefusedJustWhereTheTextDemands256() {
        TlsClient.OPENSSL.assumeInstalled();
        boolean demanded =
                Set.of(Published.BCP195_MOD_2023, Published.BCP195_MOD, Published.CRYPTREC_HS).contains(published);
        Attempt attempt = presenting("p-224", TLS12);
        assertThat(attempt.outcome()).as("%s", attempt).isEqualTo(demanded ? Outcome.REFUSED : Outcome.ACCEPTED);
    }

    private static Attempt presenting(String flaw, String version) {
        String stem = Keys.file("flaws/client-" + flaw);
        List<String> options = new ArrayList<>(TlsClient.OPENSSL.only(version));
        options.addAll(List.of("-cert", stem + ".pem", "-key", stem + ".key", "-cipher", "DEFAULT:@SECLEVEL=0"));
        return Attempt.of(TlsClient.OPENSSL.command(null, options).apply(server.port()));
    }

    @Test
    void aPlainAssociationRequestGetsNoDicomAnswer() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(Requests.verification());
            socket.getOutputStream().flush();
            byte[] answer;
            try {
                answer = socket.getInputStream().readAllBytes();
            } catch (SocketException reset) {
                answer = new byte[0];
            }
            // Nothing, or a TLS alert: content type 21, which is the type of no PDU.
            assertThat(answer.length == 0 || answer[0] == 21).as("%s", answer).isTrue();
        }
    }

    @Test
    void theServerIsStillThereAndHasNotPrintedAStackTrace() {
        assertThat(server.command().isAlive()).isTrue();
        assertThat(server.command().lines()).noneMatch(line -> line.contains("\tat ") || line.contains("Exception"));
    }

    /** TLS 1.2, and what the issue names: a sweep that left these out would prove little. */
    @Test
    void theToolsOfferWhatMustBeRefused() {
        Stream.of(TlsClient.values()).forEach(TlsClient::assumeInstalled);
        for (TlsClient client : TlsClient.values()) {
            assertThat(client.suites(TLS12).stream().map(Offer::code))
                    .as("%s: NULL, CBC, static RSA, anonymous, DSS, DHE, CCM, PSK, SRP", client)
                    .contains("0002", "003B", "C013", "C028", "002F", "009C", "00A6", "00A2", "009E", "CCAA", "C0AD",
                            "C0AF", "00A8", "C01E");
            assertThat(client.groups(TLS12).stream().map(Offer::code))
                    .as("%s: P-192, P-224", client)
                    .contains("0013", "0015");
            assertThat(client.schemes(TLS12).stream().map(Offer::code)).as("%s: SHA-1", client).contains("0201", "0203");
        }
        assertThat(TlsClient.OPENSSL.groups(TLS12).stream().map(Offer::code))
                .as("secp256k1, brainpool")
                .contains("0016", "001A", "001B", "001C");
        assertThat(TlsClient.GNUTLS.suites(TLS12).stream().map(Offer::code))
                .as("Camellia-GCM, RC4, 3DES")
                .contains("C087", "0005", "000A");
    }

    @Test
    void theToolsCanOfferAllThatIsPublished() {
        Stream.of(TlsClient.values()).forEach(TlsClient::assumeInstalled);
        for (String version : List.of(TLS12, TLS13)) {
            assertThat(offered(client -> client.suites(version))).as(version).containsAll(published.suites(version));
            assertThat(offered(client -> client.groups(version))).as(version).containsAll(published.groups(version));
            assertThat(offered(client -> client.schemes(version))).as(version).containsAll(published.schemes(version));
        }
    }

    private static Set<String> offered(Function<TlsClient, List<Offer>> what) {
        return Stream.of(TlsClient.values())
                .flatMap(client -> what.apply(client).stream())
                .map(Offer::code)
                .collect(Collectors.toSet());
    }
}
