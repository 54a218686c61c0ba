package org.dicomtls.transport;

import java.security.AlgorithmConstraints;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an application may still choose for a connection: anything that narrows the policy. What would widen it is
 * left out and logged; what would leave nothing is an error. Sockets, server sockets and engines share this.
 */
final class PolicySettings {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.transport");

    private final SecureTransport transport;
    private final EngineModel.Usable usable;
    private Role role;
    private List<TlsVersion> versions;
    private List<CipherSuite> suites;
    private boolean need;
    private boolean want;
    private boolean sessionCreation = true;
    private List<SNIServerName> serverNames;
    private Collection<SNIMatcher> matchers;
    private String[] applicationProtocols = {};
    private String endpointIdentification;
    private AlgorithmConstraints further;

    PolicySettings(SecureTransport transport, Role role) {
        this.transport = transport;
        this.usable = transport.usable();
        this.role = role;
        this.versions = usable.versions();
        this.suites = usable.suites();
        this.need = transport.clientCertificateDemanded();
        this.endpointIdentification = transport.hostIdentityChecked() ? "HTTPS" : null;
    }

    /** The same settings for another connection. */
    PolicySettings copy() {
        PolicySettings copy = new PolicySettings(transport, role);
        copy.versions = versions;
        copy.suites = suites;
        copy.need = need;
        copy.want = want;
        copy.sessionCreation = sessionCreation;
        copy.serverNames = serverNames;
        copy.matchers = matchers;
        copy.applicationProtocols = applicationProtocols;
        copy.endpointIdentification = endpointIdentification;
        copy.further = further;
        return copy;
    }

    Role role() {
        return role;
    }

    void role(Role value) {
        role = value;
    }

    /** The part of the policy that is left. */
    EngineModel.Usable usable() {
        List<TlsVersion> left = versions.stream()
                .filter(v -> suites.stream().anyMatch(s -> s.tls13() == v.equals(TlsVersion.TLS_1_3)))
                .toList();
        List<CipherSuite> kept = suites.stream()
                .filter(s -> left.stream().anyMatch(v -> s.tls13() == v.equals(TlsVersion.TLS_1_3)))
                .toList();
        return new EngineModel.Usable(left, kept, usable.groups(), usable.schemes());
    }

    String[] protocols() {
        return versions.stream().map(TlsVersion::jsseName).toArray(String[]::new);
    }

    void protocols(String[] names) {
        Set<TlsVersion> asked = new LinkedHashSet<>();
        for (String name : names(names, "protocols")) {
            asked.add(TlsVersion.named(name).orElseGet(() -> {
                if (name.equals("SSLv2Hello")) {
                    return TlsVersion.SSL_2;
                }
                throw new IllegalArgumentException("unsupported protocol '" + Printable.of(name, 40) + "'");
            }));
        }
        List<TlsVersion> left = usable.versions().stream().filter(asked::contains).toList();
        if (left.isEmpty()) {
            throw nothingLeft("protocols", asked, usable.versions());
        }
        leftOut("setEnabledProtocols", asked, left);
        versions = left;
    }

    String[] cipherSuites() {
        return suites.stream().map(CipherSuite::name).toArray(String[]::new);
    }

    void cipherSuites(String[] names) {
        Set<CipherSuite> asked = new LinkedHashSet<>();
        for (String name : names(names, "cipher suites")) {
            asked.add(CipherSuite.named(name)
                    .orElseThrow(() ->
                            new IllegalArgumentException("unsupported cipher suite '" + Printable.of(name, 80) + "'")));
        }
        List<CipherSuite> left = usable.suites().stream().filter(asked::contains).toList();
        if (left.isEmpty()) {
            throw nothingLeft("cipher suites", asked, usable.suites());
        }
        leftOut("setEnabledCipherSuites", asked, left);
        suites = left;
    }

    private static List<String> names(String[] names, String what) {
        if (names == null) {
            throw new IllegalArgumentException(what + " must not be null");
        }
        List<String> list = new ArrayList<>();
        for (String name : names) {
            if (name == null || name.isEmpty()) {
                throw new IllegalArgumentException(what + " must not contain null or empty names");
            }
            list.add(name);
        }
        return list;
    }

    private IllegalArgumentException nothingLeft(String what, Collection<?> asked, Collection<?> allowed) {
        return new IllegalArgumentException("profile " + transport.profile().id() + " allows none of the " + what + " "
                + Printable.of(asked.toString(), 400) + "; it allows " + allowed);
    }

    private void leftOut(String call, Set<?> asked, List<?> left) {
        if (asked.size() > left.size()) {
            Set<Object> out = new LinkedHashSet<>(asked);
            out.removeAll(left);
            LOG.info("profile {}: {} cannot widen the policy; left out: {}", transport.profile().id(), call, out);
        }
    }

    boolean needClientAuth() {
        return need;
    }

