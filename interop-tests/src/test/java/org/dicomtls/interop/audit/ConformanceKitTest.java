package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dicomtls.interop.kit.ServerUnderTest.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.kit.ConformanceTests;
import org.dicomtls.interop.kit.ServerUnderTest;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.Identity;
import org.dicomtls.wire.Extensions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** The kit as a user of it sees it: which tests pass, fail and are aborted. */
@Timeout(60)
class ConformanceKitTest {

    private static final Profile PROFILE = DicomProfiles.BCP195_RFC9325;
    private static final String EMS = "RFC9325/extended-master-secret";
    private static final TestPki PKI = TestPki.create(PkiOptions.ecdsaOnly());

    @TempDir
    private static Path directory;

    private static DicomServer honest;

    @BeforeAll
    static void start() throws IOException {
        honest = ReferenceServer.start(PROFILE, Engine.JDK, PKI);
        PKI.write(directory.resolve("pki"));
    }

    @AfterAll
    static void stop() {
        honest.close();
    }

    private static ServerUnderTest honestServer() {
        return server("127.0.0.1", honest.port()).presenting(directory.resolve("pki"));
    }

    /** As a user writes it, run by JUnit itself. */
    @TestFactory
    Stream<DynamicTest> theReferenceServerConforms() {
        return ConformanceTests.of(PROFILE, honestServer().trusting(directory.resolve("pki/ca.pem")));
    }

    /** What became of each test, by rule: nothing when it passed. */
    private static Map<String, Throwable> run(Stream<DynamicTest> tests) {
        Map<String, Throwable> outcomes = new LinkedHashMap<>();
        tests.forEach(test -> {
            String rule = test.getDisplayName().substring(0, test.getDisplayName().indexOf(": "));
            assertThat(test.getTestSourceUri()).as(rule).isPresent();
            try {
                test.getExecutable().execute();
                outcomes.put(rule, null);
            } catch (Throwable e) {
                outcomes.put(rule, e);
            }
        });
        return outcomes;
    }

    private static List<String> failed(Map<String, Throwable> outcomes) {
        List<String> failed = new ArrayList<>();
        outcomes.forEach((rule, e) -> {
            if (e != null && !(e instanceof TestAbortedException)) {
                failed.add(rule);
            }
        });
        return failed;
    }

    private static RewritingProxy withoutExtendedMasterSecret() throws IOException {
        return new RewritingProxy(
                honest.port(),
                body -> RewritingProxy.without(body, Extensions.EXTENDED_MASTER_SECRET),
                UnaryOperator.identity());
    }

    private static ServerUnderTest behind(RewritingProxy proxy) {
        return server("127.0.0.1", proxy.port())
                .presenting(Identity.of(PKI.good(Role.CLIENT).stream()
                        .map(c -> new Identity.Entry(c.key(), c.chain()))
                        .toList()));
    }

    @Test
    void everyRuleHasATestAndNoneOfTheReferenceServersFails() {
        Map<String, Throwable> outcomes = run(ConformanceTests.of(PROFILE, honestServer()));
        assertThat(outcomes.keySet()).containsExactlyElementsOf(
                PROFILE.rules().stream().map(org.dicomtls.rule.Rule::id).toList());
        assertThat(failed(outcomes)).isEmpty();
        assertThat(outcomes.get(EMS)).isNull();
        assertThat(outcomes.get("B12/port-2762")).isInstanceOf(TestAbortedException.class)
                .hasMessageStartingWith("a recommendation that is not followed");
    }

    /** What the reference server does not keep: it speaks TLS 1.2, too. */
    private static final Profile STRICTER =
            PROFILE.derive("ours").versions(TlsVersion.TLS_1_3).build();

    @Test
    void aBrokenRuleFailsAloneAndSaysWhatWasExpected() {
        Map<String, Throwable> outcomes = run(ConformanceTests.of(STRICTER, honestServer()));
        assertThat(failed(outcomes)).containsExactly("ours/versions");
        AssertionFailedError error = (AssertionFailedError) outcomes.get("ours/versions");
        assertThat(error)
                .hasMessageStartingWith("ours/versions (dicom-tls derived profile ours) is broken: ")
                .hasMessageContaining("\n  expected: only TLSv1.3\n  actual:   also TLSv1.2\n  evidence: ")
                .hasMessageContaining("\n  remedy:   ");
        assertThat(error.getExpected().getStringRepresentation()).isEqualTo("only TLSv1.3");
        assertThat(error.getActual().getStringRepresentation()).isEqualTo("also TLSv1.2");
    }

