package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Verdict;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;

/** The reports of an audit: well-formed, escaped, and of the shape that is promised. */
class AuditReportsTest {

    private static final String MARKUP = "CN=<script>alert('x')</script>&\"";

    private static Survey survey(Facts.Builder builder, Map<Object, String> absent) {
        Facts facts = builder.build();
        return new Survey(facts, facts, absent, Map.of(), List.of(), 1, 2, false);
    }

    private static Audit audit() {
        return Audit.of(
                "pacs<b>:2762",
                DicomProfiles.BCP195_RFC9325,
                survey(
                        Facts.of(Role.SERVER)
                                .supportsExactly(Dimension.VERSION, List.of(TlsVersion.TLS_1_0))
                                .evidence(Dimension.VERSION, MARKUP)
                                .condition(Condition.TLS_1_2, false),
                        Map.of(Metric.EC_CERTIFICATE_BITS, "no such certificate")));
    }

    @Test
    void jsonKeepsItsSchema() throws Exception {
        try (InputStream schema = Audit.class.getResourceAsStream("/org/dicomtls/interop/schema/audit-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(audit().json()))
                    .isEmpty();
        }
    }

    @Test
    void markupOfAServerStaysText() {
        String page = AuditPage.of(audit());
        assertThat(page).contains("&lt;script&gt;").doesNotContain("<script").doesNotContain("pacs<b>");
    }

    @Test
    void junitHasATestCaseARule() throws Exception {
        Audit audit = audit();
        var document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(AuditJUnit.of(audit).getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(audit.findings().size());
        assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(audit.broken().size());
    }

    @Test
    void whatIsNotObservedNeverConforms() {
        Audit nothing = Audit.of("x:1", DicomProfiles.BCP195_MODIFIED, survey(Facts.of(Role.SERVER), Map.of()));
        assertThat(nothing.conclusion()).isEqualTo(Conclusion.UNDETERMINED);
        assertThat(nothing.counts().get(Verdict.SATISFIED)).isZero();
        assertThat(audit().conclusion()).isEqualTo(Conclusion.NON_CONFORMANT);
    }

    @Test
    void aRuleAboutWhatIsAbsentDoesNotApply() {
        assertThat(audit().findings())
                .anyMatch(f -> f.rule().id().equals("RFC9325/ec-certificate-224")
                        && f.verdict() == Verdict.NOT_APPLICABLE
                        && f.actual().equals("no such certificate"));
    }

    @Test
    void theTextNamesWhatIsBrokenFirst() {
        List<String> lines = AuditText.lines(audit(), true, 100);
        assertThat(lines.get(0)).contains("non-conformant");
        assertThat(lines).anyMatch(line -> line.contains("VIOLATED SHALL RFC9325/tls10-forbidden"));
        assertThat(lines).anyMatch(line -> line.contains("remedy:"));
    }
}
