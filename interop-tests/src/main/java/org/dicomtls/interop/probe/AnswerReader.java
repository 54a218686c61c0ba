package org.dicomtls.interop.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.Ffdhe;
import org.dicomtls.wire.Octets;
import org.dicomtls.wire.ServerHello;
import org.dicomtls.wire.WireException;

/**
 * Reads a server's first flight. Whatever the server sends, at most {@value #MOST} octets are read, and what is not TLS
 * becomes an answer that says so.
 */
final class AnswerReader {

    /** More than any first flight; beyond it nothing is read. */
    static final int MOST = 1 << 18;

    private static final int LONGEST_RECORD = (1 << 14) + 2048;
    private static final int MOST_CERTIFICATES = 16;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    /** Where octets come from; as {@link java.io.InputStream#read(byte[], int, int)}. */
    @FunctionalInterface
    interface Source {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    private final Source source;
    private final byte[] clientHello;
    private final Optional<KeyShare> share;
    private final boolean invalidShare;
    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private byte[] pending = new byte[0];
    private int total;

    private Answer.Kind kind;
    private Optional<ServerHello> hello = Optional.empty();
    private Optional<Extensions> encrypted = Optional.empty();
    private final List<byte[]> certificates = new ArrayList<>();
    private Optional<NamedGroup> group = Optional.empty();
    private Optional<BigInteger> dhePrime = Optional.empty();
    private byte[] serverShare = new byte[0];
    private Optional<SignatureScheme> scheme = Optional.empty();
    private Optional<Answer.Request> request = Optional.empty();
    private boolean stapled;
    private boolean readable;
    private boolean resumed;
    private Optional<AlertDescription> alert = Optional.empty();
    private String note = "";
    private Optional<FlightKeys> keys = Optional.empty();
    private boolean done;

    private AnswerReader(Source source, byte[] clientHello, Optional<KeyShare> share) {
        this.source = source;
        this.clientHello = clientHello;
        this.share = share.filter(KeyShare::usable);
        this.invalidShare = share.isPresent() && this.share.isEmpty();
    }

    /**
     * The answer to that ClientHello message.
     *
     * @param share the key share in it; a usable one lets the flight of TLS 1.3 be read, after an invalid one the alert
     *     may follow the ServerHello
     */
    static Answer read(Source source, byte[] clientHello, Optional<KeyShare> share) {
        AnswerReader reader = new AnswerReader(source, clientHello, share);
        try {
            reader.records();
        } catch (SocketTimeoutException e) {
            reader.ended(Answer.Kind.SILENCE);
        } catch (WireException e) {
            reader.kind = Answer.Kind.NOT_TLS;
            reader.note = e.getMessage();
        } catch (IOException e) {
            reader.ended(Answer.Kind.CLOSED);
        }
        return reader.answer();
    }

    private Answer answer() {
        return new Answer(
                kind, hello, encrypted, List.copyOf(certificates), group, dhePrime, serverShare, scheme, request, stapled,
                readable, resumed, alert, note, first.toByteArray());
    }

    /** After a hello the answer is that hello, even if the rest of the flight stays out. */
    private void ended(Answer.Kind how) {
        if (hello.isEmpty()) {
            kind = how;
        }
    }

    private void records() throws IOException {
        while (!done) {
            byte[] header = new byte[5];
            if (!fill(header)) {
                ended(Answer.Kind.CLOSED);
                return;
            }
            int type = header[0] & 0xFF;
            int length = (header[3] & 0xFF) << 8 | header[4] & 0xFF;
            if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || header[1] != 3) {
                throw new WireException(String.format(
                        "begins with %02X %02X %02X", type, header[1] & 0xFF, header[2] & 0xFF));
            }
            if (length > LONGEST_RECORD || total + length > MOST) {
                throw new WireException("a record of " + length + " octets after " + total);
            }
            byte[] body = new byte[length];
            if (!fill(body)) {
                ended(Answer.Kind.CLOSED);
                return;
            }
            take(type, header, body);
        }
    }

