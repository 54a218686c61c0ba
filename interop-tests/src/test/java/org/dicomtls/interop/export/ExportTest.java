package org.dicomtls.interop.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.ForeignServer;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.tls.CipherSuite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What exports say and how they say it; that it is true is for the tests that run them. */
class ExportTest {

    private static final Pattern NOT_KEPT = Pattern.compile("(?:#|//)   (SHALL|SHOULD) (\\S+) \\((.+?)\\): (\\S.*)");

    private static Site site(String directory) {
        return new Site(
                List.of(
                        new Site.Credential(directory + "/rsa.pem", directory + "/rsa.key", KeyKind.RSA),
                        new Site.Credential(directory + "/ec.pem", directory + "/ec.key", KeyKind.ECDSA_P256)),
                directory + "/ca.pem",
                Optional.of(directory + "/crl.pem"),
                directory + "/dh.pem",
                true,
                new Site.Endpoint("", Site.DICOM_TLS_PORT),
                new Site.Endpoint("pacs.example", Site.DICOM_TLS_PORT),
                "pacs.example",
                new Site.Endpoint("127.0.0.1", 11112),
                "ARCHIVE",
                "CT-1",
                "cn=dicom-tls,dc=example",
                Optional.empty());
    }

    private static Stream<Arguments> everything() {
        return Stream.of(Format.values()).flatMap(format -> Stream.of(Role.values()).flatMap(
                role -> Sites.ENFORCEABLE.stream().map(profile -> Arguments.of(format, role, profile))));
    }

    private static boolean comment(String line) {
        return line.startsWith("#") || line.startsWith("//");
    }

