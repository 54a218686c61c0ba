package org.dicomtls.interop.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.DHGroup;
import org.bouncycastle.tls.crypto.DHStandardGroups;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDHConfig;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JceDefaultTlsCredentialedDecryptor;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/** Carries out a choice that has been made already: all that is left to decide is whether the client is taken. */
final class BouncyServer extends DefaultTlsServer {

    static final byte[] TICKET = "a ticket of an odd server".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final int[] CLIENT_SCHEMES = {
        SignatureScheme.ecdsa_secp256r1_sha256, SignatureScheme.ecdsa_secp384r1_sha384,
        SignatureScheme.rsa_pss_rsae_sha256, SignatureScheme.rsa_pkcs1_sha256
    };
    private static final short RSA_SIGN = 1;
    private static final short ECDSA_SIGN = 64;

    private final OddCrypto crypto;
    private final Habits habits;
    private final Choice choice;
    private final TestPki pki;

    BouncyServer(OddCrypto crypto, Habits habits, Choice choice, TestPki pki) {
        super(crypto);
        this.crypto = crypto;
        this.habits = habits;
        this.choice = choice;
        this.pki = pki;
    }

    static DHGroup finiteField(int bits) {
        return bits < 2048 ? DHStandardGroups.rfc2409_1024 : DHStandardGroups.rfc7919_ffdhe2048;
    }

    private boolean tls13() {
        return choice.version().equals(TlsVersion.TLS_1_3);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.get(choice.version().code() >>> 8, choice.version().code() & 0xFF).only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {choice.suite().code()};
    }

    @Override
    @SuppressWarnings("rawtypes") // the library has no type arguments
    protected boolean isSelectableCipherSuite(int suite, int curveBits, int fieldBits, Vector sigAlgs) {
        return suite == choice.suite().code();
    }

    @Override
    public int[] getSupportedGroups() {
        return choice.group().map(g -> new int[] {g.code()}).orElse(new int[0]);
    }

    @Override
    protected int selectECDH(int minimumBits) {
        return choice.group().orElseThrow().code();
    }

    @Override
    public TlsDHConfig getDHConfig() {
        return new TlsDHConfig(finiteField(habits.dheBits()));
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
        return !habits.odd(Oddity.NO_EXTENDED_MASTER_SECRET);
    }

    @Override
    public void notifySecureRenegotiation(boolean secure) {
        // Whether to insist on it was decided with the choice.
    }

    @Override
    protected boolean allowTruncatedHMac() {
        return habits.odd(Oddity.TRUNCATED_HMAC);
    }

    @Override
    protected boolean allowCertificateStatus() {
        return !habits.odd(Oddity.NO_STAPLING);
    }

    @Override
    public CertificateStatus getCertificateStatus() {
        if (certificateStatusRequest == null) {
            return null;
        }
        OCSPResponse response = habits.odd(Oddity.STAPLES_AN_EXCUSE)
                ? new OCSPResponse(new OCSPResponseStatus(OCSPResponseStatus.TRY_LATER), null)
                : OddCertificates.status(pki, choice.credential().orElseThrow().certificate());
        return new CertificateStatus(CertificateStatusType.ocsp, response);
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        ProtocolName own = ProtocolName.asUtf8Encoding(Choice.PROTOCOL);
        return clientProtocolNames != null && clientProtocolNames.contains(own) ? new Vector<>(List.of(own)) : null;
    }

    @Override
    @SuppressWarnings("unchecked") // the library has no type arguments
    public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
        Hashtable<Integer, byte[]> all = super.getServerExtensions();
        if (habits.odd(Oddity.TRUNCATED_HMAC) && truncatedHMacOffered) {
            all.put(Extensions.TRUNCATED_HMAC, new byte[0]);
        }
        if (!tls13() && clientExtensions.containsKey(Extensions.SESSION_TICKET)) {
            all.put(Extensions.SESSION_TICKET, new byte[0]);
        }
        if (habits.odd(Oddity.UNKNOWN_NAME_TAKEN) && clientExtensions.containsKey(Extensions.SERVER_NAME)) {
            all.put(Extensions.SERVER_NAME, new byte[0]); // RFC 6066: it has made use of the name
        }
        return all;
    }

    @Override
    public NewSessionTicket getNewSessionTicket() {
        return new NewSessionTicket(habits.ticketSeconds(), TICKET);
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        Credential own = choice.credential().orElseThrow();
        TlsCertificate[] plain = new TlsCertificate[own.chain().size()];
        CertificateEntry[] entries = new CertificateEntry[plain.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = new JcaTlsCertificate(crypto, own.chain().get(i));
            entries[i] = new CertificateEntry(plain[i], i == 0 && tls13() ? status13() : null);
        }
        Certificate chain = tls13() ? new Certificate(TlsUtils.EMPTY_BYTES, entries) : new Certificate(plain);
        if (choice.suite().keyExchange() == KeyExchange.RSA) {
            return new JceDefaultTlsCredentialedDecryptor(crypto, chain, own.key());
        }
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context), crypto, own.key(), chain,
                SignatureScheme.getSignatureAndHashAlgorithm(choice.scheme().orElseThrow().code()));
    }

    /** In TLS 1.3 the status is an extension of the certificate. */
    private Hashtable<Integer, byte[]> status13() throws IOException {
        CertificateStatus status = getCertificateStatus();
        Hashtable<Integer, byte[]> extensions = new Hashtable<>();
        if (status != null && allowCertificateStatus() && !habits.odd(Oddity.STAPLES_IN_TLS_1_2_ONLY)) {
            ByteArrayOutputStream encoded = new ByteArrayOutputStream();
            status.encode(encoded);
            extensions.put(Extensions.STATUS_REQUEST, encoded.toByteArray());
        }
        return extensions;
    }

    private static Vector<SignatureAndHashAlgorithm> clientSchemes() {
        Vector<SignatureAndHashAlgorithm> schemes = new Vector<>();
        for (int code : CLIENT_SCHEMES) {
            schemes.add(SignatureScheme.getSignatureAndHashAlgorithm(code));
        }
        return schemes;
    }

    @Override
    public CertificateRequest getCertificateRequest() throws IOException {
        // The library cannot check a client's signature in a second handshake: that one ends in vain.
        boolean toSucceed = context.getSecurityParametersHandshake().isRenegotiating()
                && !habits.odd(Oddity.RENEGOTIATES_IN_VAIN);
        if (habits.odd(Oddity.CLIENT_CERTIFICATE_NOT_ASKED) || toSucceed) {
            return null;
        }
        if (tls13()) {
            return new CertificateRequest(TlsUtils.EMPTY_BYTES, clientSchemes(), null, null);
        }
        return new CertificateRequest(new short[] {RSA_SIGN, ECDSA_SIGN}, clientSchemes(), null);
    }

    @Override
    public boolean shouldCheckSigAlgOfPeerCerts() {
        return false;
    }

    @Override
    public void notifyClientCertificate(Certificate presented) throws IOException {
        if (presented.isEmpty()) {
            boolean lax = habits.odd(Oddity.CLIENT_CERTIFICATE_NOT_NEEDED)
                    || tls13() && habits.odd(Oddity.CLIENT_CERTIFICATE_NOT_NEEDED_IN_TLS_1_3);
            if (!lax) {
                throw new TlsFatalAlert(
                        tls13() ? AlertDescription.certificate_required : AlertDescription.handshake_failure);
            }
        } else if (!new ClientCheck(pki, habits).takes(presented, tls13())) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
    }
}
