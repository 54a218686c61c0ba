package org.dicomtls.interop.syslog;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.dicomtls.server.AcceptedConnection;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.server.ServerLimits;
import org.dicomtls.transport.SecureTransport;

/**
 * Receives syslog messages over TLS and appends each to a file, one a line. A connection that its sender ends is ended with
 * a close_notify (RFC 5425 §4.4) only after everything that came over it is in the file.
 */
public final class SyslogReceiver implements AutoCloseable {

    private static final int LONGEST_SILENCE_MILLIS = 300_000;

    private final FileChannel output;
    private final ConnectionServer server;

    private SyslogReceiver(FileChannel output, ConnectionServer server) {
        this.output = output;
        this.server = server;
    }

    /**
     * Starts to receive.
     *
     * @param output is made if it is not there, and appended to otherwise
     * @throws IOException when the address cannot be bound or the file not be written
     */
    public static SyslogReceiver start(SecureTransport transport, InetSocketAddress where, Path output)
            throws IOException {
        FileChannel channel =
                FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try {
            ConnectionServer server = ConnectionServer.secure(transport)
                    .bind(where)
                    .limits(ServerLimits.defaults().withConnections(256).withEstablished(64))
                    .drain(Duration.ofSeconds(2))
                    .start(connection -> receive(connection, channel));
            return new SyslogReceiver(channel, server);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void receive(AcceptedConnection connection, FileChannel output) throws IOException {
        connection.socket().setSoTimeout(LONGEST_SILENCE_MILLIS);
        SyslogFrames frames = new SyslogFrames(connection.socket().getInputStream());
        try {
            for (Optional<byte[]> message = frames.next(); message.isPresent(); message = frames.next()) {
                ByteBuffer line = ByteBuffer.wrap(line(message.get()));
                synchronized (output) {
                    append(output, line);
                }
            }
        } catch (SocketTimeoutException e) {
            // A sender that has nothing to say for so long connects again when it has.
        }
    }

    /** Whole or not at all: a sender whose message was not taken sends it again, and that is to be a line of its own. */
    private static void append(FileChannel output, ByteBuffer line) throws IOException {
        long before = output.size();
        try {
            while (line.hasRemaining()) {
                output.write(line);
            }
        } catch (IOException e) {
            output.truncate(before);
            throw e;
        }
    }

    /** A message must not look like two. */
    private static byte[] line(byte[] message) {
        String text = new String(message, StandardCharsets.UTF_8);
        StringBuilder line = new StringBuilder(text.length() + 1);
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(String.format("\\x%02x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The port at which it receives. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() throws IOException {
        server.close();
        output.close();
    }
}
