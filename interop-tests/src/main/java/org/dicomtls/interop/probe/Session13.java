package org.dicomtls.interop.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.Octets;
import org.dicomtls.wire.ServerHello;
import org.dicomtls.wire.WireException;

/**
 * A handshake of TLS 1.3 of our own, which remembers a session and takes it up again by a hello that no engine sends:
 * with both key exchange modes offered (S55). Nothing of the server is verified: it is looked at, not trusted.
 */
final class Session13 {

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int MOST_RECORDS = 64;
    private static final int NEW_SESSION_TICKET = 4;
    private static final int CERTIFICATE_REQUEST = 13;
    private static final int FINISHED = 20;
    private static final int LONGEST_MESSAGE = 1 << 17;
    /** psk_ke before psk_dhe_ke: a server that follows the client takes the one without a key exchange. */
    private static final int[] BOTH_MODES = {2, 0, 1};

    /**
     * A session that can be taken up again.
     *
     * @param suite its hash is that of the pre-shared key
     * @param psk the pre-shared key of the ticket
     * @param ageAdd what obscures the age of the ticket
     */
    record Ticket(CipherSuite suite, byte[] identity, byte[] psk, long ageAdd) {}

    /**
     * What became of taking it up again.
     *
     * @param taken whether the server took the session
     * @param keyShare whether it made a fresh key exchange
     */
    record Resumption(boolean taken, boolean keyShare, String words) {}

    private final AnswerReader.Source source;
    private final Socket socket;
    private final ByteArrayOutputStream transcript = new ByteArrayOutputStream();
    private byte[] pending = new byte[0];
    private Optional<FlightKeys> incoming = Optional.empty();
    private int records;

    private Session13(Target target, Socket socket) throws IOException {
        this.source = target.source(socket);
        this.socket = socket;
    }

