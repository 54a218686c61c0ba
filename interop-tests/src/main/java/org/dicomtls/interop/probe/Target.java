package org.dicomtls.interop.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.tls.AlertDescription;

/**
 * A server to be asked: one question, one connection. What ends without an alert is asked once more before it is
 * believed. After {@value #PATIENCE} questions without any answer it is not asked again.
 */
public final class Target {

    /** So that a server that accepts and never answers costs bounded time. */
    static final int PATIENCE = 8;

    private final String host;
    private final int port;
    private final Duration timeout;
    private final Duration delay;
    private final String calling;
    private final String called;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger silences = new AtomicInteger();

    /**
     * @param timeout for the connection, and for each answer as a whole
     * @param delay to wait before each connection
     */
    public Target(String host, int port, Duration timeout, Duration delay) {
        this(host, port, timeout, delay, "DICOM-TLS", "ANY-SCP");
    }

    /**
     * With AE titles for the associations that are asked for.
     *
     * @throws IllegalArgumentException when one is no AE title
     */
    public Target(String host, int port, Duration timeout, Duration delay, String calling, String called) {
        this.calling = AeTitle.require(calling);
        this.called = AeTitle.require(called);
        this.host = host;
        this.port = port;
        this.timeout = timeout;
        this.delay = delay;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    String calling() {
        return calling;
    }

    String called() {
        return called;
    }

    Duration timeout() {
        return timeout;
    }

    /** How many connections were opened. */
    public int connections() {
        return connections.get();
    }

    /** Whether it has been silent too often to go on. */
    boolean givenUp() {
        return silences.get() >= PATIENCE;
    }

    /** For example {@code pacs.example:2762}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Opens a connection.
     *
     * @throws UnreachableException when there is none
     */
    Socket connect() throws UnreachableException {
        try {
            if (!delay.isZero()) {
                Thread.sleep(delay.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnreachableException("host " + host + " is unknown");
        }
        Socket socket = new Socket();
        try {
            socket.connect(address, (int) timeout.toMillis());
            socket.setTcpNoDelay(true);
            connections.incrementAndGet();
            return socket;
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // it was never open
            }
            throw new UnreachableException(this + ": " + e.getMessage());
        }
    }

    /** The answer to a question; what is neither a hello nor an alert is asked for once more. */
    Answer ask(Question question) throws UnreachableException {
        Answer answer = once(question);
        return answer.kind() == Answer.Kind.CLOSED || answer.kind() == Answer.Kind.SILENCE ? once(question) : answer;
    }

    private Answer once(Question question) throws UnreachableException {
        if (givenUp()) {
            return Answer.without(Answer.Kind.SILENCE, "");
        }
        try (Socket socket = connect()) {
            byte[] message = question.message();
            try {
                socket.getOutputStream().write(question.record(message));
            } catch (IOException e) {
                return Answer.without(Answer.Kind.CLOSED, "");
            }
            Answer answer = AnswerReader.read(source(socket), message, question.share());
            count(answer.kind() == Answer.Kind.SILENCE);
            return answer;
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException e) {
            return Answer.without(Answer.Kind.CLOSED, "");
        }
    }

    private void count(boolean silent) {
        if (silent) {
            silences.incrementAndGet();
        } else if (!givenUp()) {
            silences.set(0);
        }
    }

    /**
     * What comes back to octets that are no ClientHello.
     *
     * @param octets the first that came, at most 64
     * @param ended whether the server ended the connection
     */
    record Echo(byte[] octets, boolean ended) {}

    /** Sends octets and takes the first that come back. */
    Echo send(byte[] octets) throws UnreachableException {
        if (givenUp()) {
            return new Echo(new byte[0], false);
        }
        byte[] first = new byte[64];
        int filled = 0;
        try (Socket socket = connect()) {
            socket.getOutputStream().write(octets);
            AnswerReader.Source source = source(socket);
            // Seven octets show a PDU header or an alert; who sends fewer is read to the end.
            while (filled < 7) {
                int n = source.read(first, filled, first.length - filled);
                if (n < 0) {
                    return new Echo(Arrays.copyOf(first, filled), true);
                }
                filled += n;
            }
            return new Echo(Arrays.copyOf(first, filled), false);
        } catch (UnreachableException e) {
            throw e;
        } catch (SocketTimeoutException e) {
            count(filled == 0);
            return new Echo(Arrays.copyOf(first, filled), false);
        } catch (IOException e) {
            return new Echo(Arrays.copyOf(first, filled), true);
        }
    }

    /**
     * How a conversation went on after the first flight.
     *
     * @param asked whether something was sent after it
     * @param alert in the clear, if one came
     */
    record Sequel(boolean asked, Optional<AlertDescription> alert, String words) {}

    /** Asks, answers what comes back with what that function makes of it, and waits for an alert. */
    Sequel go(Question question, Function<Answer, Optional<byte[]>> on) throws UnreachableException {
        if (givenUp()) {
            return new Sequel(false, Optional.empty(), "no answer in time");
        }
        try (Socket socket = connect()) {
            byte[] message = question.message();
            socket.getOutputStream().write(question.record(message));
            AnswerReader.Source source = source(socket);
            Answer answer = AnswerReader.read(source, message, question.share());
            Optional<byte[]> next = on.apply(answer);
            if (next.isEmpty()) {
                return new Sequel(false, Optional.empty(), answer.words());
            }
            socket.getOutputStream().write(next.get());
            return sequel(source, answer.words());
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException e) {
            return new Sequel(false, Optional.empty(), "connection failed: " + e.getMessage());
        }
    }

    private static Sequel sequel(AnswerReader.Source source, String before) {
        try {
            while (true) {
                byte[] header = new byte[5];
                if (!AnswerReader.fill(source, header)) {
                    return new Sequel(true, Optional.empty(), before + ", then end of stream");
                }
                byte[] body = new byte[(header[3] & 0xFF) << 8 | header[4] & 0xFF];
                if (!AnswerReader.fill(source, body)) {
                    return new Sequel(true, Optional.empty(), before + ", then end of stream");
                }
                if (header[0] == 21 && body.length == 2) {
                    AlertDescription alert = new AlertDescription(body[1] & 0xFF);
                    return new Sequel(true, Optional.of(alert), before + ", then alert " + alert);
                }
            }
        } catch (IOException e) {
            return new Sequel(true, Optional.empty(), before + ", then " + e.getMessage());
        }
    }

    /** Octets of that socket until the timeout of the whole answer is over, however slowly they come. */
    AnswerReader.Source source(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        long deadline = System.nanoTime() + timeout.toNanos();
        return (into, offset, length) -> {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("the time for the answer is over");
            }
            socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            return in.read(into, offset, length);
        };
    }

    /** An A-ASSOCIATE-RQ that proposes Verification (PS3.8 §9.3.2). */
    byte[] associateRequest() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0, 1, 0, 0});
        body.writeBytes(String.format(Locale.ROOT, "%-16s%-16s", called, calling).getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(new byte[32]);
        item(body, 0x10, "1.2.840.10008.3.1.1.1".getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        context.writeBytes(new byte[] {1, 0, 0, 0});
        item(context, 0x30, "1.2.840.10008.1.1".getBytes(StandardCharsets.US_ASCII));
        item(context, 0x40, "1.2.840.10008.1.2".getBytes(StandardCharsets.US_ASCII));
        item(body, 0x20, context.toByteArray());
        ByteArrayOutputStream user = new ByteArrayOutputStream();
        item(user, 0x51, new byte[] {0, 0, 0x40, 0});
        item(user, 0x52, "1.2.276.0.7230010.3.0.3.6.8".getBytes(StandardCharsets.US_ASCII));
        item(body, 0x50, user.toByteArray());
        ByteArrayOutputStream pdu = new ByteArrayOutputStream();
        int length = body.size();
        pdu.writeBytes(new byte[] {1, 0, 0, 0, (byte) (length >>> 8), (byte) length});
        pdu.writeBytes(body.toByteArray());
        return pdu.toByteArray();
    }

    private static void item(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(new byte[] {(byte) type, 0, (byte) (content.length >>> 8), (byte) content.length});
        out.writeBytes(content);
    }
}