    @ParameterizedTest
    @MethodSource("everything")
    void listsForEachReleaseTheRulesThatItDoesNotKeepWithTheirClausesAndWhy(Format format, Role role, Profile profile) {
        Export export = Export.of(format, profile, role, site("/etc/dicom"));
        Map<String, Set<String>> listed = new LinkedHashMap<>();
        List<String> releases = List.of();
        for (String line : export.text().lines().filter(ExportTest::comment).toList()) {
            Matcher rule = NOT_KEPT.matcher(line);
            if (line.contains("Not kept by ")) {
                releases = List.of(line.replaceFirst("(#|//) Not kept by ", "").replaceFirst(":$", "").split("; "));
                releases.forEach(release -> listed.put(release, new TreeSet<>()));
            } else if (line.contains("No configuration decides these")) {
                releases = List.of();
            } else if (rule.matches()) {
                assertThat(profile.rule(rule.group(2))).as(line).isPresent().get().satisfies(r -> {
                    assertThat(r.strength()).isEqualTo(Strength.valueOf(rule.group(1)));
                    assertThat(r.clause()).isEqualTo(rule.group(3));
                });
                releases.forEach(release -> listed.get(release).add(rule.group(2)));
            }
        }
        assertThat(listed).isEqualTo(export.outlooks().stream().collect(Collectors.toMap(
                o -> o.release().title(),
                o -> o.notKept().stream().map(f -> f.rule().id()).collect(Collectors.toCollection(TreeSet::new)))));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void saysOfEveryViolationWhatIsThereAndWhyItStays(Format format, Role role, Profile profile) {
        Export export = Export.of(format, profile, role, site("/etc/dicom"));
        for (Outlook outlook : export.outlooks()) {
            for (Finding finding : outlook.notKept()) {
                assertThat(outlook.why(finding))
                        .as("%s of %s", finding.rule(), outlook.release())
                        .isNotEqualTo("it does not")
                        .isNotEqualTo(finding.actual())
                        .doesNotContain("\n")
                        .hasSizeLessThan(400);
            }
        }
        assertThat(export.text()).endsWith("\n").doesNotContain("\r");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void changesWithTheSiteWhatTheSiteDecides(Format format) {
        Profile profile = DicomProfiles.BCP195_RFC9325;
        Site site = site("/etc/dicom");
        Site other = new Site(
                site.credentials(), site.trust(), Optional.empty(), site.dhParameters(), false,
                new Site.Endpoint("", 11112), site.peer(), site.peerName(), site.plain(), site.aeTitle(),
                site.peerAeTitle(), site.connection(), Optional.empty());
        Set<String> before = notKept(Export.of(format, profile, Role.SERVER, site));
        Set<String> after = notKept(Export.of(format, profile, Role.SERVER, other));
        assertThat(before).doesNotContain("B12/port-2762");
        assertThat(after).contains("B12/port-2762", "RFC9325/revocation-strategy");
        assertThat(before.contains("RFC9325/revocation-strategy"))
                .isEqualTo(format == Format.ORTHANC || format == Format.LDIF);
        assertThat(notKept(Export.of(format, DicomProfiles.IHE_TLS12_FLOOR, Role.SERVER, other)))
                .contains("ITI19/mutual-authentication");
    }

    private static Set<String> notKept(Export export) {
        return export.outlooks().get(0).notKept().stream().map(f -> f.rule().id()).collect(Collectors.toSet());
    }

    @Test
    void systemsOfOneCertificateTakeTheOneThatBreaksLess() {
        Export nonDowngrading =
                Export.of(Format.DCMTK, DicomProfiles.BCP195_NON_DOWNGRADING, Role.SERVER, site("/etc/dicom"));
        assertThat(nonDowngrading.outlooks()).allSatisfy(o -> assertThat(o.part())
                .contains("+tls /etc/dicom/rsa.key /etc/dicom/rsa.pem ").doesNotContain("ec.pem"));
    }

    @Test
    void dcmtkIsRunByTheOptionOfTheProfileUnlessAnotherBreaksFewerShalls() {
        Export extended = Export.of(Format.DCMTK, DicomProfiles.BCP195_EXTENDED, Role.SERVER, site("/etc/dicom"));
        assertThat(extended.outlooks()).allSatisfy(o -> assertThat(o.part()).contains(" --profile-bcp195-ex "));
        Export old = Export.of(Format.DCMTK, DicomProfiles.BCP195, Role.SERVER, site("/etc/dicom"));
        assertThat(old.outlooks()).allSatisfy(o -> assertThat(o.part()).doesNotContain(" --profile-bcp195 "));
        assertThat(old.text()).contains("DCMTK 3.6.7: --profile-bcp195, which has the name of this profile, breaks "
                + "RFC7525/ticket-keys-rotated, RFC8996/tls10-forbidden, RFC8996/tls11-forbidden, "
                + "RFC8996/protocol-version-alert");
        assertThat(old.outlooks()).extracting(o -> o.release().title())
                .containsExactly("DCMTK 3.6.7", "DCMTK 3.6.8 and later");
    }

    @Test
    void orthancIsJsonApartFromItsComments() throws Exception {
        Export export = Export.of(Format.ORTHANC, DicomProfiles.BCP195_MODIFIED, Role.CLIENT, site("/a \"b\" \\c"));
        String text = export.text().lines().filter(line -> !comment(line)).collect(Collectors.joining("\n"));
        JsonNode json = new ObjectMapper().readTree(text);
        assertThat(json.path("DicomTlsTrustedCertificates").asText()).isEqualTo("/a \"b\" \\c/ca.pem");
        assertThat(json.at("/DicomModalities/peer/UseDicomTls").asBoolean()).isTrue();
        assertThat(json.at("/DicomModalities/peer/Port").asInt()).isEqualTo(2762);
    }

    @Test
    void namesWithBlanksAndQuotesAreQuotedAsEachNotationDoes() {
        Profile profile = DicomProfiles.BCP195_NON_DOWNGRADING;
        assertThat(Export.of(Format.NGINX, profile, Role.SERVER, site("/a \"b\"")).text())
                .contains("ssl_client_certificate \"/a \\\"b\\\"/ca.pem\";");
        assertThat(Export.of(Format.HAPROXY, profile, Role.SERVER, site("/a \"b\"")).text())
                .contains(" ca-file '/a \"b\"/ca.pem' ");
        assertThat(Export.of(Format.OPENSSL, profile, Role.SERVER, site("/a $b \"c\"")).text())
                .contains("VerifyCAFile = \"/a $b \\\"c\\\"/ca.pem\"");
        assertThat(Export.of(Format.DCMTK, profile, Role.SERVER, site("/it's")).text())
                .contains("+cf '/it'\\''s/ca.pem'");
        assertThat(Export.of(Format.STUNNEL, profile, Role.SERVER, site("/a # b")).text())
                .contains("\nCAfile = /a # b/ca.pem\n");
    }

    @Test
    void whatCannotBeWrittenIsAnError() {
        Profile profile = DicomProfiles.BCP195;
        assertThatThrownBy(() -> Export.of(Format.NGINX, profile, Role.SERVER, site("/a$b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nginx cannot be told of a file with $ in its name: /a$b/rsa.pem");
        assertThatThrownBy(() -> Export.of(Format.HAPROXY, profile, Role.SERVER, site("/it's")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("HAProxy cannot be told of a file with ' in its name: /it's/dh.pem");
        assertThatThrownBy(() -> site("/a\nb"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the file of the certificate has control characters in it: '/a?b/rsa.pem'");
        assertThatThrownBy(() -> site("-rf"))
                .hasMessage("a file of the name '-rf/rsa.pem' would be taken for an option");
        assertThatThrownBy(() -> new Site.Endpoint("a b", 104)).hasMessage("'a b' is not a host");
        assertThatThrownBy(() -> new Site.Endpoint("a", 65536)).hasMessage("port 65536 is outside 1…65535");
        assertThatThrownBy(() -> Export.of(Format.STUNNEL, DicomProfiles.AES, Role.SERVER, site("/etc")))
                .isInstanceOf(CannotExpressException.class)
                .hasMessage("aes has no version from TLS 1.2 on; stunnel is not to be set to older ones");
        assertThatThrownBy(() -> Export.of(
                        Format.STUNNEL, profile, Role.SERVER, site("/etc").with(List.of())))
                .hasMessage("a server needs a certificate");
    }

    @Test
    void aProfileOfOnesOwnIsExportedWithItsOwnRules() {
        Profile own = DicomProfiles.BCP195_RFC9325
                .derive("hospital")
                .groups(org.dicomtls.tls.NamedGroup.SECP256R1)
                .build();
        Export export = Export.of(Format.NGINX, own, Role.SERVER, site("/etc/dicom"));
        assertThat(export.text()).contains("ssl_conf_command Groups P-256;", "Profile hospital:");
        assertThat(notKept(export)).contains("RFC9325/p256-and-x25519-supported");
    }

    @Test
    void suitesHaveTheNamesThatOpensslGivesThem() throws Exception {
        ForeignServer.assumeInstalled("openssl", "openssl", "version");
        Process process = new ProcessBuilder(
                        "openssl", "ciphers", "-stdname", "-V", "-ciphersuites",
                        OpenSslNames.suites(CipherSuite.matching(s -> s.tls13() && OpenSslNames.has(s))),
                        "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
                .start();
        Map<String, String> names = new LinkedHashMap<>();
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .forEach(words -> names.put(words[2], words[4]));
        assertThat(process.waitFor()).isZero();
        Set<CipherSuite> asked = Sites.ENFORCEABLE.stream()
                .flatMap(p -> org.dicomtls.policy.Policy.of(p).suites().stream())
                .collect(Collectors.toSet());
        assertThat(asked).hasSizeGreaterThan(20);
        for (CipherSuite suite : asked) {
            assertThat(OpenSslNames.has(suite)).as(suite.name()).isEqualTo(names.containsKey(suite.name()));
            if (OpenSslNames.has(suite)) {
                assertThat(OpenSslNames.name(suite)).isEqualTo(names.get(suite.name()));
            }
        }
    }

    /** A row for each release: how many SHALLs of each profile it does not keep, as a server and as a client. */
    @Test
    void thePageCountsTheShallsThatAreNotKept() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(row("system", Sites.ENFORCEABLE.stream().map(p -> "`" + p.id() + "`")));
        for (Format format : Format.values()) {
            int releases = Export.of(format, DicomProfiles.BCP195, Role.SERVER, site("/etc")).outlooks().size();
            for (int i = 0; i < releases; i++) {
                int release = i;
                lines.add(row(
                        outlook(format, DicomProfiles.BCP195, Role.SERVER, i).release().title(),
                        Sites.ENFORCEABLE.stream()
                                .map(profile -> outlook(format, profile, Role.SERVER, release).brokenShalls() + " · "
                                        + outlook(format, profile, Role.CLIENT, release).brokenShalls())));
            }
        }
        assertThat(Files.readAllLines(Path.of("../docs/export.md"))).containsSubsequence(lines);
    }

    private static Outlook outlook(Format format, Profile profile, Role role, int release) {
        return Export.of(format, profile, role, site("/etc")).outlooks().get(release);
    }

    private static String row(String first, Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
    }

    @Test
    void releasesAreComparedByNumbers() {
        Release.Range range = Release.Range.of("1.9", "1.12.4");
        assertThat(List.of("1.9", "1.9.0", "1.10.1", "1.12.3")).allMatch(range::covers);
        assertThat(List.of("1.8.9", "1.12.4", "2")).noneMatch(range::covers);
        assertThatThrownBy(() -> range.covers("1.x")).isInstanceOf(IllegalArgumentException.class);
    }
}
