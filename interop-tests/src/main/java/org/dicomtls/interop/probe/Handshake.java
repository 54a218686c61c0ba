package org.dicomtls.interop.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Vector;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsDHGroupVerifier;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.AssociationRejectedException;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/**
 * A handshake that is brought to its end, with a certificate of the client or without, and a DICOM association request
 * after it: only then is it known whether a server takes the client.
 *
 * @param outcome what became of it
 * @param asked whether the server asked for a client certificate
 * @param alert the alert that ended it
 * @param sessionId the session id of TLS 1.2
 * @param ticket the ticket of TLS 1.2
 * @param ticketLifetime in seconds, the longest of all tickets
 * @param earlyData whether a ticket of TLS 1.3 allows early data
 * @param renegotiation what became of a renegotiation, where it was tried
 * @param nonces the explicit nonces of the server's records of AES-GCM in TLS 1.2, in their order
 * @param laterRequest whether the server asked for a certificate after the handshake
 * @param answered whether the server answered the association request
 * @param hungUp whether it completed the handshake and then ended the connection without an answer or an alert
 * @param echo the status of a C-ECHO after it, or why there was none
 * @param words what happened, for evidence
 */
record Handshake(
        Outcome outcome,
        boolean asked,
        Optional<AlertDescription> alert,
        byte[] sessionId,
        byte[] ticket,
        Optional<Long> ticketLifetime,
        boolean earlyData,
        Optional<Outcome> renegotiation,
        List<Long> nonces,
        boolean laterRequest,
        boolean answered,
        boolean hungUp,
        String echo,
        String words) {

    /** Whether a server went along. */
    enum Outcome {
        ACCEPTED,
        REFUSED,
        /** It neither answered nor ended. */
        UNKNOWN
    }

    /** What is tried after the handshake. */
    enum After {
        /** An association with a C-ECHO. */
        ASSOCIATION,
        /** The same in TLS 1.3, willing to authenticate again, and with new keys asked for in between. */
        POST_HANDSHAKE,
        RENEGOTIATION
    }

    /**
     * What the client shows.
     *
     * @param credential its certificate, if any
     * @param scheme how it signs with it; by default the server's first choice that is not SHA-1
     */
    record Showing(Optional<Credential> credential, OptionalInt scheme) {
        static Showing of(Optional<Credential> credential) {
            return new Showing(credential, OptionalInt.empty());
        }
    }

    /** Completes a handshake of that version with those suites. */
    static Handshake with(
            Target target, TlsVersion version, List<CipherSuite> suites, Showing showing, After after)
            throws UnreachableException {
        try (Socket socket = target.connect()) {
            Client client = new Client(TlsCryptos.create(), version, finishable(suites), showing, after);
            Protocol protocol = new Protocol(target, new Incoming(target.source(socket)), socket, client);
            return client.result(protocol.run(after), protocol);
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException e) {
            return new Handshake(
                    Outcome.UNKNOWN, false, Optional.empty(), new byte[0], new byte[0], Optional.empty(), false,
                    Optional.empty(), List.of(), false, false, false, "", "connection failed: " + e.getMessage());
        }
    }

    /** What the engine can finish, the sound ones first: a suite without encryption or certificate tells nothing here. */
    private static List<CipherSuite> finishable(List<CipherSuite> suites) {
        return suites.stream()
                .filter(s -> s.tls13() || s.certificateAuthenticated() && s.bits() > 0)
                .sorted(Comparator.comparing(s -> !(s.aead() && s.forwardSecret())))
                .toList();
    }

    /** What the server sends; remembers whether it ended the connection. */
    private static final class Incoming extends InputStream {
        private final AnswerReader.Source source;
        private final NonceTap nonces = new NonceTap();
        private boolean lost;

        Incoming(AnswerReader.Source source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                int n = length == 0 ? 0 : source.read(into, offset, length);
                lost |= n < 0;
                if (n > 0) {
                    nonces.take(into, offset, n);
                }
                return n;
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                lost = true;
                throw e;
            }
        }
    }

    /** A server may refuse and close while we still write; its alert is to be read then, so writing does not fail. */
    private static final class Outgoing extends OutputStream {
        private final OutputStream out;

        Outgoing(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            try {
                out.write(octets, offset, length);
            } catch (IOException e) {
                // reading tells how the server ended it
            }
        }
    }

    /** Ends a connection whose renegotiation is done. */
    private static final class Renegotiated extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final class Protocol extends TlsClientProtocol {
        private final Target target;
        private final Incoming in;
        private final Client client;
        private int tickets13;
        private Optional<Long> lifetime13 = Optional.empty();
        private boolean earlyData;
        private Optional<Outcome> renegotiation = Optional.empty();
        private Optional<AlertDescription> alert = Optional.empty();
        private final Socket socket;
        private boolean finished;
        private boolean laterRequest;
        private boolean updatePending;
        private boolean answered;
        private boolean hungUp;
        private String echo = "";
        private String words = "";

        Protocol(Target target, Incoming in, Socket socket, Client client) throws IOException {
            super(in, new Outgoing(socket.getOutputStream()));
            this.socket = socket;
            this.target = target;
            this.in = in;
            this.client = client;
        }

        Outcome run(After after) {
            boolean finished = false;
            try {
                connect(client);
                finished = true;
                this.finished = true;
                if (after == After.RENEGOTIATION) {
                    return renegotiate();
                }
                return association(after);
            } catch (TlsFatalAlertReceived e) {
                alert = Optional.of(new AlertDescription(e.getAlertDescription() & 0xFF));
                words = (finished ? "after the handshake " : "during the handshake ") + "alert " + alert.get();
                return Outcome.REFUSED;
            } catch (SocketTimeoutException e) {
                words = finished ? "handshake completed, no answer to A-ASSOCIATE-RQ in time" : "no answer in time";
                if (!finished) {
                    return Outcome.UNKNOWN;
                }
            } catch (IOException e) {
                words = (finished ? "handshake completed, then " : "during the handshake ") + "the connection failed: "
                        + e.getMessage();
                if (!finished) {
                    return client.flight && in.lost ? Outcome.REFUSED : Outcome.UNKNOWN;
                }
                hungUp = true;
            }
            // In TLS 1.2 the server's Finished is its consent; in TLS 1.3 its tickets are.
            if (client.version.equals(TlsVersion.TLS_1_3) && tickets13 == 0) {
                return words.endsWith("in time") ? Outcome.UNKNOWN : Outcome.REFUSED;
            }
            return Outcome.ACCEPTED;
        }

        /** Any DICOM that comes back shows that the server took the client; what follows is told besides. */
        private Outcome association(After after) throws IOException {
            StreamSocket stream = new StreamSocket(socket, getInputStream(), getOutputStream());
            try (Association association = Association.open(
                    stream, target.calling(), target.called(), PresentationContext.verification(), target.timeout())) {
                words = "handshake completed, A-ASSOCIATE-AC";
                if (after == After.POST_HANDSHAKE) {
                    updatePending = true;
                    send13KeyUpdate(true);
                }
                echo = "C-ECHO " + association.echo();
                updatePending = false;
                association.release();
            } catch (AssociationRejectedException e) {
                words = "handshake completed, A-ASSOCIATE-RJ";
                echo = e.getMessage();
            } catch (IOException e) {
                if (words.isEmpty() && !stream.received()) {
                    throw e;
                }
                words = words.isEmpty() ? "handshake completed, then octets that are no association" : words;
                echo = echo.isEmpty() ? "no C-ECHO: " + e.getMessage() : echo;
            }
            words += echo.isEmpty() ? "" : ", " + echo;
            answered = true;
            return Outcome.ACCEPTED;
        }

        @Override
        protected void handle13HandshakeMessage(short type, HandshakeMessageInput buf) throws IOException {
            if (finished && type == HandshakeType.certificate_request) {
                laterRequest = true;
            }
            super.handle13HandshakeMessage(type, buf);
        }

        private Outcome renegotiate() throws IOException {
            words = "handshake completed, second ClientHello sent: ";
            client.again = true;
            try {
                beginHandshake(true);
                if (getInputStream().read() < 0) {
                    renegotiation = Optional.of(client.renewed ? Outcome.ACCEPTED : Outcome.REFUSED);
                    words += client.renewed ? "a second ServerHello came" : "connection ended";
                }
            } catch (Renegotiated e) {
                renegotiation = Optional.of(Outcome.ACCEPTED);
                words += "second handshake completed";
            } catch (SocketTimeoutException e) {
                renegotiation = Optional.of(client.renewed ? Outcome.ACCEPTED : Outcome.UNKNOWN);
                words += client.renewed ? "a second ServerHello came" : "no answer in time";
            } catch (IOException e) {
                renegotiation = Optional.of(client.renewed ? Outcome.ACCEPTED : Outcome.REFUSED);
                words += client.renewed ? "a second ServerHello came" : "refused: " + e.getMessage();
            }
            return Outcome.ACCEPTED;
        }

        @Override
        protected void receive13NewSessionTicket(ByteArrayInputStream buf) throws IOException {
            tickets13++;
            long lifetime = TlsUtils.readUint32(buf);
            lifetime13 = Optional.of(Math.max(lifetime, lifetime13.orElse(0L)));
            TlsUtils.readUint32(buf);
            TlsUtils.readOpaque8(buf);
            TlsUtils.readOpaque16(buf);
            byte[] extensions = TlsUtils.readOpaque16(buf);
            ByteArrayInputStream in = new ByteArrayInputStream(extensions);
            while (in.available() > 0) {
                int type = TlsUtils.readUint16(in);
                TlsUtils.readOpaque16(in);
                earlyData |= type == 42;
            }
        }
    }

    private static final class Client extends DefaultTlsClient implements TlsAuthentication {
        private final JcaTlsCrypto crypto;
        private final TlsVersion version;
        private final int[] suites;
        private final Showing showing;
        private final After after;
        private boolean asked;
        private boolean flight;
        private boolean again;
        private boolean renewed;
        private byte[] sessionId = new byte[0];
        private byte[] ticket = new byte[0];
        private Optional<Long> lifetime = Optional.empty();

        Client(JcaTlsCrypto crypto, TlsVersion version, List<CipherSuite> suites, Showing showing, After after) {
            super(crypto);
            this.crypto = crypto;
            this.version = version;
            this.suites = TlsUtils.getSupportedCipherSuites(
                    crypto, suites.stream().mapToInt(CipherSuite::code).toArray());
            this.showing = showing;
            this.after = after;
        }

        Handshake result(Outcome outcome, Protocol protocol) {
            return new Handshake(
                    outcome,
                    asked,
                    protocol.alert,
                    sessionId,
                    ticket,
                    lifetime.or(() -> protocol.lifetime13),
                    protocol.earlyData,
                    protocol.renegotiation,
                    protocol.in.nonces.seen(context),
                    protocol.laterRequest,
                    protocol.answered,
                    protocol.hungUp,
                    protocol.updatePending ? "KeyUpdate sent, " + protocol.echo : protocol.echo,
                    version + " handshake "
                            + showing.credential()
                                    .map(c -> "with client certificate " + c.name())
                                    .orElse("without a client certificate")
                            + (showing.scheme().isPresent()
                                    ? " signed with " + org.dicomtls.tls.SignatureScheme.of(showing.scheme().getAsInt())
                                    : "")
                            + ": " + protocol.words);
        }

        @Override
        public ProtocolVersion[] getProtocolVersions() {
            return ProtocolVersion.get(version.code() >>> 8, version.code() & 0xFF).only();
        }

        @Override
        public int[] getCipherSuites() {
            return suites.clone();
        }

        @Override
        public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
            Hashtable<Integer, byte[]> all = new Hashtable<>();
            for (Object entry : TlsExtensionsUtils.ensureExtensionsInitialised(super.getClientExtensions()).entrySet()) {
                if (entry instanceof java.util.Map.Entry<?, ?> e
                        && e.getKey() instanceof Integer type
                        && e.getValue() instanceof byte[] content) {
                    all.put(type, content);
                }
            }
            if (!version.equals(TlsVersion.TLS_1_3)) {
                all.put(Extensions.SESSION_TICKET, new byte[0]);
            } else if (after == After.POST_HANDSHAKE) {
                all.put(Extensions.POST_HANDSHAKE_AUTH, new byte[0]);
            }
            return all;
        }

        /** That the server does not signal it is a finding of another probe, too. */
        @Override
        public void notifySecureRenegotiation(boolean signalled) {}

        /** A second ServerHello shows that the server renegotiates, whatever becomes of it. */
        @Override
        public void notifySelectedCipherSuite(int suite) {
            super.notifySelectedCipherSuite(suite);
            renewed |= again;
        }

        /** A weak prime is a finding of another probe, not a reason to end this handshake. */
        @Override
        public TlsDHGroupVerifier getDHGroupVerifier() {
            return group -> true;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return this;
        }

        /** Trust is none of our business here: what the server presents is judged by rules. */
        @Override
        public void notifyServerCertificate(TlsServerCertificate serverCertificate) {
            flight = true;
        }

        @Override
        public void notifySessionID(byte[] id) {
            sessionId = id == null ? new byte[0] : id.clone();
        }

        @Override
        public void notifyNewSessionTicket(NewSessionTicket newTicket) {
            ticket = newTicket.getTicket().clone();
            lifetime = Optional.of(newTicket.getTicketLifetimeHint());
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            if (again) {
                renewed = true;
                throw new Renegotiated();
            }
        }

        @Override
        public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
            asked = true;
            flight = true;
            if (showing.credential().isEmpty()) {
                return null;
            }
            Credential own = showing.credential().get();
            byte[] requestContext = request.getCertificateRequestContext();
            CertificateEntry[] entries = new CertificateEntry[own.chain().size()];
            TlsCertificate[] plain = new TlsCertificate[own.chain().size()];
            for (int i = 0; i < entries.length; i++) {
                plain[i] = new JcaTlsCertificate(crypto, own.chain().get(i));
                entries[i] = new CertificateEntry(plain[i], null);
            }
            Certificate chain = requestContext == null ? new Certificate(plain) : new Certificate(requestContext, entries);
            return new JcaDefaultTlsCredentialedSigner(
                    new TlsCryptoParameters(context), crypto, own.key(), chain, algorithm(own, request));
        }

        /** The first scheme of the server's list that the key can make; below TLS 1.2 there is none to choose. */
        private SignatureAndHashAlgorithm algorithm(Credential own, CertificateRequest request) throws IOException {
            if (!TlsUtils.isTLSv12(context)) {
                return null;
            }
            if (showing.scheme().isPresent()) {
                return SignatureScheme.getSignatureAndHashAlgorithm(showing.scheme().getAsInt());
            }
            boolean rsa = own.key().getAlgorithm().equals("RSA");
            int[] usable = rsa
                    ? version.equals(TlsVersion.TLS_1_3)
                            ? new int[] {SignatureScheme.rsa_pss_rsae_sha256, SignatureScheme.rsa_pss_rsae_sha384}
                            : new int[] {0x0401, SignatureScheme.rsa_pss_rsae_sha256, 0x0501}
                    : version.equals(TlsVersion.TLS_1_3)
                            ? new int[] {Session13.scheme(own)}
                            : new int[] {0x0403, 0x0503, 0x0603};
            Vector<?> offered = request.getSupportedSignatureAlgorithms();
            for (int code : usable) {
                SignatureAndHashAlgorithm one = SignatureScheme.getSignatureAndHashAlgorithm(code);
                if (offered != null && offered.contains(one)) {
                    return one;
                }
            }
            throw new IOException("the server takes no signature of the client's kind of key");
        }
    }
}
