package org.dicomtls.interop.probe.client;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsCredentialedDecryptor;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDHConfig;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JceDefaultTlsCredentialedDecryptor;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;

/** The server of one case: honest but for what its behaviour says. It trusts every client, for it judges none. */
final class Bait extends DefaultTlsServer {

    private static final int[] RSA = {
        SignatureScheme.rsa_pss_rsae_sha256, 0x0401, SignatureScheme.rsa_pss_rsae_sha384, 0x0501,
        SignatureScheme.rsa_pss_rsae_sha512, 0x0601, 0x0201
    };
    private static final int[] ECDSA = {0x0403, 0x0503, 0x0603, 0x0203};

    private final JcaTlsCrypto crypto;
    private final Behaviour behaviour;
    private final List<Credential> credentials;
    private final X509Certificate authority;
    private Optional<AlertDescription> received = Optional.empty();
    private Optional<TlsVersion> negotiated = Optional.empty();
    private List<X509Certificate> chain = List.of();
    private boolean asked;
    private boolean completed;

    /**
     * @param credentials of which the first that fits is used
     * @param authority named in CertificateRequest
     */
    Bait(
            JcaTlsCrypto crypto,
            Behaviour behaviour,
            List<Credential> credentials,
            X509Certificate authority) {
        super(crypto);
        this.crypto = crypto;
        this.behaviour = behaviour;
        this.credentials = credentials;
        this.authority = authority;
    }

    Optional<AlertDescription> received() {
        return received;
    }

