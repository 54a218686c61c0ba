package org.dicomtls.interop.refusals;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.ServerHello;

/**
 * What the peer at fault sees of the other end's reaction.
 *
 * @param text in the present tense: "it sends the alert …", "it goes on: …"; empty where it could see nothing
 */
public record Seen(String text) {

    private static final Pattern ALERT = Pattern.compile("[Rr]eceived fatal alert: ([a-z_]+)");
    static final int PATIENCE_MILLIS = 6_000;

    static final Seen CLOSES = new Seen("it closes without an alert");
    static final Seen RESETS = new Seen("it resets the connection");
    static final Seen NOTHING = new Seen("it does nothing for " + PATIENCE_MILLIS / 1000 + " seconds");

    static Seen alert(int code) {
        return new Seen("it sends the alert " + new AlertDescription(code));
    }

    static Seen goesOn(String what) {
        return new Seen("it goes on: " + what);
    }

    /** Whether the other end did nothing at all. */
    public boolean nothing() {
        return equals(NOTHING);
    }

    /** Whether the other end did not refuse. */
    public boolean accepted() {
        return text.startsWith("it goes on");
    }

    /** What comes on a connection where hellos were exchanged as octets. */
    static Seen of(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        try {
            int type = in.readUnsignedByte();
            if (type == 7) {
                return new Seen("it sends an A-ABORT in the clear");
            }
            if (type != HandshakeMessages.ALERT && type != HandshakeMessages.HANDSHAKE) {
                return new Seen(String.format("it sends octets that begin with %02X", type));
            }
            in.readUnsignedShort();
            byte[] body = in.readNBytes(in.readUnsignedShort());
            if (type == HandshakeMessages.ALERT) {
                return body.length == 2 && body[1] != 0 ? alert(body[1] & 0xFF) : CLOSES;
            }
            return switch (body[0]) {
                case HandshakeMessages.SERVER_HELLO -> {
                    int length = (body[1] & 0xFF) << 16 | (body[2] & 0xFF) << 8 | body[3] & 0xFF;
                    ServerHello hello = ServerHello.read(Arrays.copyOfRange(body, 4, 4 + length));
                    yield goesOn("it answers with " + hello.version() + " and " + hello.suite());
                }
                case HandshakeMessages.CERTIFICATE, HandshakeMessages.CLIENT_KEY_EXCHANGE -> goesOn(
                        "it takes the server's key exchange");
                default -> goesOn("it sends a handshake message of type " + body[0]);
            };
        } catch (EOFException e) {
            return CLOSES;
        } catch (SocketTimeoutException e) {
            return NOTHING;
        } catch (SocketException e) {
            return RESETS;
        }
    }

    /** What a failure of a handshake that was done by an engine says of the other end. */
    static Seen of(IOException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof TlsFatalAlertReceived alert) {
                return alert(alert.getAlertDescription());
            }
            Matcher named = ALERT.matcher(String.valueOf(t.getMessage()));
            if (named.find()) {
                return AlertDescription.named(named.group(1)).map(a -> alert(a.code())).orElse(CLOSES);
            }
            if (t instanceof SocketTimeoutException) {
                return NOTHING;
            }
            if (List.of("Connection reset", "Broken pipe").contains(String.valueOf(t.getMessage()))) {
                return RESETS;
            }
        }
        return CLOSES;
    }

    @Override
    public String toString() {
        return text;
    }
}
