package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;

/** No sequence of setters that an application calls makes a connection leave its policy. */
class SetterProperties {

    /** A policy far narrower than what the engines and the other end can do. */
    private static Profile narrow(Derived derived) {
        return derived.profile();
    }

    /** One call of an application, on whichever object it holds. */
    record Call(String name, List<String> arguments, boolean flag) {

        void on(SSLSocket socket) {
            apply(new Target() {
                public void protocols(String[] v) { socket.setEnabledProtocols(v); }
                public void suites(String[] v) { socket.setEnabledCipherSuites(v); }
                public void parameters(SSLParameters v) { socket.setSSLParameters(v); }
                public SSLParameters parameters() { return socket.getSSLParameters(); }
                public void need(boolean v) { socket.setNeedClientAuth(v); }
                public void want(boolean v) { socket.setWantClientAuth(v); }
            });
        }

        void on(SSLServerSocket socket) {
            apply(new Target() {
                public void protocols(String[] v) { socket.setEnabledProtocols(v); }
                public void suites(String[] v) { socket.setEnabledCipherSuites(v); }
                public void parameters(SSLParameters v) { socket.setSSLParameters(v); }
                public SSLParameters parameters() { return socket.getSSLParameters(); }
                public void need(boolean v) { socket.setNeedClientAuth(v); }
                public void want(boolean v) { socket.setWantClientAuth(v); }
            });
        }

        void on(SSLEngine engine) {
            apply(new Target() {
                public void protocols(String[] v) { engine.setEnabledProtocols(v); }
                public void suites(String[] v) { engine.setEnabledCipherSuites(v); }
                public void parameters(SSLParameters v) { engine.setSSLParameters(v); }
                public SSLParameters parameters() { return engine.getSSLParameters(); }
                public void need(boolean v) { engine.setNeedClientAuth(v); }
                public void want(boolean v) { engine.setWantClientAuth(v); }
            });
        }

        private void apply(Target target) {
            String[] values = arguments.toArray(String[]::new);
            try {
                switch (name) {
                    case "setEnabledProtocols" -> target.protocols(values);
                    case "setEnabledCipherSuites" -> target.suites(values);
                    case "setNeedClientAuth" -> target.need(flag);
                    case "setWantClientAuth" -> target.want(flag);
                    case "emptyParameters" -> target.parameters(new SSLParameters());
                    case "widerParameters" -> {
                        SSLParameters wide = target.parameters();
                        wide.setAlgorithmConstraints(new Permissive());
                        wide.setNeedClientAuth(flag);
                        wide.setUseCipherSuitesOrder(flag);
                        wide.setEndpointIdentificationAlgorithm("");
                        target.parameters(wide);
                    }
                    case "parametersWithProtocols" -> target.parameters(new SSLParameters(null, values));
                    case "parametersWithSuites" -> target.parameters(new SSLParameters(values));
                    default -> throw new AssertionError(name);
                }
            } catch (IllegalArgumentException e) {
                // Nothing of the policy would be left, or the name does not exist: the call has no effect.
            }
        }
    }

    private interface Target {
        void protocols(String[] v);

        void suites(String[] v);

        void parameters(SSLParameters v);

        SSLParameters parameters();

        void need(boolean v);

        void want(boolean v);
    }

    private static final class Permissive implements AlgorithmConstraints {
        @Override
        public boolean permits(Set<CryptoPrimitive> p, String algorithm, AlgorithmParameters parameters) {
            return true;
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> p, Key key) {
            return true;
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> p, String algorithm, Key key, AlgorithmParameters parameters) {
            return true;
        }
    }

    @Provide
    Arbitrary<Derived> derived() {
        return Derived.any();
    }

