package org.dicomtls.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;

/**
 * Validates the peer's path and then holds every certificate of it to the profile: key lengths, hash functions, usages
 * and revocation, and the peer to the list of peers. The same on both engines, because neither engine's own manager is
 * asked.
 */
final class PolicyTrustManager extends X509ExtendedTrustManager {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private final Policy policy;
    private final CertificateStrength strength;
    private final Trust trust;
    private final RevocationCheck revocation;
    private final Peers peers;
    private final Clock clock;

    /** One that looks at no revocation and takes any peer. */
    PolicyTrustManager(Policy policy, Trust trust, Clock clock) {
        this(policy, trust, new RevocationCheck(Revocation.unchecked(), trust, policy, null), Peers.any(), clock);
    }

    PolicyTrustManager(Policy policy, Trust trust, RevocationCheck revocation, Peers peers, Clock clock) {
        this.policy = policy;
        this.strength = new CertificateStrength(policy);
        this.trust = trust;
        this.revocation = revocation;
        this.peers = peers;
        this.clock = clock;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, Role.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        List<X509Certificate> path = path(chain, Role.SERVER);
        SSLSession handshake = null;
        if (socket instanceof SSLSocket ssl) {
            handshake = ssl.getHandshakeSession();
            host(chain[0], ssl.getSSLParameters(), handshake, null);
        }
        revocation.check(path, stapled(handshake), Role.SERVER, clock.instant());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, Role.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        List<X509Certificate> path = path(chain, Role.SERVER);
        host(chain[0], engine.getSSLParameters(), engine.getHandshakeSession(), engine.getPeerHost());
        revocation.check(path, stapled(engine.getHandshakeSession()), Role.SERVER, clock.instant());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, Role.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, Role.SERVER);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.authorities().toArray(X509Certificate[]::new);
    }

    /**
     * What the server has stapled, where the engine tells: SunJSSE always, BCJSSE 1.84 in TLS 1.2 only. A session knows it
     * before the manager is asked.
     */
    private static List<byte[]> stapled(SSLSession handshake) {
        return handshake instanceof ExtendedSSLSession session ? session.getStatusResponses() : List.of();
    }

    private void check(X509Certificate[] chain, Role owner) throws CertificateException {
        revocation.check(path(chain, owner), List.of(), owner, clock.instant());
    }

    /** The path of the peer, in order but for its revocation: that may mean to ask somebody outside, so it comes last. */
    private List<X509Certificate> path(X509Certificate[] chain, Role owner) throws CertificateException {
        if (chain == null || chain.length == 0) {
            throw new CertificateException("the peer presented no certificate");
        }
        List<X509Certificate> path = trust.path(chain, Date.from(clock.instant()));
        strength.check(path, owner);
        usage(path, owner == Role.SERVER ? SERVER_AUTH : CLIENT_AUTH);
        Optional<String> unlisted = peers.objection(path);
        if (unlisted.isPresent()) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.NOT_LISTED, path.get(0), unlisted.get(), null);
        }
        return path;
    }

    private void host(X509Certificate leaf, SSLParameters parameters, SSLSession handshake, String fallback)
            throws PeerCertificateException {
        if (parameters.getEndpointIdentificationAlgorithm() == null) {
            return;
        }
        String reference = handshake != null && handshake.getPeerHost() != null ? handshake.getPeerHost() : fallback;
        if (reference == null || !HostIdentity.matches(leaf, reference)) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.WRONG_HOST,
                    leaf,
                    "it does not carry the name " + Printable.of(String.valueOf(reference), 80)
                            + " as a subject alternative name",
                    policy.demands(Property.HOST_IDENTITY_CHECKED, Role.CLIENT)
                            .or(() -> policy.demands(Property.HOST_IDENTITY_CHECKABLE, Role.CLIENT))
                            .orElse(null));
        }
    }

    private static void usage(List<X509Certificate> path, String wanted) throws PeerCertificateException {
        X509Certificate leaf = path.get(0);
        boolean[] keyUsage = leaf.getKeyUsage();
        // Every suite of every enforceable profile signs: digitalSignature is bit 0 (RFC 5280 §4.2.1.3).
        if (keyUsage != null && !keyUsage[0]) {
            throw wrongUsage(leaf, "its key usage does not include digitalSignature");
        }
        // An authority that says what it is for issues for nothing else. RFC 5280 leaves that open; OpenSSL takes it so,
        // the JDK's validator does not look.
        for (X509Certificate certificate : path) {
            purpose(certificate, wanted);
        }
    }

    private static void purpose(X509Certificate certificate, String wanted) throws PeerCertificateException {
        try {
            List<String> extended =
                    Optional.ofNullable(certificate.getExtendedKeyUsage()).orElse(List.of(ANY_USAGE));
            if (!extended.contains(wanted) && !extended.contains(ANY_USAGE)) {
                throw wrongUsage(
                        certificate,
                        "its extended key usage does not include "
                                + (wanted.equals(SERVER_AUTH) ? "serverAuth" : "clientAuth"));
            }
        } catch (CertificateParsingException e) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.INVALID,
                    certificate,
                    "its extended key usage cannot be read: "
                            + Printable.of(PemFile.oneLine(e), 80).toLowerCase(Locale.ROOT),
                    null);
        }
    }

    private static PeerCertificateException wrongUsage(X509Certificate certificate, String why) {
        return new PeerCertificateException(PeerCertificateException.Reason.WRONG_USAGE, certificate, why, null);
    }
}
