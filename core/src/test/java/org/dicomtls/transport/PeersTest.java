package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.GeneralName;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may connect, and under which AE titles. */
class PeersTest {

    private static final Certificate.Issued CA =
            Certificate.of("CN=Modality CA,O=Hospital", "EC secp256r1 modality ca").authority().issued();
    private static final Certificate.Issued CT = Certificate.of("CN=ct1,O=Hospital", "EC secp256r1 ct")
            .names(
                    new GeneralName(GeneralName.dNSName, "CT1.example.org"),
                    new GeneralName(GeneralName.iPAddress, "192.0.2.7"),
                    new GeneralName(GeneralName.uniformResourceIdentifier, "urn:oid:1.2.3"))
            .issuedBy(CA);
    private static final Certificate.Issued MR = Certificate.of("CN=mr1,O=Hospital", "EC secp256r1 mr").issued();

    @TempDir
    private Path directory;

    private static List<X509Certificate> path(Certificate.Issued... all) {
        return Arrays.stream(all).map(Certificate.Issued::certificate).toList();
    }

    private Peers read(String... lines) throws CredentialException {
        return Peers.read(file(lines));
    }

    private Path file(String... lines) {
        try {
            return Files.write(directory.resolve("peers"), List.of(lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<String> traitsOfTheCt() {
        return Stream.of(
                "sha256:" + PeerTrait.sha256(PeerTrait.encoded(CT.certificate())),
                "sha256:"
                        + PeerTrait.sha256(PeerTrait.encoded(CT.certificate()))
                                .toUpperCase(Locale.ROOT)
                                .replaceAll("(..)(?!$)", "$1:"),
                "spki:" + PeerTrait.sha256(CT.certificate().getPublicKey().getEncoded()),
                "subject:CN=ct1,O=Hospital",
                "subject:O=Hospital,CN=ct1",
                "subject: cn=CT1, o=hospital",
                "dns:ct1.example.org",
                "ip:192.0.2.7",
                "uri:urn:oid:1.2.3",
                "ca:CN=Modality CA,O=Hospital",
                "ca:CN=Test CA");
    }

    @ParameterizedTest
    @MethodSource("traitsOfTheCt")
    void aCertificateIsRecognisedByEachOfItsTraits(String trait) throws Exception {
        Peers peers = read("# comment", "", "CT1, CT 2 = " + trait);
        assertThat(peers.objection(path(CT, CA, Certificate.TEST_CA))).isEmpty();
        assertThat(peers.objection(path(CT, CA, Certificate.TEST_CA), "CT1")).isEmpty();
        assertThat(peers.objection(path(CT, CA, Certificate.TEST_CA), " CT 2 ")).isEmpty();
        assertThat(peers.objection(path(CT, CA, Certificate.TEST_CA), "MR1"))
                .contains("the AE title is not one of its own: CT 2, CT1");
        boolean group = trait.equals("ca:CN=Test CA");
        assertThat(peers.objection(path(MR, Certificate.TEST_CA)).isEmpty()).isEqualTo(group);
        assertThat(peers.objection(path(MR, Certificate.TEST_CA), "CT1").isEmpty()).isEqualTo(group);
    }

    @Test
    void ofSeveralTraitsAllAreNeeded() throws Exception {
        Peers peers = read("CT1 = dns:ct1.example.org; ca:CN=Other CA", "* = subject:CN=mr1,O=Hospital; ca:CN=Test CA");
        assertThat(peers.objection(path(CT, CA, Certificate.TEST_CA))).contains("it is not on the list of peers");
        assertThat(peers.objection(path(MR, Certificate.TEST_CA), "ANYTHING")).isEmpty();
        assertThat(peers.objection(path(MR), "ANYTHING"))
                .as("the authority is the validated one, not what the peer presents")
                .isPresent();
    }

    @Test
    void theTitlesOfAllItsLinesAreItsOwn() throws Exception {
        Peers peers = read("A = dns:ct1.example.org", "B = ip:192.0.2.7");
        assertThat(peers.objection(path(CT), "A")).isEmpty();
        assertThat(peers.objection(path(CT), "B")).isEmpty();
        assertThat(peers.objection(path(CT), "a")).as("AE titles are case sensitive").isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CT1                     | no equals sign between AE titles and traits
                    CT1 =                   | '' is none of [sha256, spki, subject, dns, ip, uri, ca]
                    CT1 = CN=ct1            | 'CN=ct1' is none of [sha256, spki, subject, dns, ip, uri, ca]
                    CT1 = dns               | a colon and a value are missing after 'dns'
                    CT1 = dns:              | dns: a value is missing
                    CT1 = dns:*.example.org | dns: '*.example.org' is no DNS name (wildcards are none)
                    CT1 = dns:192.0.2.7     | dns: '192.0.2.7' is no DNS name (wildcards are none)
                    CT1 = ip:pacs           | ip: 'pacs' is no IP address
                    CT1 = sha256:ab         | sha256: 64 hexadecimal digits are wanted
                    CT1 = spki:xyz          | spki: 64 hexadecimal digits are wanted
                    CT1,, = ip:192.0.2.7    | '' is not an AE title (1 to 16 characters of the default repertoire, no backslash)
                    A-TITLE-OF-17-CHA = ip:192.0.2.7 | 'A-TITLE-OF-17-CHA' is not an AE title (1 to 16 characters of the default repertoire, no backslash)
                    CT1 = ip:192.0.2.7;     | '' is none of [sha256, spki, subject, dns, ip, uri, ca]
                    """)
    void aLineThatCannotBeUnderstoodIsNamed(String line, String why) {
        Path file = file("# first", line);
        assertThat(catchThrowableOfType(CredentialException.class, () -> Peers.read(file)))
                .hasMessage(file + ":2: " + why);
    }

    @Test
    void aSubjectThatCannotBeUnderstoodIsNamed() {
        Path file = file("CT1 = subject:nonsense");
        assertThat(catchThrowableOfType(CredentialException.class, () -> Peers.read(file)).getMessage())
                .startsWith(file + ":1: ")
                .contains("nonsense")
                .doesNotContain("\n");
    }

    @Test
    void aSemicolonInASubjectIsWrittenWithABackslash() throws Exception {
        Certificate.Issued odd = Certificate.of("CN=a\\;b", Transports.P256).issued();
        assertThat(read("X = subject:CN=a\\;b").objection(path(odd), "X")).isEmpty();
    }

    @Test
    void aFileThatIsNoListIsNamed() throws Exception {
        Path empty = file("# nobody");
        assertThat(catchThrowableOfType(CredentialException.class, () -> Peers.read(empty)))
                .hasMessage(empty + ": names no peer");
        Path missing = directory.resolve("missing");
        assertThat(catchThrowableOfType(CredentialException.class, () -> Peers.read(missing)))
                .hasMessage(missing + ": no such file");
        assertThat(catchThrowableOfType(CredentialException.class, () -> Peers.read(directory)))
                .hasMessage(directory + ": is a directory, a list of peers is wanted");
        Path latin = Files.write(directory.resolve("latin"), new byte[] {'A', '=', (byte) 0xFC, '\n'});
        assertThat(catchThrowableOfType(CredentialException.class, () -> Peers.read(latin)))
                .hasMessage(latin + ": is not UTF-8 text");
    }

    @Test
    void aPeerByNothingIsAnError() {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class, () -> Peers.none().with(Set.of("CT1"))))
                .hasMessage("a peer by nothing would be everybody");
    }

    @Test
    void aListWithoutClientCertificatesIsAnError() throws Exception {
        Peers peers = read("* = ca:CN=Test CA");
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                                .peers(peers)
                                .clientAuthentication(false)
                                .build()))
                .hasMessage("a list of peers goes by their certificates, so client authentication cannot be switched off"
                        + " with it");
    }

    @ParameterizedTest
    @EnumSource
    void whoIsNotOnTheListIsRefusedInTheHandshakeAtBothEnds(Engine engine) throws Exception {
        Peers ct = Peers.none().with(Set.of("CT1"), PeerTrait.parse("dns:ct1.example.org"));
        SecureTransport server =
                Transports.serverOf(engine, TestProfiles.WIDE).peers(ct).build();
        TlsRefusal refusal = Loopback.run(Transports.client(Engine.JDK), server).server().refusal();
        assertThat(refusal.problem()).endsWith("): it is not on the list of peers");
        assertThat(refusal.remedy()).isEqualTo("put it on the list of peers of this end, if it is to be one");
        SecureTransport client =
                Transports.clientOf(engine, TestProfiles.WIDE).peers(ct).build();
        assertThat(Loopback.run(client, Transports.server(Engine.JDK)).client().refusal().problem())
                .endsWith("): it is not on the list of peers");
    }

    @ParameterizedTest
    @EnumSource
    void whoIsOnTheListMayUseItsOwnTitlesOnly(Engine engine) throws Exception {
        Heard heard = new Heard();
        SecureTransport server = Transports.serverOf(engine, TestProfiles.WIDE)
                .peers(read("CT1 = ca:CN=Modality CA,O=Hospital; subject:CN=ct1,O=Hospital"))
                .listener(heard)
                .build();
        SecureTransport client = Transports.clientOf(Engine.JDK, TestProfiles.WIDE)
                .identity(CT.with(CA))
                .build();
        Negotiated negotiated = Loopback.run(client, server).server().established();
        assertThat(server.judge(negotiated, "CT1 ")).isEmpty();
        AssociationRefusal refusal = server.judge(negotiated, "MR1\u0007").orElseThrow();
        assertThat(refusal)
                .hasMessage("certificate O=Hospital,CN=ct1 (SHA-256 "
                        + PeerCertificateException.fingerprint(CT.certificate())
                        + "): the AE title is not one of its own: CT1; offered: AE title MR1?; remedy: correct the AE title of"
                        + " the client, or the list of peers of this end");
        assertThat(refusal.phase()).isEqualTo(TlsRefusal.Phase.ASSOCIATION);
        assertThat(refusal.end()).isEqualTo(Role.SERVER);
        assertThat(heard.refusals).containsExactly(refusal);
    }

    @Test
    void withoutAListEverybodyMayUseAnyTitle() throws Exception {
        SecureTransport server = Transports.server(Engine.JDK);
        Negotiated negotiated = Loopback.run(Transports.client(Engine.JDK), server).server().established();
        assertThat(server.judge(negotiated, "ANYTHING")).isEmpty();
    }

    @Test
    void theListIsReadAgain() throws Exception {
        Path file = file("CT1 = dns:ct1.example.org");
        SecureTransport server = Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                .peers(Peers.watched(file))
                .lookInterval(Duration.ZERO)
                .build();
        SecureTransport client = Transports.clientOf(Engine.JDK, TestProfiles.WIDE)
                .identity(MR.with())
                .build();
        assertThat(Loopback.run(client, server).server().refusal().problem()).endsWith("not on the list of peers");
        file("MR1 = subject:CN=mr1,O=Hospital");
        try (Accepting accepting = new Accepting(server.sslContext(), s -> {});
                SSLSocket socket = (SSLSocket) client.sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), accepting.port())) {
            socket.startHandshake();
            Negotiated negotiated = accepting.next().established();
            assertThat(server.judge(negotiated, "MR1")).isEmpty();
            file("MR2 = subject:CN=mr1,O=Hospital");
            assertThat(server.judge(negotiated, "MR1")).isPresent();
        }
    }
}