    private void take(int type, byte[] header, byte[] body) throws WireException {
        switch (type) {
            case HANDSHAKE -> handshake(body, 0, body.length);
            case ALERT -> alert(body, 0, body.length);
            case APPLICATION_DATA -> {
                if (keys.isEmpty() && invalidShare && tls13()) {
                    done = true; // it went on with a secret that it cannot have
                    return;
                }
                if (keys.isEmpty()) {
                    throw new WireException("application data before the handshake");
                }
                byte[] inner = keys.get().open(header, body);
                int kindInside = inner[inner.length - 1] & 0xFF;
                if (kindInside == HANDSHAKE) {
                    handshake(inner, 0, inner.length - 1);
                } else if (kindInside == ALERT) {
                    alert(inner, 0, inner.length - 1);
                }
            }
            default -> {
                // In TLS 1.2 encryption begins here: the server goes on without a full handshake.
                if (hello.isPresent() && !tls13()) {
                    resumed = certificates.isEmpty();
                    done = true;
                }
            }
        }
    }

    private void alert(byte[] octets, int from, int length) throws WireException {
        if (length != 2) {
            throw new WireException("an alert of " + length + " octets");
        }
        int level = octets[from] & 0xFF;
        int description = octets[from + 1] & 0xFF;
        if (level == 1 && description != 0) {
            return; // a warning, such as unrecognized_name before a ServerHello
        }
        alert = Optional.of(new AlertDescription(description));
        kind = Answer.Kind.ALERT;
        done = true;
    }

    private void handshake(byte[] octets, int from, int length) throws WireException {
        byte[] all = Arrays.copyOf(pending, pending.length + length);
        System.arraycopy(octets, from, all, pending.length, length);
        int position = 0;
        while (!done && all.length - position >= 4) {
            int size = (all[position + 1] & 0xFF) << 16 | (all[position + 2] & 0xFF) << 8 | all[position + 3] & 0xFF;
            if (size > MOST) {
                throw new WireException("a handshake message of " + size + " octets");
            }
            if (all.length - position - 4 < size) {
                break;
            }
            byte[] whole = Arrays.copyOfRange(all, position, position + 4 + size);
            position += 4 + size;
            message(whole[0] & 0xFF, whole);
        }
        pending = Arrays.copyOfRange(all, position, all.length);
    }

    private void message(int type, byte[] whole) throws WireException {
        byte[] body = Arrays.copyOfRange(whole, 4, whole.length);
        if (type == 2) {
            if (hello.isPresent()) {
                throw new WireException("a second ServerHello");
            }
            hello(ServerHello.read(body), whole);
            return;
        }
        if (hello.isEmpty()) {
            if (type == 0) {
                return; // HelloRequest says nothing
            }
            throw new WireException("handshake message " + type + " before the ServerHello");
        }
        switch (type) {
            case 8 -> {
                Octets in = new Octets(body);
                encrypted = Optional.of(Extensions.read(in));
                in.end("EncryptedExtensions");
            }
            case 11 -> certificate(new Octets(body));
            case 12 -> serverKeyExchange(new Octets(body));
            case 13 -> request(new Octets(body));
            case 14 -> {
                readable = true;
                done = true;
            }
            case 15 -> {
                Octets in = new Octets(body);
                scheme = Optional.of(SignatureScheme.of(in.uint16("CertificateVerify")));
                in.vector16("signature");
                in.end("CertificateVerify");
                readable = true;
                done = true;
            }
            case 20 -> {
                resumed = tls13() && certificates.isEmpty();
                done = true;
            }
            case 22 -> status(new Octets(body));
            default -> { } // NewSessionTicket and what a server may add tell nothing that is asked for
        }
    }

    private boolean tls13() {
        return hello.map(h -> h.version().equals(TlsVersion.TLS_1_3)).orElse(false);
    }

    private void hello(ServerHello read, byte[] whole) throws WireException {
        hello = Optional.of(read);
        group = read.group();
        kind = read.helloRetryRequest() ? Answer.Kind.RETRY : Answer.Kind.HELLO;
        if (!tls13()) {
            return;
        }
        if (kind == Answer.Kind.RETRY) {
            done = true;
            return;
        }
        Optional<byte[]> content = read.extensions().content(Extensions.KEY_SHARE);
        if (content.isPresent()) {
            Octets in = new Octets(content.get());
            in.uint16("key_share group");
            serverShare = in.vector16("key_share value").rest();
            in.end("key_share");
        }
        boolean ours = share.isPresent() && group.equals(share.map(KeyShare::group)) && FlightKeys.known(read.suite());
        if (!ours) {
            done = !invalidShare;
            return;
        }
        try {
            keys = Optional.of(FlightKeys.of(read.suite(), share.get().secret(serverShare), clientHello, whole));
            if (pending.length > 0) {
                pending = new byte[0];
            }
        } catch (GeneralSecurityException e) {
            throw new WireException("the server's key share: " + e.getMessage());
        }
    }

