package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.wire.ClientHello;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The model of each engine is what the engine of the running JVM really sends, no more and no less. */
class EngineModelTest {

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(TestProfiles.WIDE, TestProfiles.EVERYTHING).map(p -> Arguments.of(e, p)));
    }

    private static ClientHello sent(Engine engine, Profile profile) {
        return EngineProbe.of(Policy.of(profile), engine).clientHello().orElseThrow();
    }

    private static EngineModel.Usable model(Engine engine, Profile profile) {
        return EngineModel.here(engine).usable(Policy.of(profile));
    }

    private static <T> List<T> without(List<T> values, Predicate<T> property) {
        return values.stream().filter(property.negate()).toList();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void suitesAreThoseOfTheModelInItsOrder(Engine engine, Profile profile) {
        assertThat(without(sent(engine, profile).suites(), CipherSuite::signalling))
                .containsExactlyElementsOf(model(engine, profile).suites());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void groupsAreThoseOfTheModelInItsOrder(Engine engine, Profile profile) {
        assertThat(sent(engine, profile).groups().orElseThrow())
                .containsExactlyElementsOf(model(engine, profile).groups());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void schemesAreThoseOfTheModel(Engine engine, Profile profile) {
        assertThat(sent(engine, profile).schemes().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(model(engine, profile).schemes());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void versionsAreThoseOfTheModelNewestFirst(Engine engine, Profile profile) {
        assertThat(sent(engine, profile).offeredVersions())
                .containsExactlyElementsOf(model(engine, profile).versions());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsUsableIsWhatIsModelled(Engine engine) {
        assertThat(EngineProbe.of(Policy.of(TestProfiles.WIDE), engine).usable())
                .isEqualTo(model(engine, TestProfiles.WIDE));
    }

    /** What the model leaves out, the engine does not have: asked suite by suite, without the model in between. */
    @ParameterizedTest
    @EnumSource
    void theEngineItselfHasNoSuiteThatTheModelLacks(Engine engine) throws Exception {
        javax.net.ssl.SSLContext context = JsseBinding.of(engine)
                .context(
                        new PolicyKeyManager(Identity.none()),
                        new PolicyTrustManager(
                                Policy.of(TestProfiles.WIDE), Trust.none(), java.time.Clock.systemUTC()));
        List<CipherSuite> enabled = Stream.of(context.getSupportedSSLParameters().getCipherSuites())
                .flatMap(n -> CipherSuite.named(n).stream())
                .filter(s -> !s.signalling())
                .toList();
        javax.net.ssl.SSLEngine client = context.createSSLEngine("localhost", 2762);
        client.setUseClientMode(true);
        client.setEnabledCipherSuites(enabled.stream().map(CipherSuite::name).toArray(String[]::new));
        client.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(1 << 15);
        client.wrap(java.nio.ByteBuffer.allocate(0), out);
        List<CipherSuite> offered = without(
                RawServer.readHello(new java.io.ByteArrayInputStream(out.array(), 0, out.position())).suites(),
                CipherSuite::signalling);
        EngineModel model = EngineModel.here(engine);
        assertThat(offered).containsAll(CipherSuite.matching(model::supports));
        assertThat(without(offered, model::supports))
                .as("offered by the engine, unknown to the model, and in no profile that it could keep")
                .allMatch(s -> !s.certificateAuthenticated()
                        || s.bits() < 128
                        || s.authentication() == org.dicomtls.tls.Authentication.DSS
                        || s.keyExchange() == org.dicomtls.tls.KeyExchange.RSA
                        || s.cipher() == org.dicomtls.tls.BulkCipher.SM4);
    }
}
