package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;
import org.dicomtls.rule.Citation;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A transport is built only if the engine and the keys can keep the profile; otherwise it is said what cannot be kept. */
class BuildTest {

    private static final CipherSuite CCM = CipherSuite.TLS_AES_128_CCM_SHA256;

    /** A server shall support a CCM suite, which the JDK's engine does not have. */
    private static Profile ccm(Subject subject) {
        List<Rule> rules = new java.util.ArrayList<>(TestProfiles.WIDE.rules());
        rules.removeIf(r -> r.id().equals("TEST/suites13"));
        rules.add(Rule.named("TEST/ccm")
                .shall(Constraint.requiresAll(Dimension.SUITE_TLS13, List.of(CCM, CipherSuite.TLS_AES_256_GCM_SHA384)))
                .subject(subject)
                .states("For tests.")
                .because("For tests.")
                .cites(Citation.text("Test", "§1"))
                .build());
        return Profile.of("test-ccm", "for tests", "none", Profile.State.DERIVED, List.of(), "for tests", rules);
    }

    @Test
    void theJdkIsRefusedForAServerThatShallSupportCcm() {
        CannotEnforceException e = catchThrowableOfType(
                CannotEnforceException.class,
                () -> Transports.serverOf(Engine.JDK, ccm(Subject.SERVER)).role(Role.SERVER).build());
        assertThat(e.rules()).extracting(Rule::id).containsExactly("TEST/ccm");
        assertThat(e)
                .hasMessage("engine jdk on JDK " + Runtime.version().feature()
                        + " cannot honour profile test-ccm as server: TEST/ccm (Test §1; expected all of"
                        + " TLS_AES_128_CCM_SHA256, TLS_AES_256_GCM_SHA384; without TLS_AES_128_CCM_SHA256)");
    }

    @Test
    void withoutARoleBothAreAskedFor() {
        assertThat(catchThrowableOfType(
                        CannotEnforceException.class,
                        () -> Transports.serverOf(Engine.JDK, ccm(Subject.SERVER)).build()))
                .hasMessageContaining("as client and server: TEST/ccm");
    }

    @Test
    void theJdkServesAClientOfTheSameProfile() {
        assertThat(Transports.clientOf(Engine.JDK, ccm(Subject.SERVER))
                        .role(Role.CLIENT)
                        .build()
                        .partialClaim())
                .isEmpty();
    }

    /** What the profile demands of servers was not asked of the engine, so its context serves none. */
    @Test
    void aTransportOfOneRoleTakesNoOther() throws Exception {
        SecureTransport client = Transports.clientOf(Engine.JDK, ccm(Subject.SERVER)).role(Role.CLIENT).build();
        assertThat(catchThrowableOfType(
                        SocketException.class,
                        () -> client.sslContext().getServerSocketFactory().createServerSocket(0)))
                .hasMessageContaining("built for the role client alone");
        SSLEngine listening = client.sslContext().createSSLEngine();
        listening.setUseClientMode(false);
        assertThat(catchThrowableOfType(SSLException.class, listening::beginHandshake))
                .hasMessageContaining("built for the role client");
        SecureTransport server = Transports.serverOf(Engine.JDK, TestProfiles.WIDE).role(Role.SERVER).build();
        SSLEngine calling = server.sslContext().createSSLEngine();
        calling.setUseClientMode(true);
        assertThat(catchThrowableOfType(SSLException.class, calling::beginHandshake))
                .hasMessageContaining("built for the role server");
    }

    @Test
    void bouncyCastleServesTheServer() {
        SecureTransport transport = Transports.serverOf(Engine.BC, ccm(Subject.SERVER)).build();
        assertThat(transport.usable().suites()).contains(CCM);
        assertThat(transport.partialClaim()).isEmpty();
    }

    @Test
    void withoutAnEngineTheFirstThatCanIsTaken() {
        assertThat(SecureTransport.of(ccm(Subject.SERVER))
                        .identity(TestCertificates.server(Transports.P256))
                        .build()
                        .engine())
                .isEqualTo(Engine.BC);
        assertThat(SecureTransport.of(TestProfiles.WIDE).build().engine()).isEqualTo(Engine.JDK);
    }