    /**
     * Completes a handshake and waits for a ticket.
     *
     * @param readable a question with a usable share
     * @return empty when the server sent none in time, or ended before
     */
    static Optional<Ticket> ticket(Target target, Question readable, Optional<Credential> credential)
            throws UnreachableException {
        Question question = readable.extension(Extensions.PSK_KEY_EXCHANGE_MODES, BOTH_MODES);
        try (Socket socket = target.connect()) {
            return new Session13(target, socket).ticket(question, credential, target.associateRequest());
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** Offers the session in both modes. */
    static Resumption resume(Target target, Question readable, Ticket ticket) throws UnreachableException {
        Question question = readable.suites(List.of(ticket.suite()))
                .extension(Extensions.PSK_KEY_EXCHANGE_MODES, BOTH_MODES)
                .named("session of before, psk_ke and psk_dhe_ke");
        try (Socket socket = target.connect()) {
            byte[] hello = withBinder(question, ticket);
            socket.getOutputStream().write(question.record(hello));
            Answer answer = AnswerReader.read(target.source(socket), hello, Optional.empty());
            boolean taken = answer.hello().map(h -> h.extensions().has(Extensions.PRE_SHARED_KEY)).orElse(false);
            boolean share = answer.hello().map(h -> h.extensions().has(Extensions.KEY_SHARE)).orElse(false);
            return new Resumption(taken, share, Inquiry.evidence(question, answer)
                    + (taken ? share ? ", pre_shared_key with key_share" : ", pre_shared_key without key_share" : ""));
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            return new Resumption(false, false, question.words() + " → " + e.getMessage());
        }
    }

    /** The hello with pre_shared_key as its last extension, bound to the ticket's key (RFC 8446 §4.2.11.2). */
    private static byte[] withBinder(Question question, Ticket ticket) throws GeneralSecurityException {
        KeySchedule schedule = new KeySchedule(ticket.suite());
        int length = schedule.length();
        ByteArrayOutputStream offer = new ByteArrayOutputStream();
        int identity = ticket.identity().length;
        vector(offer, 2, identity + 6);
        vector(offer, 2, identity);
        offer.writeBytes(ticket.identity());
        long age = 1000 + ticket.ageAdd() & 0xFFFF_FFFFL;
        vector(offer, 4, age);
        vector(offer, 2, length + 1);
        offer.write(length);
        offer.writeBytes(new byte[length]);
        byte[] hello = question.without(Extensions.PRE_SHARED_KEY)
                .extension(Extensions.PRE_SHARED_KEY, offer.toByteArray())
                .message();
        byte[] truncated = Arrays.copyOf(hello, hello.length - length - 3);
        byte[] binder = schedule.derive(schedule.early(ticket.psk()), "res binder");
        byte[] mac = schedule.finished(binder, schedule.hash(truncated));
        System.arraycopy(mac, 0, hello, hello.length - length, length);
        return hello;
    }

    private static void vector(ByteArrayOutputStream out, int octets, long value) {
        for (int i = octets - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
    }

    private Optional<Ticket> ticket(Question question, Optional<Credential> credential, byte[] associateRequest)
            throws IOException, GeneralSecurityException {
        byte[] clientHello = question.message();
        socket.getOutputStream().write(question.record(clientHello));
        transcript.writeBytes(clientHello);
        byte[] serverHello = message();
        ServerHello read = ServerHello.read(Arrays.copyOfRange(serverHello, 4, serverHello.length));
        KeyShare share = question.share().orElseThrow();
        if (serverHello[0] != 2 || read.helloRetryRequest() || !read.version().equals(TlsVersion.TLS_1_3)
                || !read.group().equals(Optional.of(share.group())) || !FlightKeys.known(read.suite())) {
            return Optional.empty();
        }
        transcript.writeBytes(serverHello);
        KeySchedule schedule = new KeySchedule(read.suite());
        byte[] agreed = share.secret(publicValue(read));
        byte[] handshake = schedule.handshake(schedule.early(new byte[0]), agreed);
        byte[] server = schedule.derive(handshake, "s hs traffic", transcript.toByteArray());
        byte[] client = schedule.derive(handshake, "c hs traffic", transcript.toByteArray());
        incoming = Optional.of(FlightKeys.of(read.suite(), server));
        FlightKeys outgoing = FlightKeys.of(read.suite(), client);
        Optional<byte[]> requestContext = Optional.empty();
        List<Integer> schemes = List.of();
        byte[] last;
        do {
            last = message();
            transcript.writeBytes(last);
            if (last[0] == CERTIFICATE_REQUEST) {
                Octets in = new Octets(Arrays.copyOfRange(last, 4, last.length));
                requestContext = Optional.of(in.vector8("certificate_request_context").rest());
                schemes = schemes(in.vector16("extensions"));
            }
        } while (last[0] != FINISHED);
        byte[] master = schedule.master(handshake);
        byte[] serverTraffic = schedule.derive(master, "s ap traffic", transcript.toByteArray());
        byte[] clientTraffic = schedule.derive(master, "c ap traffic", transcript.toByteArray());
        ByteArrayOutputStream flight = new ByteArrayOutputStream();
        flight.writeBytes(new byte[] {20, 3, 3, 0, 1, 1});
        if (requestContext.isPresent()) {
            for (byte[] one : authentication(requestContext.get(), schemes, credential, schedule)) {
                flight.writeBytes(outgoing.seal(HANDSHAKE, one));
            }
        }
        byte[] finished = handshakeMessage(FINISHED, schedule.finished(client, schedule.hash(transcript.toByteArray())));
        transcript.writeBytes(finished);
        flight.writeBytes(outgoing.seal(HANDSHAKE, finished));
        flight.writeBytes(FlightKeys.of(read.suite(), clientTraffic).seal(APPLICATION_DATA, associateRequest));
        socket.getOutputStream().write(flight.toByteArray());
        byte[] resumption = schedule.derive(master, "res master", transcript.toByteArray());
        incoming = Optional.of(FlightKeys.of(read.suite(), serverTraffic));
        while (true) {
            byte[] message = message();
            if (message[0] == NEW_SESSION_TICKET) {
                Octets in = new Octets(Arrays.copyOfRange(message, 4, message.length));
                in.take(4, "ticket_lifetime");
                long ageAdd = (long) in.uint16("ticket_age_add") << 16 | in.uint16("ticket_age_add");
                byte[] nonce = in.vector8("ticket_nonce").rest();
                byte[] identity = in.vector16("ticket").rest();
                return Optional.of(new Ticket(
                        read.suite(),
                        identity,
                        schedule.expand(resumption, "resumption", nonce, schedule.length()),
                        ageAdd));
            }
        }
    }

    private static byte[] publicValue(ServerHello hello) throws WireException {
        Octets in = new Octets(hello.extensions().content(Extensions.KEY_SHARE).orElseThrow());
        NamedGroup.of(in.uint16("key_share group"));
        return in.vector16("key_share value").rest();
    }

    private static List<Integer> schemes(Octets extensions) throws WireException {
        while (extensions.remaining() > 0) {
            int type = extensions.uint16("extension type");
            Octets content = extensions.vector16("extension");
            if (type == Extensions.SIGNATURE_ALGORITHMS) {
                return Arrays.stream(content.vector16("signature_algorithms").uint16List("signature_algorithms"))
                        .boxed()
                        .toList();
            }
        }
        return List.of();
    }

    /** Certificate, and CertificateVerify where there is something to verify. */
    private List<byte[]> authentication(
            byte[] context, List<Integer> schemes, Optional<Credential> credential, KeySchedule schedule)
            throws GeneralSecurityException {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        if (credential.isPresent()) {
            for (X509Certificate one : credential.get().chain()) {
                vector(entries, 3, one.getEncoded().length);
                entries.writeBytes(one.getEncoded());
                vector(entries, 2, 0);
            }
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(context.length);
        body.writeBytes(context);
        vector(body, 3, entries.size());
        body.writeBytes(entries.toByteArray());
        byte[] certificate = handshakeMessage(11, body.toByteArray());
        transcript.writeBytes(certificate);
        if (credential.isEmpty()) {
            return List.of(certificate);
        }
        PrivateKey key = credential.get().key();
        boolean rsa = key.getAlgorithm().equals("RSA");
        SignatureScheme scheme = SignatureScheme.of(scheme(credential.get()));
        if (!schemes.contains(scheme.code())) {
            throw new GeneralSecurityException("the server does not take " + scheme);
        }
        Signature signature = Signature.getInstance(rsa ? "RSASSA-PSS" : "SHA" + scheme.hash().strength() * 2 + "withECDSA");
        if (rsa) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.initSign(key);
        signature.update(" ".repeat(64).getBytes(StandardCharsets.US_ASCII));
        signature.update("TLS 1.3, client CertificateVerify\0".getBytes(StandardCharsets.US_ASCII));
        signature.update(schedule.hash(transcript.toByteArray()));
        byte[] signed = signature.sign();
        ByteArrayOutputStream verify = new ByteArrayOutputStream();
        vector(verify, 2, scheme.code());
        vector(verify, 2, signed.length);
        verify.writeBytes(signed);
        byte[] certificateVerify = handshakeMessage(15, verify.toByteArray());
        transcript.writeBytes(certificateVerify);
        return List.of(certificate, certificateVerify);
    }

    /** TLS 1.3 ties an ECDSA scheme to a curve (RFC 8446 §4.2.3). */
    static int scheme(Credential credential) {
        if (!(credential.certificate().getPublicKey() instanceof ECPublicKey key)) {
            return 0x0804;
        }
        int bits = key.getParams().getCurve().getField().getFieldSize();
        return bits > 384 ? 0x0603 : bits > 256 ? 0x0503 : 0x0403;
    }

    private static byte[] handshakeMessage(int type, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type);
        vector(out, 3, body.length);
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** The next handshake message with its header. */
    private byte[] message() throws IOException {
        while (true) {
            if (pending.length >= 4) {
                int size = 4 + ((pending[1] & 0xFF) << 16 | (pending[2] & 0xFF) << 8 | pending[3] & 0xFF);
                if (size > LONGEST_MESSAGE) {
                    throw new WireException("a handshake message of " + size + " octets");
                }
                if (pending.length >= size) {
                    byte[] message = Arrays.copyOf(pending, size);
                    pending = Arrays.copyOfRange(pending, size, pending.length);
                    return message;
                }
            }
            pending = Question.concat(pending, record());
        }
    }

    /** The content of the next record with handshake messages. */
    private byte[] record() throws IOException {
        while (++records <= MOST_RECORDS) {
            byte[] header = new byte[5];
            fill(header);
            byte[] body = new byte[(header[3] & 0xFF) << 8 | header[4] & 0xFF];
            fill(body);
            int type = header[0];
            if (type == APPLICATION_DATA && incoming.isPresent()) {
                byte[] inner = incoming.get().open(header, body);
                type = inner[inner.length - 1];
                body = Arrays.copyOf(inner, inner.length - 1);
            }
            if (type == HANDSHAKE) {
                return body;
            }
            if (type == ALERT) {
                throw new WireException("an alert");
            }
        }
        throw new WireException("more than " + MOST_RECORDS + " records");
    }

    private void fill(byte[] octets) throws IOException {
        if (!AnswerReader.fill(source, octets)) {
            throw new WireException("the end of the stream");
        }
    }
}
