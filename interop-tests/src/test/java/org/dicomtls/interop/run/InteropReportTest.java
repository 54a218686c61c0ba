package org.dicomtls.interop.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dicomtls.interop.peer.Presence;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/** What is not as predicted, not there or cannot be started is said in every report, with the words of both sides. */
class InteropReportTest {

    private static Interop run;

    @BeforeAll
    static void meet() throws Exception {
        run = InteropRun.of(
                List.of(DicomProfiles.BCP195_RFC9325),
                List.of(Engine.JDK),
                List.of(
                        new OddPeer("fine", Presence.installed("1.0"), OddPeer.Oddity.NOTHING),
                        new OddPeer("unknown", Presence.installed("1.1"), OddPeer.Oddity.UNKNOWN),
                        new OddPeer("wrong", Presence.installed("2.0"), OddPeer.Oddity.WRONG_MODEL),
                        new OddPeer("broken", Presence.installed("3.0"), OddPeer.Oddity.BROKEN),
                        new OddPeer("absent", Presence.missing("install the-odd-one"), OddPeer.Oddity.NOTHING)),
                InteropRun.Place.LOOPBACK,
                InteropRun.Progress.NONE);
    }

    private static InteropCell cell(String title) {
        return run.cells().stream().filter(c -> c.title().equals(title)).findFirst().orElseThrow();
    }

    @Test
    void aPeerWithARightModelIsAsPredicted() {
        assertThat(cell("fine/only → bcp195-rfc9325/jdk").agrees()).isTrue();
        assertThat(cell("bcp195-rfc9325/jdk → fine/only").agrees()).isTrue();
    }

    @Test
    void aPeerWithoutAModelIsMeasuredAndThenAsPredicted() {
        assertThat(cell("unknown/only → bcp195-rfc9325/jdk").agrees()).isTrue();
        assertThat(cell("bcp195-rfc9325/jdk → unknown/only").agrees()).isTrue();
        assertThat(run.peers().stream()
                        .filter(p -> p.id().equals("unknown"))
                        .flatMap(p -> p.configurations().get(0).models().values().stream())
                        .map(Interop.Model::measured))
                .containsExactly(true, true);
    }

    @Test
    void aPeerWithAWrongModelIsAMismatchWithTheWordsOfBothSides() {
        InteropCell cell = cell("wrong/only → bcp195-rfc9325/jdk");
        assertThat(cell.agrees()).isFalse();
        assertThat(cell.predicted().toString()).startsWith("TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        assertThat(cell.observedWords())
                .isEqualTo("TLSv1.3 TLS_AES_256_GCM_SHA384 x25519, C-ECHO 0000, C-STORE with identical pixels");
        assertThat(cell.logs().own()).anyMatch(line -> line.startsWith("association from PEER-SCU, TLSv1.3"));
    }

    @Test
    void aPeerThatCannotBeStartedIsAMismatchThatSaysWhy() {
        InteropCell cell = cell("bcp195-rfc9325/jdk → broken/only");
        assertThat(cell.agrees()).isFalse();
        assertThat(cell.observedWords()).isEqualTo("refused: not run: it has no licence");
        assertThat(cell.logs().peer()).containsExactly("[31m<img src=x> no licence");
    }

    @ParameterizedTest
    @CsvSource({
        "FAULTY, refused: not run: the peer's own code failed: java.lang.IllegalStateException: a defect",
        "HANGING, refused: not run: the peer did not return within 4 s"
    })
    void codeOfALabThatFailsOrHangsIsAMismatchOfItsOwn(OddPeer.Oddity oddity, String words) throws Exception {
        Interop odd = InteropRun.of(
                List.of(DicomProfiles.BCP195_RFC9325),
                List.of(Engine.JDK),
                List.of(new OddPeer("odd", Presence.installed("1"), oddity)),
                new InteropRun.Place(Optional.empty(), "localhost", Duration.ofSeconds(1)),
                InteropRun.Progress.NONE);
        assertThat(odd.cells().stream().filter(c -> c.role() == Role.SERVER).map(InteropCell::observedWords))
                .containsExactly(words);
        assertThat(odd.disagreeing()).hasSizeGreaterThanOrEqualTo(1);
    }

    @Test
    void theTextNamesMismatchesLogsAndPeersThatAreNotThere() {
        List<String> lines = InteropText.lines(run, 120);
        assertThat(lines)
                .contains(
                        "2 NOT as predicted:",
                        "  bcp195-rfc9325/jdk → broken/only: predicted refused: the peer was not run, so nothing was predicted;"
                                + " observed refused: not run: it has no licence",
                        "    broken: [31m<img src=x> no licence",
                        "skipped: The odd one: install the-odd-one")
                .anyMatch(line -> line.matches("wrong/only +1\\.3\\+!"))
                .anyMatch(line -> line.matches("fine/only +1\\.3\\+"));
    }

    @Test
    void theJsonHasTheLogsOfMismatchesOnlyAndKeepsItsSchema() throws Exception {
        JsonNode json = new ObjectMapper().readTree(run.json().toString());
        try (InputStream schema = Interop.class.getResourceAsStream("/org/dicomtls/interop/schema/interop-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema).validate(json))
                    .isEmpty();
        }
        assertThat(json.path("skipped").path(0).path("remedy").asText()).isEqualTo("install the-odd-one");
        assertThat(StreamSupport.stream(json.path("cells").spliterator(), false)
                        .filter(c -> c.has("logs"))
                        .map(c -> c.path("peer").path("id").asText()))
                .containsExactlyInAnyOrder("wrong", "broken");
    }

    @Test
    void nothingThatAPeerSaysBecomesMarkup() {
        String page = InteropPage.of(run);
        for (String absent : List.of("<script", "<img")) {
            assertThat(page.contains(absent)).as(absent).isFalse();
        }
        for (String present : List.of(
                "&lt;img src=x&gt; no licence", "2 NOT as predicted:", "What broken said", "Skipped: The odd one: install the-odd-one")) {
            assertThat(page.contains(present)).as(present).isTrue();
        }
    }

    @Test
    void theJUnitXmlFailsForMismatchesAndSkipsWhatIsNotThere() throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(InteropJUnit.of(run).getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertThat(List.of(suite.getAttribute("tests"), suite.getAttribute("failures"), suite.getAttribute("skipped")))
                .containsExactly("9", "2", "1");
        assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(2);
        assertThat(((Element) suite.getElementsByTagName("skipped").item(0)).getAttribute("message"))
                .isEqualTo("skipped: install the-odd-one");
    }
}
