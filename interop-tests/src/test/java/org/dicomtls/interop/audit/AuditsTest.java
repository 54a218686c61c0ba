package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;

/** The reports of many audits, put together from pieces. */
class AuditsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Node> NODES = List.of(
            new Node("PACS", "pacs.example", 2762, DicomProfiles.BCP195_RFC9325),
            new Node("<b>CT</b>", "::1", 104, DicomProfiles.BCP195_NON_DOWNGRADING),
            new Node("US", "us.example", 2762, DicomProfiles.BCP195_RFC9325));

    private static Acceptance acceptance(Node node) {
        Facts facts = Facts.of(Role.SERVER)
                .supportsExactly(Dimension.VERSION, List.of(TlsVersion.TLS_1_0))
                .evidence(Dimension.VERSION, "<script>")
                .build();
        Survey survey = new Survey(facts, facts, Map.of(), Map.of(), List.of("<em>"), 7, 8, false);
        return Acceptance.of(Audit.of(node.target(), node.profile(), survey));
    }

    private static Audits audits() throws IOException {
        Audits audits = new Audits(NODES, EnumSet.allOf(Audits.Part.class));
        audits.audited(2, acceptance(NODES.get(2)), 5);
        audits.unreachable(1, "[::1]:104: <i>refused</i>", 0, 3);
        audits.audited(0, acceptance(NODES.get(0)), 4);
        return audits;
    }

    @Test
    void jsonKeepsItsSchemaAndTheOrderOfTheList() throws IOException {
        StringWriter out = new StringWriter();
        try (Audits audits = audits()) {
            audits.json(out);
        }
        JsonNode json = JSON.readTree(out.toString());
        try (InputStream schema = Audit.class.getResourceAsStream("/org/dicomtls/interop/schema/audits-1.json")) {
            var known = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
            assertThat(known.validate(json)).isEmpty();
            // The schema of the reports inside is looked at, too.
            JsonNode wrong = JSON.readTree(out.toString().replace("\"VIOLATED\"", "\"ILL\""));
            assertThat(known.validate(wrong)).isNotEmpty();
        }
        assertThat(out.toString()).endsWith("}\n").startsWith("{\n  \"schema\" : \"dicom-tls/audits/1\",");
        assertThat(json.path("audits"))
                .extracting(a -> a.path("aeTitle").asText())
                .containsExactly("PACS", "<b>CT</b>", "US");
        assertThat(json.path("audits").get(0).path("report").path("target").asText()).isEqualTo("pacs.example:2762");
        assertThat(json.path("audits").get(1).path("unreachable").asText()).contains("refused");
    }

    @Test
    void theSchemaOfOneAuditIsTheSameInBoth() throws IOException {
        try (InputStream many = Audit.class.getResourceAsStream("/org/dicomtls/interop/schema/audits-1.json");
                InputStream one = Audit.class.getResourceAsStream("/org/dicomtls/interop/schema/audit-1.json")) {
            assertThat(JSON.readTree(many).path("$defs").path("audit-1")).isEqualTo(JSON.readTree(one));
        }
    }

    @Test
    void thePageLinksToAPartForEachNodeAndEscapes() throws IOException {
        StringWriter out = new StringWriter();
        try (Audits audits = audits()) {
            audits.html(out);
        }
        assertThat(out.toString())
                .contains("href=\"#node-1\"", "id=\"node-1\"", "href=\"#node-3\"", "id=\"node-3\"")
                .contains("&lt;b&gt;CT", "&lt;em&gt;")
                .doesNotContain("<script", "<b>", "<i>", "<em>")
                .endsWith("</html>");
    }

    @Test
    void junitHasASuiteANode() throws Exception {
        StringWriter out = new StringWriter();
        try (Audits audits = audits()) {
            audits.junit(out);
        }
        var document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("testsuites");
        assertThat(document.getElementsByTagName("testsuite").getLength()).isEqualTo(3);
        assertThat(document.getElementsByTagName("error").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("failure").getLength()).isPositive();
    }

    @Test
    void theTableNamesEachNodeAndTheTotals() throws IOException {
        try (Audits audits = audits()) {
            OnRecord record = new OnRecord(
                    List.of(new Waiver("RFC9325/ssl2-forbidden", "r", "o", Optional.of(LocalDate.of(2020, 1, 1)))),
                    Optional.empty(),
                    LocalDate.of(2026, 11, 23));
            List<String> lines = AuditsText.lines(audits.outcomes(), record, 120);
            assertThat(lines.get(0)).startsWith("AE title ");
            assertThat(lines).anyMatch(l -> l.matches("PACS +pacs\\.example:2762 +bcp195-rfc9325 +non-conformant .*"));
            assertThat(lines).anyMatch(l -> l.contains("<b>CT</b> [::1]:104 bcp195-nd: [::1]:104: <i>refused</i>"));
            assertThat(lines).anyMatch(l -> l.contains("RFC9325/ssl2-forbidden: ended on 2020-01-01"));
            assertThat(lines.get(lines.size() - 1))
                    .isEqualTo("3 nodes: 0 conformant, 2 non-conformant, 0 undetermined, 1 unreachable.");
        }
    }
}
