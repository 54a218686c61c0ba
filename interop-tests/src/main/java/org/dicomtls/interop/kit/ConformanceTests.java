package org.dicomtls.interop.kit;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Waiver;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * A server or a client held against a profile, as dynamic tests of JUnit 5, one a rule. In a method with {@code TestFactory} that
 * returns {@code Stream<DynamicTest>}:
 *
 * <pre>{@code
 * return ConformanceTests.of(DicomProfiles.BCP195_RFC9325, server("localhost", port).presenting(identity));
 * return ConformanceTests.of(DicomProfiles.BCP195_RFC9325, client(pki, (host, port) -> ourModality.echo(host, port)));
 * }</pre>
 */
public final class ConformanceTests {

    private static final int LONGEST_STATEMENT = 100;

    private ConformanceTests() {}

    /**
     * A test for every rule of the profile. The end is audited once, when the first of them runs.
     *
     * <p>A rule that holds passes. A broken SHALL fails, and so does a SHALL that questions can decide and that stayed
     * open: what was not observed does not conform. Aborted, with the reason, is what does not apply, what is for a person
     * to confirm, a recommendation that is not followed, and what is waived. When the end cannot be reached, or a
     * file cannot be used, one test fails and says so, and the others are aborted.
     */
    public static Stream<DynamicTest> of(Profile profile, EndUnderTest end) {
        Asking asking = new Asking(profile, end);
        return profile.rules().stream()
                .map(rule -> DynamicTest.dynamicTest(name(rule), ClauseUri.of(rule.citation()), () -> judge(rule, asking)));
    }

    private static String name(Rule rule) {
        String statement = rule.statement();
        if (statement.length() > LONGEST_STATEMENT) {
            int end = statement.lastIndexOf(' ', LONGEST_STATEMENT);
            statement = statement.substring(0, end > 0 ? end : LONGEST_STATEMENT) + " …";
        }
        return rule.id() + ": " + statement;
    }

    /** The audit, made once. */
    private static final class Asking {
        private final Profile profile;
        private final EndUnderTest end;
        private Acceptance acceptance;
        private String failure;

        Asking(Profile profile, EndUnderTest end) {
            this.profile = profile;
            this.end = end;
        }

        synchronized Acceptance acceptance() {
            if (failure != null) {
                throw new TestAbortedException("not asked, see the test that failed: " + failure);
            }
            if (acceptance == null) {
                try {
                    acceptance = end.ask(profile);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    failure = "interrupted while " + end + " was asked";
                } catch (IOException | RuntimeException e) {
                    failure = end + " was not audited: " + e.getMessage();
                    throw new AssertionFailedError(failure, e);
                }
                if (failure != null) {
                    throw new AssertionFailedError(failure);
                }
            }
            return acceptance;
        }
    }

    private static void judge(Rule rule, Asking asking) {
        Optional<Waiver> setAside = asking.profile.waivers().stream()
                .filter(w -> w.rule().equals(rule.id()) && w.holdsOn(LocalDate.now()))
                .findFirst();
        if (setAside.isPresent()) {
            throw new TestAbortedException("set aside by profile " + asking.profile.id() + ", "
                    + Acceptance.words(setAside.get()));
        }
        Acceptance acceptance = asking.acceptance();
        Finding finding = acceptance.audit().findings().stream()
                .filter(f -> f.rule().id().equals(rule.id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no finding for rule " + rule.id()));
        switch (finding.verdict()) {
            case SATISFIED -> {
                // That is all there is to say.
            }
            case NOT_APPLICABLE -> throw new TestAbortedException("not applicable: " + finding.actual());
            case INCONCLUSIVE -> inconclusive(acceptance.audit(), finding);
            case VIOLATED -> violated(acceptance, finding);
        }
    }

    private static void inconclusive(Audit audit, Finding finding) {
        if (finding.rule().strength() != Strength.SHALL) {
            throw new TestAbortedException("undetermined, and not a SHALL: " + finding.actual());
        }
        if (!Audit.decidedOnTheWire(finding.rule(), audit.role())) {
            throw new TestAbortedException("for a person to confirm: " + finding.expected());
        }
        throw failure("undetermined, and not observed is never conforms", audit, finding);
    }

    private static void violated(Acceptance acceptance, Finding finding) {
        Optional<Waiver> waiver = acceptance.waiver(finding);
        if (waiver.isPresent()) {
            throw new TestAbortedException(
                    "violated, " + Acceptance.words(waiver.get()) + "; actual: " + finding.actual());
        }
        if (!finding.breaksConformance()) {
            boolean may = finding.rule().strength() == Strength.MAY;
            throw new TestAbortedException((may ? "an option that is not taken" : "a recommendation that is not followed")
                    + ": expected " + finding.expected() + "; actual: " + finding.actual());
        }
        throw failure("broken" + expired(acceptance, finding), acceptance.audit(), finding);
    }

    private static String expired(Acceptance acceptance, Finding finding) {
        return acceptance.expired().stream()
                .filter(w -> w.rule().equals(finding.rule().id()))
                .findFirst()
                .map(w -> " (its waiver ended on " + w.until().map(Object::toString).orElse("") + ")")
                .orElse("");
    }

    private static AssertionFailedError failure(String what, Audit audit, Finding finding) {
        StringBuilder message = new StringBuilder(finding.rule().id() + " (" + finding.rule().clause() + ") is " + what
                + ": " + finding.rule().statement());
        message.append("\n  expected: ").append(finding.expected());
        message.append("\n  actual:   ").append(finding.actual());
        finding.evidence().forEach(one -> message.append("\n  evidence: ").append(one));
        audit.advice(finding).ifPresent(remedy -> message.append("\n  remedy:   ").append(remedy));
        return new AssertionFailedError(message.toString(), finding.expected(), finding.actual());
    }
}
