package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.report.Json;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.dicomtls.rule.Waiver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is on record lets an audit pass or not, and changes nothing of what was found. */
class AuditAcceptanceTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final Profile PROFILE = DicomProfiles.BCP195_RFC9325;
    private static final String FIRST = "RFC9325/extended-master-secret";
    private static final String SECOND = "RFC9325/renegotiation-info";
    private static final String SHOULD = "B12/port-2762";

    @TempDir
    private Path directory;

    /** Every rule holds but those; a rule named with a question mark is open. */
    private static Audit audit(String... broken) {
        Set<String> named = Set.of(broken);
        List<Finding> findings = new ArrayList<>();
        for (Rule rule : PROFILE.rules()) {
            Verdict verdict = named.contains(rule.id())
                    ? Verdict.VIOLATED
                    : named.contains(rule.id() + "?") ? Verdict.INCONCLUSIVE : Verdict.SATISFIED;
            findings.add(new Finding(rule, verdict, rule.constraint().expected(), "as seen", List.of("CN=<b>")));
        }
        Facts nothing = Facts.of(Role.SERVER).build();
        return new Audit(
                "pacs:2762",
                PROFILE,
                findings,
                new Survey(nothing, nothing, Map.of(), Map.of(), List.of("intolerant of GREASE <i>"), 1, 2, false));
    }

    private static Waiver waiver(String rule, String until) {
        return new Waiver(rule, "replaced <in> spring", "IT & co", Optional.ofNullable(until).map(LocalDate::parse));
    }

    private static Acceptance waived(Audit audit, Waiver... waivers) {
        return new Acceptance(audit, new OnRecord(List.of(waivers), Optional.empty(), DAY));
    }

    private static Acceptance since(Audit audit, String... violated) {
        Baseline baseline = new Baseline(PROFILE.id(), Role.SERVER, "pacs:2762", Set.of(violated));
        return new Acceptance(audit, new OnRecord(List.of(), Optional.of(baseline), DAY));
    }

    private static String text(Acceptance acceptance) {
        return String.join("\n", AuditText.lines(acceptance, false, 400));
    }

    private static JsonNode json(Acceptance acceptance) throws IOException {
        JsonNode json = AuditJson.of(acceptance);
        try (InputStream schema = Audit.class.getResourceAsStream("/org/dicomtls/interop/schema/audit-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema).validate(json))
                    .isEmpty();
        }
        return json;
    }

    private static JsonNode finding(JsonNode report, String rule) {
        for (JsonNode finding : report.path("findings")) {
            if (finding.path("rule").asText().equals(rule)) {
                return finding;
            }
        }
        throw new AssertionError("no finding for " + rule);
    }

    @Test
    void aWaiverLetsPassAndChangesNoVerdict() throws IOException {
        Acceptance acceptance = waived(audit(FIRST), waiver(FIRST, "2026-11-23"));
        assertThat(acceptance.accepted()).isTrue();
        assertThat(acceptance.audit().conclusion()).isEqualTo(Conclusion.NON_CONFORMANT);
        JsonNode json = json(acceptance);
        assertThat(json.path("conclusion").asText()).isEqualTo("non-conformant");
        assertThat(json.path("accepted").asBoolean()).isTrue();
        JsonNode finding = finding(json, FIRST);
        assertThat(finding.path("verdict").asText()).isEqualTo("VIOLATED");
        assertThat(Json.text(finding.path("waived")))
                .isEqualTo(
                        """
                        {
                          "reason" : "replaced <in> spring",
                          "owner" : "IT & co",
                          "until" : "2026-11-23"
                        }
                        """);
        assertThat(text(acceptance))
                .startsWith("pacs:2762 against bcp195-rfc9325 (PS3.15 B.12): non-conformant;"
                        + " every broken SHALL is waived or known from the baseline: accepted.\n")
                .contains("\nWaived, on record:\n  SHALL " + FIRST
                        + " (RFC 9325 §3.5): as seen\n    waived until 2026-11-23 by IT & co: replaced <in> spring\n")
                .contains("\nObserved besides:\n  intolerant of GREASE <i>\n")
                .doesNotContain("VIOLATED");
        assertThat(AuditPage.of(acceptance))
                .contains("Waived, on record", "replaced &lt;in&gt; spring", "IT &amp; co", "intolerant of GREASE &lt;i&gt;")
                .doesNotContain("<in>", "<i>", "<b>");
        assertThat(AuditJUnit.of(acceptance))
                .contains("failures=\"0\"")
                .contains("<skipped message=\"violated, waived until 2026-11-23 by IT &amp; co: replaced &lt;in&gt; spring;"
                        + " actual: as seen\"/>");
    }

    @Test
    void anExpiredWaiverDoesNotCount() throws IOException {
        Acceptance acceptance = waived(audit(FIRST, SECOND), waiver(FIRST, "2026-11-22"), waiver(SECOND, null));
        assertThat(acceptance.accepted()).isFalse();
        assertThat(acceptance.broken()).extracting(f -> f.rule().id()).containsExactly(FIRST);
        assertThat(text(acceptance))
                .contains("2 SHALLs are broken, 1 waived, 1 unanswered: not accepted.")
                .contains("VIOLATED SHALL " + FIRST)
                .contains("Waivers that have ended and do not count:\n  " + FIRST + ": ended on 2026-11-22 (IT & co:");
        JsonNode json = json(acceptance);
        assertThat(finding(json, FIRST).has("waived")).isFalse();
        assertThat(json.path("waiversExpired").get(0).path("rule").asText()).isEqualTo(FIRST);
        assertThat(AuditJUnit.of(acceptance)).contains("failures=\"1\"");
    }

    @Test
    void aWaiverThatIsNotNeededIsNamed() throws IOException {
        Acceptance acceptance = waived(audit(), waiver(FIRST, null));
        assertThat(acceptance.accepted()).isTrue();
        assertThat(text(acceptance))
                .contains("conformant in all that questions can decide")
                .contains("Waivers not needed, for the rule is not violated:\n  " + FIRST + ": satisfied");
        assertThat(json(acceptance).path("waiversNotNeeded").get(0).asText()).isEqualTo(FIRST);
    }

    @Test
    void whatStaysOpenIsNeverAccepted() {
        Acceptance acceptance = waived(audit(FIRST, SECOND + "?"), waiver(FIRST, null));
        assertThat(acceptance.accepted()).isFalse();
        assertThat(acceptance.broken()).isEmpty();
        assertThat(acceptance.words())
                .endsWith("every broken SHALL is waived or known from the baseline,"
                        + " but 1 SHALL that questions can decide stays open: not accepted.");
    }

    @Test
    void aBaselineTellsNewFromKnownAndMended() throws IOException {
        Acceptance acceptance = since(audit(SECOND, SHOULD), FIRST, SHOULD);
        assertThat(acceptance.accepted()).isFalse();
        JsonNode json = json(acceptance);
        assertThat(finding(json, SECOND).path("new").asBoolean()).isTrue();
        assertThat(finding(json, SHOULD).path("new").isBoolean()).isTrue();
        assertThat(finding(json, SHOULD).path("new").asBoolean()).isFalse();
        assertThat(finding(json, FIRST).has("new")).isFalse();
        assertThat(json.path("mended").get(0).asText()).isEqualTo(FIRST);
        assertThat(text(acceptance))
                .contains("VIOLATED SHALL " + SECOND)
                .contains("Known from the baseline:\n  " + SHOULD + "\n")
                .contains("Mended since the baseline:\n  " + FIRST + "\n")
                .doesNotContain("Recommendations");
        Acceptance known = since(audit(FIRST), FIRST);
        assertThat(known.accepted()).isTrue();
        assertThat(AuditJUnit.of(known)).contains("failures=\"0\"").contains("violated, known from the baseline");
    }

    @Test
    void whatIsNotKnownNowIsNotMended() {
        Acceptance acceptance = since(audit(FIRST + "?"), FIRST);
        assertThat(acceptance.mended()).isEmpty();
        assertThat(acceptance.undecidedSince()).containsExactly(FIRST);
        assertThat(text(acceptance)).contains("Violated in the baseline, and not known now:\n  " + FIRST);
    }

    @Test
    void aReportIsABaseline() throws IOException {
        Path file = directory.resolve("base.json");
        Files.writeString(file, Json.text(audit(FIRST, SHOULD).json()));
        Baseline baseline = Baseline.of(file, PROFILE, Role.SERVER);
        assertThat(baseline.violated()).containsExactlyInAnyOrder(FIRST, SHOULD);
        assertThatThrownBy(() -> Baseline.of(file, DicomProfiles.BCP195_NON_DOWNGRADING, Role.SERVER))
                .isInstanceOf(RecordFileException.class)
                .hasMessage(file + ": an audit against bcp195-rfc9325, not against bcp195-nd");
        Files.writeString(file, Files.readString(file).replace("\"server\"", "\"client\""));
        assertThatThrownBy(() -> Baseline.of(file, PROFILE, Role.SERVER))
                .hasMessage(file + ": an audit of a client, not of a server");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []                                     | : not an audit report: an object is wanted, found an array
                    {}                                     | : 'schema' is missing
                    {"schema":"dicom-tls/audits/1"}        | : schema is 'dicom-tls/audits/1', wanted dicom-tls/audit/1
                    {"schema":"dicom-tls/audit/1","schema":1} | :1:39: not JSON: Duplicate field 'schema'
                    nonsense                               | :1:9: not JSON: Unrecognized token
                    {"schema":"dicom-tls/audit/1","profile":"p","role":"x","target":"t"} | : unknown role 'x'
                    {"schema":"dicom-tls/audit/1","profile":"p","role":"server","target":"t"} | : holds no array 'findings'
                    {"schema":"dicom-tls/audit/1","profile":"p","role":"server","target":"t","findings":[{"rule":"A/b","verdict":"BROKEN"}]} | : finding 1: unknown verdict 'BROKEN'
                    """)
    void whatIsNoBaselineIsRefused(String content, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("b.json"), content);
        assertThatThrownBy(() -> Baseline.read(file))
                .isInstanceOf(RecordFileException.class)
                .hasMessageStartingWith(file + message);
    }

    @Test
    void waiversAreRead() throws IOException {
        Path file = Files.writeString(
                directory.resolve("w.json"),
                "\uFEFF[{\"rule\":\"" + FIRST + "\",\"reason\":\" r \",\"owner\":\"o\",\"until\":\"2027-03-31\"},{\"rule\":\""
                        + SECOND + "\",\"reason\":\"r\",\"owner\":\"o\"}]");
        assertThat(Waivers.read(file, List.of(PROFILE)))
                .containsExactly(
                        new Waiver(FIRST, "r", "o", Optional.of(LocalDate.of(2027, 3, 31))),
                        new Waiver(SECOND, "r", "o", Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                       | : not an array of waivers, found an object
                    [] []                    | :1:4: something follows the JSON value
                    [1]                      | : entry 1: an object is wanted, found a number
                    [{"rule":"RULE"}]        | : entry 1: 'reason' is missing
                    [{"rule":"RULE","reason":" ","owner":"o"}] | : entry 1: 'reason' is blank
                    [{"rule":"RULE","reason":7,"owner":"o"}]   | : entry 1: 'reason' is a number, a string is wanted
                    [{"rule":"RULE","reason":"r","owner":""}]  | : entry 1: 'owner' is blank
                    [{"rule":"RULE","reason":"r","owner":"o","untill":"2027-01-01"}] | : entry 1: unknown key 'untill'; known: rule, reason, owner, until
                    [{"rule":"RULE","reason":"r","owner":"o","until":"2027-02-30"}]  | : entry 1: 'until' is '2027-02-30', a date such as 2027-03-31 is wanted
                    [{"rule":"RULE","reason":"r","owner":"o","until":null}] | : entry 1: 'until' is null, a string is wanted
                    [{"rule":"RULE","reason":"r","owner":"o"},{"rule":"RULE","reason":"r","owner":"o"}] | : entry 2: rule RULE is waived before in this file
                    [{"rule":"RULE","rule":"RULE","reason":"r","owner":"o"}] | :1:
                    [{"rule":"B13/nope","reason":"r","owner":"o"}] | : entry 1: rule 'B13/nope' is not in bcp195-rfc9325
                    """)
    void whatIsNoWaiverIsRefused(String content, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("w.json"), content.replace("RULE", FIRST));
        assertThatThrownBy(() -> Waivers.read(file, List.of(PROFILE)))
                .isInstanceOf(RecordFileException.class)
                .hasMessageStartingWith(file + message.replace("RULE", FIRST))
                .message()
                .hasLineCount(1);
    }

    @Test
    void filesThatAreNoTextAreRefused() throws IOException {
        Path latin1 = Files.write(directory.resolve("l.json"), "[\"é\"]".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Waivers.read(latin1, List.of(PROFILE))).hasMessage(latin1 + ": not UTF-8");
        Path none = directory.resolve("none.json");
        assertThatThrownBy(() -> Waivers.read(none, List.of(PROFILE))).hasMessage(none + ": no such file");
        assertThatThrownBy(() -> Waivers.read(directory, List.of(PROFILE))).hasMessageContaining("is a directory");
    }

    @Test
    void theSchemaOfWaiversSaysTheSame() throws IOException {
        try (InputStream in = Audit.class.getResourceAsStream("/org/dicomtls/interop/schema/waivers-1.json")) {
            var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
            var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
            String good = "[{\"rule\":\"" + FIRST + "\",\"reason\":\"r\",\"owner\":\"o\",\"until\":\"2027-03-31\"}]";
            assertThat(schema.validate(mapper.readTree(good))).isEmpty();
            for (String bad : List.of("{}", "[1]", good.replace("owner", "owners"), good.replace("\"r\"", "\" \""))) {
                assertThat(schema.validate(mapper.readTree(bad))).as(bad).isNotEmpty();
            }
        }
    }

    @Test
    void everyKindOfViolationHasARemedyInOneLine() {
        for (Profile profile : DicomProfiles.all()) {
            for (Rule rule : profile.rules()) {
                Remedy remedy = Remedy.of(rule);
                assertThat(remedy.toString()).as(rule.id()).endsWith(".").hasLineCount(1);
                assertThat(remedy.what()).as(rule.id()).doesNotEndWith(".");
                assertThat(remedy.steps()).as(rule.id()).extracting(Remedy.Step::software).doesNotHaveDuplicates();
            }
        }
        assertThat(Remedy.of(Rule.named("X/y")
                                .shall(Constraint.holds(Property.CLIENT_AUTHENTICATION_REQUIRED))
                                .states("s")
                                .because("b")
                                .cites(org.dicomtls.rule.Citation.decision("d"))
                                .build())
                        .toString())
                .contains("DCMTK: --require-peer-cert", "Orthanc: DicomTlsRemoteCertificateRequired")
                .contains("dcmTLSNeedClientAuth");
        assertThat(PROFILE.rules())
                .filteredOn(r -> r.strength() == Strength.SHALL
                        && r.constraint() instanceof Constraint.Permits<?> p
                        && p.dimension() == Dimension.VERSION)
                .allSatisfy(r -> assertThat(Remedy.of(r).toString()).contains("dcmTLSProtocol"));
    }
}