    @Test
    void whatIsBrokenAndWhatCannotBeSeenForItBothFail() throws Exception {
        // A hello that was changed on its way ends the handshake, so that tickets are never seen.
        try (RewritingProxy proxy = withoutExtendedMasterSecret()) {
            Map<String, Throwable> outcomes = run(ConformanceTests.of(PROFILE, behind(proxy)));
            for (String rule : failed(outcomes)) {
                assertThat(outcomes.get(rule))
                        .hasMessageContaining(rule.equals(EMS) ? " is broken: " : " is undetermined, and not observed");
            }
            assertThat(failed(outcomes)).contains(EMS);
        }
    }

    @Test
    void aWaivedRuleIsAbortedAndAnExpiredWaiverIsNot() throws Exception {
        Path file = Files.writeString(
                directory.resolve("waivers.json"),
                "[{\"rule\":\"ours/versions\",\"reason\":\"replaced in spring\",\"owner\":\"radiology IT\"}]");
        Map<String, Throwable> waived = run(ConformanceTests.of(STRICTER, honestServer().waiving(file)));
        assertThat(failed(waived)).isEmpty();
        assertThat(waived.get("ours/versions"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("violated, waived by radiology IT: replaced in spring; actual: also TLSv1.2");
        Waiver ended = new Waiver("ours/versions", "r", "o", Optional.of(LocalDate.of(2020, 1, 1)));
        Map<String, Throwable> expired = run(ConformanceTests.of(STRICTER, honestServer().waiving(ended)));
        assertThat(failed(expired)).containsExactly("ours/versions");
        assertThat(expired.get("ours/versions")).hasMessageContaining("(its waiver ended on 2020-01-01)");
    }

    @Test
    void whatADerivedProfileSetsAsideIsAborted() {
        Profile ours = PROFILE.derive("ours").waive("B12/port-2762", "another port", "us").build();
        assertThat(run(ConformanceTests.of(ours, honestServer())).get("B12/port-2762"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("set aside by profile ours, waived by us: another port");
    }

    @Test
    void nobodyThereFailsOnce() throws IOException {
        int port = Ports.free();
        Map<String, Throwable> outcomes =
                run(ConformanceTests.of(PROFILE, server("127.0.0.1", port).timeout(Duration.ofSeconds(1)).gently()));
        assertThat(failed(outcomes)).hasSize(1);
        assertThat(outcomes.get(failed(outcomes).get(0)))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageStartingWith("127.0.0.1:" + port + " was not audited: ");
        assertThat(outcomes.values()).allMatch(e -> e != null);
    }

    @Test
    void aServerThatNeverAnswersIsUndeterminedAndFails() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            Map<String, Throwable> outcomes = run(ConformanceTests.of(
                    PROFILE, server("127.0.0.1", silent.getLocalPort()).timeout(Duration.ofMillis(100))));
            assertThat(outcomes.get(EMS)).isInstanceOf(AssertionFailedError.class)
                    .hasMessageContaining("is undetermined, and not observed is never conforms");
        }
    }

    @Test
    void theSurveyIsOneForAllTestsAndTheFirstOfThemStartsIt() throws Exception {
        List<Integer> asked = new ArrayList<>();
        try (RewritingProxy proxy = new RewritingProxy(honest.port(), body -> {
            synchronized (asked) {
                asked.add(1);
            }
            return body;
        }, UnaryOperator.identity())) {
            List<DynamicTest> tests = ConformanceTests.of(PROFILE, server("127.0.0.1", proxy.port())).toList();
            assertThat(asked).isEmpty();
            run(tests.stream());
            int once = asked.size();
            assertThat(once).isPositive();
            run(tests.stream());
            assertThat(asked).hasSize(once);
        }
    }

    @Test
    void aFileThatCannotBeUsedFailsOnceAndIsNamed() {
        Path none = directory.resolve("none.json");
        Map<String, Throwable> outcomes = run(ConformanceTests.of(PROFILE, honestServer().waiving(none)));
        assertThat(failed(outcomes)).hasSize(1);
        assertThat(outcomes.get(failed(outcomes).get(0))).hasMessageContaining(none + ": no such file");
    }
}
