package org.dicomtls.interop.clientaudit;

import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import java.util.stream.Stream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsDHGroupVerifier;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/** The client that the engine asks for its decisions: strict but for its habits. */
final class OddPeer extends DefaultTlsClient {

    private static final int PRIME_CERTAINTY = 20;
    private static final String PROTOCOL = "dicom";
    private static final byte[] SENTINEL_OF_TLS_1_1 = {'D', 'O', 'W', 'N', 'G', 'R', 'D', 0};

    private final OddCrypto crypto;
    private final Habits habits;
    private final List<TlsVersion> versions;
    private final ServerCheck check;
    private Certificate server;

    /** @param versions those that this connection offers */
    OddPeer(OddCrypto crypto, Habits habits, List<TlsVersion> versions, ServerCheck check) {
        super(crypto);
        this.crypto = crypto;
        this.habits = habits;
        this.versions = versions;
        this.check = check;
    }

    // ---- what is offered

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return versions.stream()
                .map(v -> ProtocolVersion.get(v.code() >>> 8, v.code() & 0xFF))
                .toArray(ProtocolVersion[]::new);
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        Habits now = habits.versions(versions);
        return Stream.concat(now.offered13().stream(), now.offered12().stream()).mapToInt(s -> s.code()).toArray();
    }

    @Override
    protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector roles) {
        return new Vector<>(habits.groups().stream().map(NamedGroup::code).toList());
    }

    @Override
    public Vector<Integer> getEarlyKeyShareGroups() {
        return habits.odd(Oddity.SECOND_SHARE_REUSED)
                ? new Vector<>(List.of(NamedGroup.X25519.code(), NamedGroup.SECP256R1.code()))
                : new Vector<>(List.of(habits.groups().get(0).code()));
    }

    @Override
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
        return new Vector<>(habits.schemes().stream()
                .map(s -> SignatureScheme.getSignatureAndHashAlgorithm(s.code()))
                .toList());
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return new Vector<>(List.of(ProtocolName.asUtf8Encoding(PROTOCOL)));
    }

    @Override
    @SuppressWarnings("unchecked") // extensions by their type
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
        Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
        if (!extensions.containsKey(Extensions.SIGNATURE_ALGORITHMS) && !habits.odd(Oddity.SCHEMES_NOT_SENT)) {
            extensions.put(Extensions.SIGNATURE_ALGORITHMS, schemes()); // TLS 1.0 has no use for it, and no objection
        }
        if (habits.odd(Oddity.POINT_FORMATS_COMPRESSED)) {
            extensions.put(Extensions.EC_POINT_FORMATS, new byte[] {2, 0, 1});
        }
        if (habits.odd(Oddity.GROUPS_NOT_SENT)) {
            extensions.remove(Extensions.SUPPORTED_GROUPS);
        }
        if (habits.odd(Oddity.TRUNCATED_HMAC_OFFERED)) {
            extensions.put(Extensions.TRUNCATED_HMAC, new byte[0]);
        }
        if (habits.odd(Oddity.EARLY_DATA_OFFERED)) {
            extensions.put(Extensions.EARLY_DATA, new byte[0]);
        }
        if (habits.odd(Oddity.PSK_WITHOUT_KEY_EXCHANGE_OFFERED)) {
            extensions.put(Extensions.PSK_KEY_EXCHANGE_MODES, new byte[] {1, 0});
        }
        if (habits.odd(Oddity.PSK_WITH_KEY_EXCHANGE_OFFERED)) {
            extensions.put(Extensions.PSK_KEY_EXCHANGE_MODES, new byte[] {1, 1});
        }
        return extensions;
    }

    private byte[] schemes() {
        byte[] list = new byte[2 + 2 * habits.schemes().size()];
        list[1] = (byte) (list.length - 2);
        for (int i = 0; i < habits.schemes().size(); i++) {
            list[2 + 2 * i] = (byte) (habits.schemes().get(i).code() >>> 8);
            list[3 + 2 * i] = (byte) habits.schemes().get(i).code();
        }
        return list;
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
        return !habits.odd(Oddity.EXTENDED_MASTER_SECRET_NOT_SENT);
    }

    // ---- what is demanded

    @Override
    public boolean requiresExtendedMasterSecret() {
        return shouldUseExtendedMasterSecret() && !habits.odd(Oddity.EXTENDED_MASTER_SECRET_NOT_DEMANDED);
    }

    @Override
    public void notifySecureRenegotiation(boolean secure) throws IOException {
        if (!habits.odd(Oddity.RENEGOTIATION_INFO_NOT_DEMANDED)) {
            super.notifySecureRenegotiation(secure);
        }
    }

    @Override
    public TlsDHGroupVerifier getDHGroupVerifier() {
        return group -> group.getP().bitLength() >= habits.dheBits() && group.getP().isProbablePrime(PRIME_CERTAINTY);
    }

    /** The engine looks for the mark of TLS 1.1 in a hello of TLS 1.1 only; RFC 8446 §4.1.3 wants both looked for. */
    @Override
    public void processServerExtensions(@SuppressWarnings("rawtypes") Hashtable extensions) throws IOException {
        super.processServerExtensions(extensions);
        byte[] random = context.getSecurityParametersHandshake().getServerRandom();
        boolean marked = Arrays.equals(random, 24, 32, SENTINEL_OF_TLS_1_1, 0, 8);
        if (marked && versions.contains(TlsVersion.TLS_1_3) && !habits.odd(Oddity.SENTINEL_OF_TLS_1_1_IGNORED)) {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        }
        ProtocolName agreed = context.getSecurityParametersHandshake().getApplicationProtocol();
        boolean foreign = agreed != null && !agreed.getUtf8Decoding().equals(PROTOCOL);
        if (foreign && !habits.odd(Oddity.PROTOCOL_NOT_OFFERED_TAKEN)) {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        }
    }

    @Override
    public boolean shouldCheckSigAlgOfPeerCerts() {
        return false; // by the check of the certificate
    }

    // ---- certificates

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate presented) throws IOException {
                server = presented.getCertificate();
                if (!habits.odd(Oddity.CHECKS_AFTERWARDS)) {
                    checkServer();
                }
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return habits.credential().isPresent() ? signer(habits.credential().get()) : null;
            }
        };
    }

    /** Refuses the server's certificate if there is anything wrong with it. */
    void checkServer() throws IOException {
        check.check(server);
    }

    private TlsCredentials signer(Credential own) throws IOException {
        CertificateEntry[] entries = new CertificateEntry[own.chain().size()];
        TlsCertificate[] plain = new TlsCertificate[own.chain().size()];
        for (int i = 0; i < entries.length; i++) {
            plain[i] = new JcaTlsCertificate(crypto, own.chain().get(i));
            entries[i] = new CertificateEntry(plain[i], null);
        }
        boolean rsa = own.key().getAlgorithm().equals("RSA");
        int scheme = rsa ? SignatureScheme.rsa_pss_rsae_sha256 : SignatureScheme.ecdsa_secp256r1_sha256;
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                crypto,
                own.key(),
                TlsUtils.isTLSv13(context) ? new Certificate(TlsUtils.EMPTY_BYTES, entries) : new Certificate(plain),
                TlsUtils.isTLSv12(context) ? SignatureScheme.getSignatureAndHashAlgorithm(scheme) : null);
    }
}