    void needClientAuth(boolean value) {
        if (!value && transport.clientCertificateDemanded()) {
            LOG.info(
                    "profile {}: a client certificate stays required{}",
                    transport.profile().id(),
                    transport.policy()
                            .demands(Property.CLIENT_AUTHENTICATION_REQUIRED, Role.SERVER)
                            .map(r -> " (" + r.id() + ")")
                            .orElse(""));
            return;
        }
        need = value;
        want = false;
    }

    boolean wantClientAuth() {
        return want;
    }

    void wantClientAuth(boolean value) {
        if (transport.clientCertificateDemanded()) {
            if (!value) {
                needClientAuth(false); // says in the log why it stays as it is
            }
            return;
        }
        want = value;
        need = false;
    }

    boolean enableSessionCreation() {
        return sessionCreation;
    }

    void enableSessionCreation(boolean value) {
        sessionCreation = value;
    }

    SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters(cipherSuites(), protocols());
        if (need) {
            parameters.setNeedClientAuth(true);
        } else if (want) {
            parameters.setWantClientAuth(true);
        }
        parameters.setUseCipherSuitesOrder(true);
        parameters.setServerNames(serverNames);
        parameters.setSNIMatchers(matchers);
        parameters.setApplicationProtocols(applicationProtocols.clone());
        parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
        return parameters;
    }

    void parameters(SSLParameters parameters) {
        Objects.requireNonNull(parameters, "parameters");
        if (parameters.getProtocols() != null) {
            protocols(parameters.getProtocols());
        }
        if (parameters.getCipherSuites() != null) {
            cipherSuites(parameters.getCipherSuites());
        }
        if (parameters.getNeedClientAuth()) {
            needClientAuth(true);
        } else {
            wantClientAuth(parameters.getWantClientAuth());
        }
        if (parameters.getServerNames() != null) {
            serverNames = parameters.getServerNames();
        }
        if (parameters.getSNIMatchers() != null) {
            matchers = parameters.getSNIMatchers();
        }
        if (parameters.getApplicationProtocols() != null) {
            applicationProtocols = parameters.getApplicationProtocols().clone();
        }
        if (parameters.getEndpointIdentificationAlgorithm() != null
                && !parameters.getEndpointIdentificationAlgorithm().isEmpty()) {
            endpointIdentification = parameters.getEndpointIdentificationAlgorithm();
        }
        if (parameters.getAlgorithmConstraints() != null) {
            further = parameters.getAlgorithmConstraints();
        }
    }

    /** Whether the application asked for that protocol by ALPN. */
    boolean offers(String applicationProtocol) {
        return List.of(applicationProtocols).contains(applicationProtocol);
    }

    /** The protocols of ALPN that the application has set; without any, none is negotiated. */
    List<String> applicationProtocols() {
        return List.of(applicationProtocols);
    }

    /** Whether the application's SNI matchers, if it has set any, take that name. */
    boolean serves(String serverName) {
        if (matchers == null) {
            return true;
        }
        return matchers.stream()
                .filter(matcher -> matcher.getType() == StandardConstants.SNI_HOST_NAME)
                .allMatch(matcher -> {
                    try {
                        return matcher.matches(new SNIHostName(serverName.getBytes(StandardCharsets.ISO_8859_1)));
                    } catch (IllegalArgumentException e) {
                        return false;
                    }
                });
    }

    /** What the engine is told, for these versions and suites of what is left. */
    SSLParameters engineParameters(Floor floor, List<TlsVersion> allowed, List<CipherSuite> negotiable) {
        SSLParameters parameters = JsseBinding.parameters(usable, allowed, negotiable);
        if (role == Role.SERVER && need) {
            parameters.setNeedClientAuth(true);
        } else if (role == Role.SERVER && want) {
            parameters.setWantClientAuth(true);
        }
        if (serverNames != null) {
            parameters.setServerNames(serverNames);
        }
        if (matchers != null) {
            parameters.setSNIMatchers(matchers);
        }
        parameters.setApplicationProtocols(applicationProtocols.clone());
        parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
        parameters.setAlgorithmConstraints(further == null ? floor : new Both(floor, further));
        return parameters;
    }

    /** The floor, and what the application adds to it. */
    private record Both(AlgorithmConstraints floor, AlgorithmConstraints further) implements AlgorithmConstraints {
        @Override
        public boolean permits(
                Set<java.security.CryptoPrimitive> primitives, String algorithm, java.security.AlgorithmParameters p) {
            return floor.permits(primitives, algorithm, p) && further.permits(primitives, algorithm, p);
        }

        @Override
        public boolean permits(Set<java.security.CryptoPrimitive> primitives, java.security.Key key) {
            return floor.permits(primitives, key) && further.permits(primitives, key);
        }

        @Override
        public boolean permits(
                Set<java.security.CryptoPrimitive> primitives,
                String algorithm,
                java.security.Key key,
                java.security.AlgorithmParameters p) {
            return floor.permits(primitives, algorithm, key, p) && further.permits(primitives, algorithm, key, p);
        }
    }
}
