package org.dicomtls.interop.peer;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.tls.crypto.DHGroup;
import org.bouncycastle.tls.crypto.DHStandardGroups;
import org.dicomtls.interop.peer.ServerModel.DhePrime;
import org.dicomtls.interop.probe.ServerHabits;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Ffdhe;
import org.dicomtls.wire.HandshakeMessages;

/**
 * Models of peers, measured: a client's from the ClientHello that it sends, a server's from its answers to questions. For
 * peers that bring no model, and to hold the models of those that do against.
 */
public final class Measurement {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);
    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};
    private static final int BLOCK = 4096;

    /** The primes of RFC 3526 from 2048 bits on. */
    private static final Set<BigInteger> MODP = Stream.of(
                    DHStandardGroups.rfc3526_2048,
                    DHStandardGroups.rfc3526_3072,
                    DHStandardGroups.rfc3526_4096,
                    DHStandardGroups.rfc3526_6144,
                    DHStandardGroups.rfc3526_8192)
            .map(DHGroup::getP)
            .collect(Collectors.toUnmodifiableSet());

    private Measurement() {}

    /**
     * The ClientHello that a client sends when it is told to do a C-ECHO; it is refused then.
     *
     * @throws IOException when it cannot be run, or sends none
     */
    public static ClientHello hello(PeerClient client, Bench bench) throws IOException, InterruptedException {
        try (ServerSocket listening = new ServerSocket(0, 10, Ports.address(bench.host()))) {
            listening.setSoTimeout((int) bench.timeout().toMillis());
            FutureTask<Optional<ClientHello>> reading = new FutureTask<>(reading(listening));
            Thread thread = new Thread(reading, "peer-hello");
            thread.setDaemon(true);
            thread.start();
            client.echo(bench.host(), listening.getLocalPort());
            return reading.get().orElseThrow(() -> new IOException("the client sends no ClientHello" + bench.log().last(3)));
        } catch (ExecutionException e) {
            throw new IOException("the client's ClientHello cannot be read: " + e.getCause().getMessage(), e);
        }
    }

    private static Callable<Optional<ClientHello>> reading(ServerSocket listening) {
        return () -> {
            try (Socket socket = listening.accept()) {
                socket.setSoTimeout(listening.getSoTimeout());
                Optional<ClientHello> hello = read(socket.getInputStream());
                socket.getOutputStream().write(HANDSHAKE_FAILURE);
                return hello;
            } catch (SocketTimeoutException e) {
                return Optional.empty();
            }
        };
    }

    private static Optional<ClientHello> read(InputStream in) throws IOException {
        HandshakeMessages messages = new HandshakeMessages();
        List<ClientHello> read = new ArrayList<>();
        byte[] block = new byte[BLOCK];
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            messages.feed(block, 0, n, new HandshakeMessages.Sink() {
                @Override
                public void message(int type, byte[] body) throws IOException {
                    if (type == HandshakeMessages.CLIENT_HELLO) {
                        read.add(ClientHello.read(body));
                    }
                    messages.end();
                }

                @Override
                public void alert(int level, int description) {
                    messages.end();
                }
            });
            if (messages.ended()) {
                break;
            }
        }
        return read.stream().findFirst();
    }

    /**
     * What a server does.
     *
     * @throws IOException when no connection can be opened
     */
    public static ServerHabits habits(PeerServer server) throws IOException {
        try {
            return ServerHabits.of(new Target(server.host(), server.port(), LONGEST_ANSWER, Duration.ZERO));
        } catch (UnreachableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** A model of a server of those habits. */
    public static ServerModel.Builder model(ServerHabits habits) {
        List<CipherSuite> suites = new ArrayList<>(habits.suites13().values());
        suites.addAll(habits.suites12().values());
        List<NamedGroup> groups = new ArrayList<>(habits.groups13().values());
        habits.groups12().values().stream().filter(g -> !groups.contains(g)).forEach(groups::add);
        ServerModel.Builder builder = ServerModel.of(habits.versions().toArray(TlsVersion[]::new))
                .suites(suites, chooser(habits.suites12().own().or(() -> habits.suites13().own())))
                .groups(groups, chooser(habits.groups12().own()))
                .sharesChosenBy(chooser(habits.sharesOwn()))
                .retryChosenBy(chooser(habits.groups13().own()))
                .namedFieldsHeeded(habits.namedFieldsHeeded())
                .schemes(List.copyOf(habits.schemes()))
                .clientCertificateDemanded(habits.clientSchemes().isPresent())
                .extendedMasterSecret(habits.extendedMasterSecret())
                .renegotiationInfo(habits.renegotiationInfo());
        habits.clientSchemes().ifPresent(builder::clientSchemes);
        habits.ownPrime().ifPresent(prime -> builder.dhePrime(new DhePrime(
                prime.bitLength(), Ffdhe.groupOf(prime), Ffdhe.groupOf(prime).isPresent() || MODP.contains(prime))));
        KeyKind[] keys = habits.keys().stream().map(KeyKind::of).distinct().toArray(KeyKind[]::new);
        return keys.length == 0 ? builder : builder.keys(keys);
    }

    private static Chooser chooser(Optional<Boolean> own) {
        return own.orElse(true) ? Chooser.SERVER : Chooser.CLIENT;
    }
}
