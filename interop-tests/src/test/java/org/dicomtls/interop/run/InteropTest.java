package org.dicomtls.interop.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.interop.peer.Peers;
import org.dicomtls.interop.run.InteropCell.Store;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every enforceable profile with every peer that is installed, in both roles and on both engines. */
class InteropTest {

    private static Interop run;

    @BeforeAll
    static void meet() throws Exception {
        run = InteropRun.of(
                Matrix.enforceable(), List.of(Engine.values()), Peers.known(), InteropRun.Place.LOOPBACK,
                InteropRun.Progress.NONE);
    }

    @TestFactory
    Stream<DynamicTest> everyCellIsAsPredicted() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Interop.Present peer : run.peers()) {
            for (Interop.Setting setting : peer.configurations()) {
                for (Role role : setting.models().keySet()) {
                    String name = peer.title() + " " + peer.version() + ", " + setting.id() + " as " + role.title();
                    tests.add(DynamicTest.dynamicTest(name + ": as predicted with every profile", () -> {
                        List<InteropCell> cells = run.cells().stream()
                                .filter(c -> c.peer().equals(peer.id())
                                        && c.configuration().equals(setting.id())
                                        && c.role() == role.other())
                                .toList();
                        assertThat(cells).hasSize(run.profiles().size() * Engine.values().length);
                        assertThat(cells.stream().filter(c -> !c.agrees()).map(InteropTest::words)).isEmpty();
                    }));
                }
            }
        }
        run.skipped().forEach(peer -> tests.add(
                DynamicTest.dynamicTest(
                        peer.title(), () -> assumeTrue(false, "skipped: " + peer.title() + ": " + peer.remedy()))));
        return tests.stream();
    }

    private static String words(InteropCell cell) {
        return cell.title() + ": predicted " + cell.predicted() + "; observed " + cell.observedWords() + "\n  we: "
                + String.join("\n  we: ", cell.logs().own()) + "\n  they: " + String.join("\n  they: ", cell.logs().peer());
    }

    @Test
    void nothingCameOutOtherwise() {
        assertThat(run.disagreeing().stream().map(InteropTest::words)).isEmpty();
    }

    /** DCMTK, Orthanc, PixelMed, OpenSSL and JSSE in both roles, GnuTLS as a client. */
    @Test
    void everyStoringPeerKeptIdenticalPixels() {
        for (Interop.Present peer : run.peers()) {
            List<Role> stored = run.cells().stream()
                    .filter(c -> c.peer().equals(peer.id()) && c.store().outcome() == Store.Outcome.IDENTICAL)
                    .map(c -> c.role().other())
                    .distinct()
                    .toList();
            List<Role> expected = peer.id().equals("gnutls") ? List.of(Role.CLIENT) : List.of(Role.values());
            assertThat(stored).as(peer.title()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void bothVersionsAndBothEnginesAreAmongTheEstablished() {
        assertThat(run.cells().stream()
                        .filter(c -> c.observed().established())
                        .map(c -> c.own().engine() + " " + c.role() + " " + c.observed().version().orElseThrow())
                        .collect(Collectors.toSet()))
                .hasSize(8);
    }

    @Test
    void theJsonKeepsItsSchema() throws Exception {
        try (InputStream schema = Interop.class.getResourceAsStream("/org/dicomtls/interop/schema/interop-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(new ObjectMapper().readTree(run.json().toString())))
                    .isEmpty();
        }
    }

    @Test
    void thePageSaysTheOutcomeInWordsAndHasNoScript() {
        String page = InteropPage.of(run);
        for (String present : List.of("All of them as predicted.", "default-src &#x27;none&#x27;", "jsse/ecdsa")) {
            assertThat(page.contains(present)).as(present).isTrue();
        }
        for (String absent : List.of("<script", "<img", "<link", "http://", "https://", "javascript:")) {
            assertThat(page.contains(absent)).as(absent).isFalse();
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).map(ProcessHandle::info)).isEmpty();
        try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            String ours = "dicom-tls-interop-" + ProcessHandle.current().pid() + "-";
            assertThat(left.filter(path -> path.getFileName().toString().startsWith(ours))).isEmpty();
        }
    }
}
