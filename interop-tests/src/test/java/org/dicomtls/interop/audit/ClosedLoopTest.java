package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.dicomtls.transport.CannotEnforceException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A server that is built from the rules of a profile keeps them, as far as questions from outside can tell. */
class ClosedLoopTest {

    private static final TestPki PKI = TestPki.create(PkiOptions.defaults());

    @TestFactory
    Stream<DynamicTest> everyEnforceableProfileOnEveryEngine() {
        Presented presented = Presented.of(PKI);
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : DicomProfiles.all()) {
            if (profile.id().equals("basic") || profile.id().equals("aes")) {
                continue; // no engine of today can honour them
            }
            for (Engine engine : Engine.values()) {
                tests.add(DynamicTest.dynamicTest(
                        profile.id() + " on " + engine, () -> audit(profile, engine, presented)));
            }
        }
        return tests.stream();
    }

    private static void audit(Profile profile, Engine engine, Presented presented) throws Exception {
        DicomServer server;
        try {
            server = ReferenceServer.start(profile, engine, PKI);
        } catch (CannotEnforceException e) {
            assertThat(engine).as("only the JDK's engine lacks suites").isEqualTo(Engine.JDK);
            assertThat(profile.id()).as(e.getMessage()).isIn("bcp195-mod", "bcp195-mod-2023", "cryptrec-hs");
            return;
        }
        try {
            assertTimeout(Duration.ofSeconds(30), () -> {
                Target target = new Target("127.0.0.1", server.port(), Duration.ofSeconds(5), Duration.ZERO);
                Audit audit = Audit.of(target, profile, presented, Manner.DEFAULT);
                List<String> broken = audit.findings().stream()
                        .filter(f -> f.verdict() == Verdict.VIOLATED && f.rule().strength() == Strength.SHOULD)
                        .map(f -> f.rule().id() + ": " + f.actual())
                        .toList();
                assertThat(audit.open()).as("%s", words(audit.open())).isEmpty();
                assertThat(audit.conclusion()).isEqualTo(Conclusion.CONFORMANT);
            });
        } finally {
            server.close(Duration.ofMillis(200));
        }
    }

    private static String words(List<Finding> findings) {
        StringBuilder words = new StringBuilder();
        findings.forEach(f -> words.append(f.rule().id())
                .append(": expected ").append(f.expected())
                .append("; actual ").append(f.actual())
                .append("; ").append(f.evidence()).append('\n'));
        return words.toString();
    }
}
