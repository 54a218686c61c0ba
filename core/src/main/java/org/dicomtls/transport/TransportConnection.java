package org.dicomtls.transport;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;

/**
 * The transport connection (PS3.8) that an event is about. An {@link javax.net.ssl.SSLEngine} does not know its
 * addresses: the local one is then empty, and the peer's is what the application gave to {@code createSSLEngine}.
 *
 * @param number counts the connections under policies in this JVM, so that the events of one can be told from others
 * @param profile the id of the profile at this end
 * @param engine the engine that speaks TLS at this end
 * @param end the role of this end
 * @param local the address of this end
 * @param peer the address of the peer; unresolved where only a name is known
 * @param since when the handshake began
 */
public record TransportConnection(
        long number,
        String profile,
        Engine engine,
        Role end,
        Optional<InetSocketAddress> local,
        Optional<InetSocketAddress> peer,
        Instant since) {

    private static final AtomicLong NUMBERS = new AtomicLong();

    static TransportConnection begun(
            SecureTransport transport,
            Role end,
            Optional<InetSocketAddress> local,
            Optional<InetSocketAddress> peer,
            Instant since) {
        return new TransportConnection(
                NUMBERS.incrementAndGet(), transport.profile().id(), transport.engine(), end, local, peer, since);
    }

    static Optional<InetSocketAddress> address(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Optional.of(inet) : Optional.empty();
    }

    /** The peer's address and port, or {@code unknown}. No name service is asked. */
    public String peerText() {
        return text(peer);
    }

    /** The address and port of this end, or {@code unknown}. No name service is asked. */
    public String localText() {
        return text(local);
    }

    private static String text(Optional<InetSocketAddress> address) {
        return address.map(a -> {
                    String host = a.isUnresolved()
                            ? Printable.of(a.getHostString(), 80)
                            : a.getAddress().getHostAddress();
                    return (host.contains(":") ? "[" + host + "]" : host) + ":" + a.getPort();
                })
                .orElse("unknown");
    }
}
