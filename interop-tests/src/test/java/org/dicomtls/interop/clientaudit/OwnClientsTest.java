package org.dicomtls.interop.clientaudit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.Conclusion;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.transport.CannotEnforceException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** A client that is built from the rules of a profile keeps them, whatever a server does to it. */
@Timeout(300)
class OwnClientsTest {

    private static final TestPki PKI = TestPki.create(PkiOptions.defaults());

    /** The engine tells every refusal with a stack trace, and there are hundreds of them; kept, or it would be forgotten. */
    private static final Logger ENGINE = Logger.getLogger("org.bouncycastle.jsse");

    /** No engine of today can honour these. */
    private static final Set<Profile> NOT_ENFORCEABLE = Set.of(DicomProfiles.BASIC, DicomProfiles.AES);

    /** These demand no more of a server's hello and of its name than BCP 195 did before RFC 9325. */
    private static final Set<Profile> LENIENT = Set.of(
            DicomProfiles.BCP195, DicomProfiles.BCP195_NON_DOWNGRADING, DicomProfiles.BCP195_EXTENDED,
            DicomProfiles.BCP195_RFC8996, DicomProfiles.BCP195_MODIFIED_2023, DicomProfiles.IHE_TLS12_FLOOR);

    /** These name the curves that certificates may have. */
    private static final Set<Profile> CURVES_NAMED = Set.of(
            DicomProfiles.BCP195_MODIFIED_2023, DicomProfiles.BCP195_MODIFIED, DicomProfiles.CRYPTREC_HIGH_SECURITY);

    /** Whether an engine tries if a modulus is prime is left out: no rule is about it. */
    private static final String NO_RULE = "C24-composite";

    @BeforeAll
    static void quiet() {
        ENGINE.setLevel(Level.SEVERE);
    }

    @TestFactory
    Stream<DynamicTest> everyProfileOnEveryEngine() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : DicomProfiles.all()) {
            for (Engine engine : Engine.values()) {
                String name = profile.id() + " on " + engine;
                tests.add(
                        NOT_ENFORCEABLE.contains(profile)
                                ? DynamicTest.dynamicTest(name + ": cannot be enforced", () -> isDenied(profile, engine))
                                : DynamicTest.dynamicTest(name + ": conformant", () -> keeps(profile, engine)));
            }
        }
        return tests.stream();
    }

    private static void isDenied(Profile profile, Engine engine) {
        assertThatThrownBy(() -> OwnClient.of(profile, engine, PKI))
                .isInstanceOf(CannotEnforceException.class)
                .hasMessageContaining("engine " + engine)
                .hasMessageContaining("/tls10-supported");
    }

    private static void keeps(Profile profile, Engine engine) throws Exception {
        OwnClient client = OwnClient.of(profile, engine, PKI);
        ClientAudits.Result result = ClientAudits.of(profile, Identities.of(PKI), "localhost", client);
        Set<String> noted = new TreeSet<>(result.notes());
        noted.remove(NO_RULE);
        assertThat(result.done()).as(result::words).isTrue();
        assertThat(result.broken()).as(result::words).isEmpty();
        assertThat(result.open()).as(result::words).isEmpty();
        assertThat(result.audit().conclusion()).isEqualTo(Conclusion.CONFORMANT);
        assertThat(result.advice()).as("recommendations not followed; %s", result.words()).isEmpty();
        assertThat(noted).as(result::words).isEqualTo(noted(profile, engine));
        assertThat(result.lines()).as("nothing was taken for something else").noneMatch(line -> line.startsWith("from "));
    }

    /** Where the client goes on, and no rule of the profile says that it must not. */
    private static Set<String> noted(Profile profile, Engine engine) {
        Set<String> noted = ClientAudits.set("C30-revoked");
        if (LENIENT.contains(profile)) {
            noted.addAll(ClientAudits.set("C19 C21 C29-wrong-host C29-common-name-only C29-wildcard-partial"
                    + " C29-wildcard-double C29-wildcard-inner"));
        }
        if (engine == Engine.JDK) {
            noted.add("C27-truncated-hmac");
        } else if (!CURVES_NAMED.contains(profile)) {
            noted.add("C28-p-224");
        }
        return noted;
    }
}