    @Provide
    Arbitrary<List<Call>> calls() {
        Arbitrary<String> protocol = Arbitraries.of("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3", "SSLv2Hello");
        Arbitrary<String> suite = Arbitraries.of(
                "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_NULL_SHA256", "SSL_RSA_WITH_3DES_EDE_CBC_SHA",
                "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
        return Arbitraries.of(
                        "setEnabledProtocols", "setEnabledCipherSuites", "setNeedClientAuth", "setWantClientAuth",
                        "emptyParameters", "widerParameters", "parametersWithProtocols", "parametersWithSuites")
                .flatMap(name -> Combinators.combine(
                                (name.contains("rotocols") ? protocol : suite).list().ofMinSize(1).ofMaxSize(8),
                                Arbitraries.of(true, false))
                        .as((arguments, flag) -> new Call(name, arguments, flag)))
                .list()
                .ofMaxSize(6);
    }

    @Property(tries = 150)
    @Label("nothing outside the policy is negotiated on sockets, whatever is set on client, listener and accepted socket")
    void socketsStayInside(
            @ForAll("derived") Derived client,
            @ForAll("calls") List<Call> onClient,
            @ForAll("calls") List<Call> onListener,
            @ForAll("calls") List<Call> onAccepted,
            @ForAll Engine other,
            @ForAll boolean narrowServer)
            throws Exception {
        SecureTransport wide = SecureTransport.of(TestProfiles.WIDE)
                .engine(other)
                .identity(TestCertificates.server("RSA 2048").and(TestCertificates.server("EC secp256r1")))
                .trust(TestCertificates.trust())
                .build();
        SecureTransport wideClient = SecureTransport.of(TestProfiles.WIDE)
                .engine(other)
                .identity(TestCertificates.client("RSA 2048").and(TestCertificates.client("EC secp256r1")))
                .trust(TestCertificates.trust())
                .build();
        Object narrow = client.transport(!narrowServer);
        if (!(narrow instanceof SecureTransport)) {
            return;
        }
        Policy policy = Policy.of(narrow(client));
        Loopback.Outcome outcome = narrowServer
                ? run(wideClient, (SecureTransport) narrow, onClient, onListener, onAccepted)
                : run((SecureTransport) narrow, wide, onClient, onListener, onAccepted);
        Loopback.End end = narrowServer ? outcome.server() : outcome.client();
        Statistics.label("established").collect(end.negotiated().isPresent());
        end.negotiated().ifPresent(n -> inside(n, policy));
        outcome.server().negotiated().ifPresent(n -> assertThat(n.peer()).as("client certificate").isNotEmpty());
    }

    private static Loopback.Outcome run(
            SecureTransport from, SecureTransport to, List<Call> onClient, List<Call> onListener, List<Call> onAccepted)
            throws Exception {
        return Loopback.run(
                from,
                to,
                s -> onClient.forEach(c -> c.on(s)),
                s -> onListener.forEach(c -> c.on(s)),
                s -> onAccepted.forEach(c -> c.on(s)));
    }

    @Property(tries = 120)
    @Label("nothing outside the policy is negotiated by engines, whatever is set on them")
    void enginesStayInside(
            @ForAll("derived") Derived derived,
            @ForAll("calls") List<Call> onClient,
            @ForAll("calls") List<Call> onServer,
            @ForAll Engine other,
            @ForAll boolean narrowServer) {
        Object narrow = derived.transport(!narrowServer);
        if (!(narrow instanceof SecureTransport ours)) {
            return;
        }
        SecureTransport wide = SecureTransport.of(TestProfiles.WIDE)
                .engine(other)
                .identity(
                        narrowServer
                                ? TestCertificates.client("RSA 2048").and(TestCertificates.client("EC secp256r1"))
                                : TestCertificates.server("RSA 2048").and(TestCertificates.server("EC secp256r1")))
                .trust(TestCertificates.trust())
                .build();
        SSLEngine client = (narrowServer ? wide : ours).sslContext().createSSLEngine("localhost", 1);
        SSLEngine server = (narrowServer ? ours : wide).sslContext().createSSLEngine();
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        onClient.forEach(c -> c.on(client));
        onServer.forEach(c -> c.on(server));
        EnginePair pair = new EnginePair(client, server);
        pair.handshake();
        Policy policy = Policy.of(derived.profile());
        Statistics.label("established").collect(Negotiated.of(server).isPresent());
        Negotiated.of(narrowServer ? server : client).ifPresent(n -> inside(n, policy));
        Negotiated.of(server).ifPresent(n -> assertThat(n.peer()).as("client certificate").isNotEmpty());
    }

    private static void inside(Negotiated negotiated, Policy policy) {
        assertThat(policy.versions()).contains(negotiated.version());
        assertThat(policy.suites()).contains(negotiated.suite());
        if (negotiated.group().isPresent() && negotiated.group().get().ellipticCurve()) {
            assertThat(policy.groups()).contains(negotiated.group().get());
        }
        negotiated.dhBits().ifPresent(bits -> assertThat(bits).isGreaterThanOrEqualTo(2048));
        negotiated.scheme().ifPresent(s -> assertThat(policy.schemes()).contains(s));
    }
}