    Optional<TlsVersion> negotiated() {
        return negotiated;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    boolean asked() {
        return asked;
    }

    boolean completed() {
        return completed;
    }

    /** What the server has, the best first. */
    @Override
    protected int[] getSupportedCipherSuites() {
        List<CipherSuite> all = new ArrayList<>(CipherSuite.matching(s -> behaviour.suites().test(s)
                && (s.tls13() || s.certificateAuthenticated() && fits(s))));
        all.sort((a, b) -> Integer.compare(rank(b), rank(a)));
        return TlsUtils.getSupportedCipherSuites(crypto, all.stream().mapToInt(CipherSuite::code).toArray());
    }

    private static int rank(CipherSuite suite) {
        return (suite.forwardSecret() ? 8 : 0) + (suite.aead() ? 4 : 0) + (suite.bits() >= 128 ? 2 : 0)
                + (suite.keyExchange() == KeyExchange.ECDHE ? 1 : 0);
    }

    private boolean fits(CipherSuite suite) {
        return switch (suite.authentication()) {
            case RSA -> credential("RSA").isPresent();
            case ECDSA -> credential("EC").isPresent();
            default -> false;
        };
    }

    private Optional<Credential> credential(String algorithm) {
        return credentials.stream().filter(c -> c.key().getAlgorithm().equals(algorithm)).findFirst();
    }

    @Override
    protected boolean preferLocalCipherSuites() {
        return true;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return behaviour.version().isPresent() && !behaviour.sentinel()
                ? version(behaviour.version().get()).only()
                : new ProtocolVersion[] {
                    ProtocolVersion.TLSv13, ProtocolVersion.TLSv12, ProtocolVersion.TLSv11, ProtocolVersion.TLSv10
                };
    }

    private static ProtocolVersion version(TlsVersion version) {
        return ProtocolVersion.get(version.code() >>> 8, version.code() & 0xFF);
    }

    @Override
    public ProtocolVersion getServerVersion() throws IOException {
        ProtocolVersion chosen = super.getServerVersion();
        return behaviour.sentinel() ? version(behaviour.version().orElseThrow()) : chosen;
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
        return behaviour.extendedMasterSecret();
    }

    @Override
    public TlsDHConfig getDHConfig() throws IOException {
        if (behaviour.prime().isPresent()) {
            return new TlsDHConfig(behaviour.prime().get());
        }
        // Some take a group of RFC 7919 only if they offered it.
        int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
        boolean named = offered != null && Arrays.stream(offered).anyMatch(g -> g >= 256 && g <= 260);
        return named ? super.getDHConfig() : new TlsDHConfig(ClientCase.group(DHStandardGroups.rfc3526_2048));
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return null; // none is configured, so that none is answered
    }

    // ---- credentials

    @Override
    public TlsCredentials getCredentials() throws IOException {
        if (!TlsUtils.isTLSv13(context)) {
            return super.getCredentials();
        }
        for (Credential credential : credentials) {
            boolean rsa = credential.key().getAlgorithm().equals("RSA");
            Optional<SignatureAndHashAlgorithm> scheme = scheme(rsa ? RSA : ECDSA);
            if (scheme.isPresent()) {
                return signer(credential, scheme.get());
            }
        }
        return null;
    }

    private Optional<SignatureAndHashAlgorithm> scheme(int[] usable) {
        Vector<?> offered = context.getSecurityParametersHandshake().getClientSigAlgs();
        for (int code : usable) {
            boolean pkcs1 = (code & 0xFF) == 1;
            SignatureAndHashAlgorithm one = SignatureScheme.getSignatureAndHashAlgorithm(code);
            if (offered != null && offered.contains(one) && !(pkcs1 && TlsUtils.isTLSv13(context))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private TlsCredentialedSigner signer(Credential own, SignatureAndHashAlgorithm scheme) throws IOException {
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context), crypto, own.key(), certificate(own), scheme);
    }

    private Certificate certificate(Credential own) throws IOException {
        CertificateEntry[] entries = new CertificateEntry[own.chain().size()];
        TlsCertificate[] plain = new TlsCertificate[own.chain().size()];
        for (int i = 0; i < entries.length; i++) {
            plain[i] = new JcaTlsCertificate(crypto, own.chain().get(i));
            entries[i] = new CertificateEntry(plain[i], null);
        }
        return TlsUtils.isTLSv13(context) ? new Certificate(TlsUtils.EMPTY_BYTES, entries) : new Certificate(plain);
    }

    private TlsCredentialedSigner signer(String algorithm, int[] usable) throws IOException {
        Optional<Credential> own = credential(algorithm);
        // Below TLS 1.2 there is no scheme to choose.
        Optional<SignatureAndHashAlgorithm> scheme = TlsUtils.isTLSv12(context) ? scheme(usable) : Optional.empty();
        if (own.isEmpty() || TlsUtils.isTLSv12(context) && scheme.isEmpty()) {
            return null;
        }
        return signer(own.get(), scheme.orElse(null));
    }

    @Override
    protected TlsCredentialedSigner getRSASignerCredentials() throws IOException {
        return signer("RSA", RSA);
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return signer("EC", ECDSA);
    }

    @Override
    protected TlsCredentialedDecryptor getRSAEncryptionCredentials() throws IOException {
        Credential own = credential("RSA").orElseThrow();
        PrivateKey key = own.key();
        return new JceDefaultTlsCredentialedDecryptor(crypto, certificate(own), key);
    }

    // ---- the client's certificate

    @Override
    public CertificateRequest getCertificateRequest() throws IOException {
        if (!behaviour.asksForCertificate()) {
            return null;
        }
        asked = true;
        Vector<SignatureAndHashAlgorithm> schemes = new Vector<>();
        for (int[] list : new int[][] {ECDSA, RSA}) {
            for (int code : list) {
                if (code != 0x0201 && code != 0x0203) {
                    schemes.add(SignatureScheme.getSignatureAndHashAlgorithm(code));
                }
            }
        }
        Vector<org.bouncycastle.asn1.x500.X500Name> authorities = new Vector<>();
        authorities.add(org.bouncycastle.asn1.x500.X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()));
        if (TlsUtils.isTLSv13(context)) {
            return new CertificateRequest(TlsUtils.EMPTY_BYTES, schemes, null, authorities);
        }
        short[] types = {ClientCertificateType.rsa_sign, ClientCertificateType.ecdsa_sign};
        return new CertificateRequest(types, TlsUtils.isTLSv12(context) ? schemes : null, authorities);
    }

    @Override
    public void notifyClientCertificate(Certificate presented) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (int i = 0; i < presented.getLength(); i++) {
                found.add((X509Certificate) factory.generateCertificate(
                        new java.io.ByteArrayInputStream(presented.getCertificateAt(i).getEncoded())));
            }
        } catch (CertificateException e) {
            found.clear(); // what this JDK cannot parse is as good as none
        }
        chain = List.copyOf(found);
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        super.notifyAlertReceived(level, description);
        if (level == 2 && received.isEmpty()) {
            received = Optional.of(new AlertDescription(description & 0xFF));
        }
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        completed = true;
        negotiated = Optional.of(new TlsVersion(context.getServerVersion().getFullVersion()));
    }

    /** Whether an honest handshake with that behaviour's suites and certificates is possible at all. */
    static boolean possible(Behaviour behaviour, ClientHello hello, Identities identities) {
        List<Credential> usable = behaviour.flaw()
                .map(flaw -> List.of(identities.flawed(flaw)))
                .orElse(identities.good());
        return hello.suites().stream().anyMatch(suite -> behaviour.suites().test(suite)
                && behaviour.version()
                        .map(v -> v.equals(TlsVersion.TLS_1_3) == suite.tls13())
                        .orElse(true)
                && (suite.tls13()
                        ? hello.offeredVersions().contains(TlsVersion.TLS_1_3) && schemeOffered(hello, usable)
                        : suite.certificateAuthenticated()
                                && usable.stream().anyMatch(c -> authentication(c) == suite.authentication())));
    }

    private static boolean schemeOffered(ClientHello hello, List<Credential> usable) {
        return usable.stream().anyMatch(c -> {
            boolean rsa = authentication(c) == Authentication.RSA;
            return hello.schemes().orElse(List.of()).stream()
                    .anyMatch(s -> rsa ? s.code() >= 0x0804 && s.code() <= 0x0806 : s.code() == 0x0403 || s.code() == 0x0503);
        });
    }

    private static Authentication authentication(Credential credential) {
        return credential.key().getAlgorithm().equals("RSA") ? Authentication.RSA : Authentication.ECDSA;
    }
}