    @Test
    void aRuleMayBeGivenUpByName() {
        SecureTransport transport = Transports.serverOf(Engine.JDK, ccm(Subject.BOTH)).acceptPartial("TEST/ccm").build();
        assertThat(transport.partialClaim()).extracting(Finding::rule).extracting(Rule::id).containsExactly("TEST/ccm");
        assertThat(transport.usable().suites()).doesNotContain(CCM);
    }

    @Test
    void aRuleThatDoesNotExistCannotBeGivenUp() {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                                .acceptPartial("TEST/nothing")
                                .build()))
                .hasMessage("profile test-wide has no rule TEST/nothing");
    }

    @Test
    void clientAuthenticationCannotBeSwitchedOffWhereItIsRequired() {
        Profile strict = TestProfiles.WIDE.derive("strict").clientCertificateRequired().build();
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> Transports.serverOf(Engine.JDK, strict).clientAuthentication(false).build()))
                .hasMessage("profile strict requires client authentication, it cannot be switched off"
                        + " (strict/client-certificate-required, dicom-tls derived profile strict)");
        assertThat(Transports.clientOf(Engine.JDK, strict)
                        .role(Role.CLIENT)
                        .clientAuthentication(false)
                        .build()
                        .profile())
                .isEqualTo(strict);
    }

    @ParameterizedTest
    @EnumSource
    void whereItIsNotRequiredAClientWithoutCertificateIsServed(Engine engine) throws Exception {
        Loopback.Outcome outcome = Loopback.run(
                Transports.clientOf(engine, TestProfiles.WIDE).identity(Identity.none()).build(),
                Transports.serverOf(engine, TestProfiles.WIDE).clientAuthentication(false).build());
        assertThat(outcome.server().established().peer()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatTheProfileCanNeverUseIsRefused(Engine engine) {
        Profile rsaOnly = TestProfiles.WIDE
                .derive("rsa-only")
                .versions(TlsVersion.TLS_1_2)
                .suites(CipherSuite.require("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
                .build();
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> SecureTransport.of(rsaOnly)
                                .engine(engine)
                                .identity(TestCertificates.server(Transports.P256))
                                .build()))
                .hasMessage("profile rsa-only can never use the key of CN=EC secp256r1 (EC secp256r1):"
                        + " no cipher suite and signature scheme of the profile fits it");
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_1024", "SHA_1", "RSA_1024_ISSUER"})
    void ourOwnWeakCertificateIsRefused(Flaw flaw) {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> SecureTransport.of(TestProfiles.WIDE).identity(flaw.identity()).build()))
                .hasMessageStartingWith("profile test-wide does not allow our own certificate " + flaw.subject
                        + " (SHA-256 ")
                .hasMessageEndingWith("): " + flaw.why + " (" + flaw.rule + ", dicom-tls test)");
    }

    @Test
    void aServerNeedsAKey() {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> SecureTransport.of(TestProfiles.WIDE).role(Role.SERVER).build()))
                .hasMessage("a server needs a key and a certificate");
    }

    @Test
    void aTimeoutIsPositive() {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> SecureTransport.of(TestProfiles.WIDE).handshakeTimeout(Duration.ZERO)))
                .hasMessage("handshake timeout PT0S is not positive");
    }

    @ParameterizedTest
    @EnumSource
    void aProfileOfWhichNothingIsLeftIsRefused(Engine engine) {
        Profile old = Profile.of("test-old", "for tests", "none", Profile.State.DERIVED, List.of(), "for tests", List.of(
                TestProfiles.rule("versions", Constraint.requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_0))),
                TestProfiles.rule("only", Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_0)))));
        CannotEnforceException e = catchThrowableOfType(
                CannotEnforceException.class, () -> SecureTransport.of(old).engine(engine).build());
        assertThat(e.rules()).extracting(Rule::id).containsExactly("TEST/versions");
    }
}