    private void certificate(Octets in) throws WireException {
        boolean entries = tls13();
        if (entries) {
            in.vector8("certificate_request_context");
        }
        Octets list = in.vector24("certificate_list");
        in.end("Certificate");
        while (list.remaining() > 0) {
            if (certificates.size() == MOST_CERTIFICATES) {
                throw new WireException("more than " + MOST_CERTIFICATES + " certificates");
            }
            certificates.add(list.vector24("certificate").rest());
            if (entries) {
                Octets extensions = list.vector16("certificate extensions");
                while (extensions.remaining() > 0) {
                    int type = extensions.uint16("extension type");
                    Octets content = extensions.vector16("extension");
                    if (type == Extensions.STATUS_REQUEST) {
                        status(content);
                    }
                }
            }
        }
    }

    /** A status counts if it is a response of a responder, and not its excuse. */
    private void status(Octets in) throws WireException {
        if (in.uint8("status_type") != 1) {
            return;
        }
        byte[] response = in.vector24("OCSPResponse").rest();
        try {
            OCSPResponse read = OCSPResponse.getInstance(response);
            stapled |= read.getResponseStatus().getIntValue() == OCSPResponseStatus.SUCCESSFUL
                    && read.getResponseBytes() != null;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new WireException("an OCSPResponse that cannot be read: " + e.getMessage());
        }
    }

    private void serverKeyExchange(Octets in) throws WireException {
        ServerHello chosen = hello.orElseThrow();
        KeyExchange exchange = chosen.suite().keyExchange();
        boolean anonymous = chosen.suite().anonymous();
        if (exchange == KeyExchange.ECDHE || exchange == KeyExchange.ECDH && anonymous) {
            if (in.uint8("curve_type") != 3) {
                throw new WireException("a curve without a name");
            }
            group = Optional.of(NamedGroup.of(in.uint16("named_curve")));
            serverShare = in.vector8("public point").rest();
        } else if (exchange == KeyExchange.DHE || exchange == KeyExchange.DH && anonymous) {
            BigInteger prime = new BigInteger(1, in.vector16("dh_p").rest());
            dhePrime = Optional.of(prime);
            group = Ffdhe.groupOf(prime);
            in.vector16("dh_g");
            serverShare = in.vector16("dh_Ys").rest();
        } else {
            return;
        }
        if (!anonymous && chosen.version().compareTo(TlsVersion.TLS_1_2) >= 0) {
            scheme = Optional.of(SignatureScheme.of(in.uint16("signature algorithm")));
            in.vector16("signature");
        }
    }

    private void request(Octets in) throws WireException {
        List<Integer> types = new ArrayList<>();
        List<SignatureScheme> schemes = new ArrayList<>();
        if (tls13()) {
            in.vector8("certificate_request_context");
            Octets extensions = in.vector16("extensions");
            while (extensions.remaining() > 0) {
                int type = extensions.uint16("extension type");
                Octets content = extensions.vector16("extension");
                if (type == Extensions.SIGNATURE_ALGORITHMS) {
                    schemes(content, schemes);
                }
            }
        } else {
            Octets list = in.vector8("certificate_types");
            while (list.remaining() > 0) {
                types.add(list.uint8("certificate_types"));
            }
            if (hello.orElseThrow().version().equals(TlsVersion.TLS_1_2)) {
                schemes(in, schemes);
            }
        }
        request = Optional.of(new Answer.Request(List.copyOf(types), List.copyOf(schemes)));
    }

    private static void schemes(Octets in, List<SignatureScheme> into) throws WireException {
        for (int code : in.vector16("signature_algorithms").uint16List("signature_algorithms")) {
            into.add(SignatureScheme.of(code));
        }
    }

    /** Fills the array from a source of bounded time; false when the stream ends before. */
    static boolean fill(Source source, byte[] octets) throws IOException {
        int filled = 0;
        while (filled < octets.length) {
            int n = source.read(octets, filled, octets.length - filled);
            if (n < 0) {
                return false;
            }
            filled += n;
        }
        return true;
    }

    /** Fills the array; false when the stream ends before. */
    private boolean fill(byte[] octets) throws IOException {
        int filled = 0;
        while (filled < octets.length) {
            if (total >= MOST) {
                throw new WireException("more than " + MOST + " octets and no end of the flight");
            }
            int n = source.read(octets, filled, octets.length - filled);
            if (n < 0) {
                return false;
            }
            if (first.size() < 64) {
                first.write(octets, filled, Math.min(n, 64 - first.size()));
            }
            filled += n;
            total += n;
        }
        return true;
    }
}
