package org.dicomtls.transport;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.crypto.interfaces.DHKey;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Metric;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;

/**
 * The floor under a connection: both engines ask it about every version, suite, group, scheme and key. A name that
 * it does not know is refused. One object serves one connection, because it is sealed when the handshake of TLS 1.2
 * is finished: from then on it refuses everything, and with it every renegotiation, which SunJSSE could otherwise be
 * kept from only for the whole JVM.
 */
final class Floor implements AlgorithmConstraints {

    private final Names names;
    private volatile boolean sealed;

    Floor(Names names) {
        this.names = names;
    }

    /** No further handshake on this connection. */
    void seal() {
        sealed = true;
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
        return !sealed && names.allowed.contains(algorithm.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
        return !sealed && names.permits(key);
    }

    @Override
    public boolean permits(
            Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
        return permits(primitives, algorithm, parameters) && permits(primitives, key);
    }

    /** The names that a policy allows, shared by all connections of a transport. */
    static final class Names {
        private final Set<String> allowed = new HashSet<>();
        private final int leastRsa;
        private final int leastDh;
        private final int leastEc;

        Names(Policy policy, EngineModel.Usable usable) {
            usable.versions().forEach(v -> add(v.jsseName()));
            usable.suites().forEach(s -> add(s.name()));
            // Not a suite; BCJSSE asks nevertheless whether it may be sent.
            add("TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
            usable.groups().forEach(g -> add(g.name()));
            usable.schemes().forEach(this::scheme);
            if (usable.groups().stream().anyMatch(NamedGroup::ellipticCurve)) {
                // Not X25519 and X448: as names of algorithms they are the names of the groups, in capitals.
                add("EC", "ECDH", "XDH");
            }
            // Finite-field keys also serve suites whose group has no name.
            add("DiffieHellman", "DH");
            leastRsa = policy.least(Metric.RSA_CERTIFICATE_BITS);
            leastDh = policy.least(Metric.DHE_BITS);
            int certificate = policy.least(Metric.EC_CERTIFICATE_BITS);
            int exchange = policy.least(Metric.ECDHE_BITS);
            // The engine does not say what a key is for; the stricter value is applied where it is known.
            leastEc = Math.min(certificate, exchange);
        }

        private void scheme(SignatureScheme scheme) {
            add(scheme.name());
            String hash = scheme.hash() == HashAlgorithm.INTRINSIC ? "" : scheme.hash().name();
            switch (scheme.algorithm()) {
                case RSASSA_PKCS1_V1_5 -> add("RSA", hash + "withRSA");
                case RSASSA_PSS -> add("RSA", "RSASSA-PSS", hash + "withRSAandMGF1");
                case ECDSA -> add("EC", "ECDSA", hash + "withECDSA");
                case EDDSA -> add("EdDSA", "Ed25519", "Ed448");
                default -> { }
            }
        }

        private void add(String... added) {
            for (String name : added) {
                allowed.add(name.toLowerCase(Locale.ROOT));
            }
        }

        boolean permits(Key key) {
            if (key instanceof RSAKey rsa) {
                return rsa.getModulus().bitLength() >= leastRsa;
            }
            if (key instanceof DHKey dh) {
                return dh.getParams().getP().bitLength() >= leastDh;
            }
            if (key instanceof ECKey ec) {
                return ec.getParams().getCurve().getField().getFieldSize() >= leastEc;
            }
            return allowed.contains(key.getAlgorithm().toLowerCase(Locale.ROOT));
        }
    }
}
