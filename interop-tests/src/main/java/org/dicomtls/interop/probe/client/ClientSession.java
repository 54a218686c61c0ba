package org.dicomtls.interop.probe.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.WireException;

/**
 * A client under test: each of its connections is met by the next case of the plan, and what it does is kept. What the
 * client sends costs bounded time and memory, and never stops the listener.
 */
public final class ClientSession {

    private static final int MOST_CONNECTIONS = 16;
    private static final int MOST_HELLOS = 256;
    private static final int MOST_ATTEMPTS = 2;
    private static final int SHOWN_OCTETS = 48;
    /** A client that never comes is given up after so many calls. */
    private static final int IDLE_RUNS = 5;
    private static final long SETTLE_MILLIS = 2_000;
    private static final long TICK_MILLIS = 5;
    private static final int MOST_ADMISSIONS = 20;

    /** Is told what happens, from several threads, one at a time. */
    public interface Listener {
        /** A case is over; how many of them are. */
        void finished(ClientCase one, boolean asExpected, String words, int done, int planned);

        /** A case cannot be put to this client. */
        void skipped(ClientCase one, String why, int done, int planned);

        /** A connection that began no handshake. */
        void strange(InetAddress from, String what);
    }

    /**
     * A case and what became of it.
     *
     * @param skipped why it could not be put to the client
     */
    record Entry(ClientCase one, Optional<Reaction> reaction, Optional<String> skipped, int attempts) {
        boolean over() {
            return reaction.isPresent() || skipped.isPresent();
        }
    }

    /**
     * A hello that was received.
     *
     * @param after the case that the connection before it met
     */
    record Arrival(ClientHello hello, byte[] body, Optional<ClientCase> after) {}

    private final Identities identities;
    private final Duration timeout;
    private final Listener listener;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<String> strange = new ArrayList<>();
    private final boolean[] assigned;
    private final Queue<Socket> waiting = new ConcurrentLinkedQueue<>();
    private final long started = System.nanoTime();
    private boolean plainDicom;
    private boolean sslv2;
    private int connections;
    private int open;
    private Optional<ClientCase> latest = Optional.empty();

    /**
     * @param cases ids of the cases, or numbers of the catalogue such as {@code C28}; empty for all
     * @param timeout for each connection as a whole
     * @throws IllegalArgumentException when there is no such case; the message lists those that there are
     */
    public ClientSession(Identities identities, Collection<String> cases, Duration timeout, Listener listener) {
        this.identities = identities;
        this.timeout = timeout;
        this.listener = listener;
        List<ClientCase> all = ClientCase.catalogue(identities);
        for (String wanted : cases) {
            if (all.stream().noneMatch(c -> c.id().equals(wanted) || c.test().equals(wanted))) {
                throw new IllegalArgumentException("unknown case '" + wanted + "'; known: "
                        + String.join(", ", all.stream().map(ClientCase::id).toList()));
            }
        }
        for (ClientCase one : all) {
            if (cases.isEmpty() || one.control() || cases.contains(one.id()) || cases.contains(one.test())) {
                entries.add(new Entry(one, Optional.empty(), Optional.empty(), 0));
            }
        }
        assigned = new boolean[entries.size()];
    }

    /** All that is known, so that another session can go on from there. */
    synchronized SessionState state() {
        return new SessionState(entries(), arrivals(), strange(), plainDicom, sslv2, connections);
    }

    /** Goes on from what another session has found; cases that are not in the plan are left out. */
    synchronized void restore(SessionState state) {
        for (int i = 0; i < entries.size(); i++) {
            ClientCase one = entries.get(i).one();
            Optional<Entry> before =
                    state.entries().stream().filter(e -> e.one().id().equals(one.id()) && e.over()).findFirst();
            // The control at the end has to come after what is added now.
            if (before.isPresent() && !one.id().equals(ClientCase.CONTROL_AFTER)) {
                entries.set(i, before.get());
            }
        }
        arrivals.addAll(state.arrivals());
        strange.addAll(state.strange());
        plainDicom |= state.plainDicom();
        sslv2 |= state.sslv2();
        connections += state.connections();
    }

    /** The case of that id, if it is in the plan. */
    synchronized Optional<ClientCase> named(String id) {
        return entries.stream().map(Entry::one).filter(c -> c.id().equals(id)).findFirst();
    }

    /** The cases in the order in which they are put. */
    public List<ClientCase> plan() {
        return entries().stream().map(Entry::one).toList();
    }

    /** The next case that no connection has met yet. */
    public synchronized Optional<ClientCase> next() {
        return entries.stream().filter(e -> !e.over()).map(Entry::one).findFirst();
    }

    /** How many cases are over. */
    public synchronized int finished() {
        return count();
    }

    /** Whether a connection is being looked at. */
    public synchronized boolean busy() {
        return open > 0;
    }

    /** Whether a case is being put. Others who are connected, and may stay so in silence, are not waited for. */
    private synchronized boolean putting() {
        for (boolean one : assigned) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    /** Whether any client came at all. */
    public synchronized boolean met() {
        return !arrivals.isEmpty() || !strange.isEmpty();
    }

    /** Whether every case is over. */
    public synchronized boolean done() {
        return entries.stream().allMatch(Entry::over);
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    synchronized boolean plainDicom() {
        return plainDicom;
    }

    synchronized boolean sslv2() {
        return sslv2;
    }

    synchronized List<String> strange() {
        return List.copyOf(strange);
    }

    /**
     * Lets a client connect until every case is over, or until it has not come for {@value #IDLE_RUNS} times.
     *
     * @param listening where it connects to; is served already
     * @param host by what name the client is to call this machine
     * @param after is run after each connection
     */
    public void drive(ServerSocket listening, String host, Connecting client, Runnable after)
            throws InterruptedException {
        int idle = 0;
        while (!done() && idle < IDLE_RUNS) {
            int before = finished();
            try {
                client.connect(host, listening.getLocalPort());
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                // What the client makes of it is its own matter: what it sent is what counts.
            }
            // The client may end before its connection is looked at to the end.
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
            while ((putting() || finished() == before && (busy() || idle > 0)) && System.nanoTime() < until) {
                Thread.sleep(TICK_MILLIS);
            }
            idle = finished() == before ? idle + 1 : 0;
            after.run();
        }
    }

    /** Accepts connections on threads of its own until that socket is closed. */
    public void serve(ServerSocket listening) {
        ExecutorService pool = new ThreadPoolExecutor(
                0, MOST_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), r -> {
                    Thread thread = new Thread(r, "client-under-test");
                    thread.setDaemon(true);
                    return thread;
                });
        Thread acceptor = new Thread(() -> accept(listening, pool), "client-under-test-accept");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept(ServerSocket listening, ExecutorService pool) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                admit(socket, pool);
            } catch (IOException e) {
                pause(); // one that was gone already, the end of listening, or no descriptor left for a moment
            }
        }
        pool.shutdown();
    }

    /** When all places are taken, the one that has kept its hello back for longest has to go. */
    private void admit(Socket socket, ExecutorService pool) throws IOException {
        for (int i = 0; i < MOST_ADMISSIONS; i++) {
            try {
                pool.execute(() -> connection(socket));
                return;
            } catch (RejectedExecutionException e) {
                Socket oldest = waiting.poll();
                if (oldest == null || pool.isShutdown()) {
                    break;
                }
                oldest.close();
                pause();
            }
        }
        socket.close();
    }

    private static void pause() {
        try {
            Thread.sleep(TICK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connection(Socket accepted) {
        synchronized (this) {
            open++;
        }
        try {
            met(accepted);
        } finally {
            synchronized (this) {
                open--;
            }
        }
    }

    private void met(Socket accepted) {
        try (Socket socket = accepted) {
            socket.setTcpNoDelay(true);
            Recorder recorder = new Recorder(socket, timeout);
            synchronized (this) {
                connections++;
            }
            byte[] body;
            ClientHello hello;
            waiting.add(socket);
            try {
                body = recorder.hello();
                hello = ClientHello.read(body);
            } catch (IOException e) {
                strange(socket.getInetAddress(), recorder.firstOctets(), e);
                return;
            } finally {
                waiting.remove(socket);
            }
            int index = assign(hello, body);
            if (index < 0) {
                new Encounter(socket, recorder, Behaviour.HONEST, identities).run();
                return;
            }
            ClientCase one = entries().get(index).one();
            Reaction reaction = null;
            try {
                reaction = new Encounter(socket, recorder, one.behaviour().apply(hello), identities).run();
            } finally {
                finish(index, Optional.ofNullable(reaction));
            }
        } catch (IOException e) {
            // the client has gone; what it did until then is kept
        }
    }

    private synchronized void strange(InetAddress from, byte[] octets, IOException why) {
        // A stray connection must not be held against the client for its first octet.
        boolean plain = octets.length >= 8 && octets[0] == 1 && octets[1] == 0 && octets[2] == 0 && octets[6] == 0
                && (octets[7] & 1) == 1;
        boolean form = octets.length >= 11 && (octets[0] & 0x80) != 0 && octets[2] == 1
                && (octets[3] == 0 && octets[4] == 2 || octets[3] == 3 && octets[4] <= 4)
                && octets[5] == 0 && octets[6] % 3 == 0;
        // The same form with the version 3.x in it is how old clients offer SSL 3.0 and TLS 1.0.
        boolean old = form && octets[3] == 0;
        plainDicom |= plain;
        sslv2 |= old;
        String what = plain
                ? "plain DICOM where TLS is spoken"
                : old
                        ? "a hello of SSL 2.0"
                        : form ? "a hello in the form of SSL 2.0" : String.valueOf(why.getMessage());
        String shown = octets.length == 0
                ? what
                : what + " [" + HexFormat.of().formatHex(octets, 0, Math.min(SHOWN_OCTETS, octets.length)) + "]";
        if (strange.size() < MOST_HELLOS && octets.length > 0) {
            strange.add(PeerText.clean(shown));
        }
        listener.strange(from, PeerText.clean(shown));
    }

    /** The index of the case for that client, or less than 0 when nothing is left. */
    private synchronized int assign(ClientHello hello, byte[] body) {
        if (arrivals.size() < MOST_HELLOS) {
            arrivals.add(new Arrival(hello, body, latest));
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.over() || assigned[i]) {
                continue;
            }
            Optional<String> hindrance = entry.one().needed().apply(hello).or(() -> unfit(hello, entry.one()));
            if (hindrance.isPresent()) {
                entries.set(i, new Entry(entry.one(), Optional.empty(), hindrance, entry.attempts()));
                listener.skipped(entry.one(), hindrance.get(), count(), entries.size());
                continue;
            }
            assigned[i] = true;
            latest = Optional.of(entry.one());
            return i;
        }
        return -1;
    }

    private Optional<String> unfit(ClientHello hello, ClientCase one) {
        Behaviour behaviour = one.behaviour().apply(hello);
        if (behaviour.instead() != Behaviour.Instead.NOTHING || Bait.possible(behaviour, hello, identities)) {
            return Optional.empty();
        }
        return Optional.of(behaviour.flaw().isPresent()
                ? "the client offers no suite or scheme for that certificate"
                : "the client offers no suite with which this can be done");
    }

    private synchronized void finish(int index, Optional<Reaction> reaction) {
        Entry entry = entries.get(index);
        assigned[index] = false;
        int attempts = entry.attempts() + 1;
        boolean again = reaction.filter(r -> r.outcome() != Reaction.Outcome.SILENT).isEmpty() && attempts < MOST_ATTEMPTS;
        if (again) {
            entries.set(index, new Entry(entry.one(), Optional.empty(), Optional.empty(), attempts));
            return;
        }
        if (reaction.isEmpty()) {
            entries.set(index, new Entry(entry.one(), Optional.empty(), Optional.of("the connection failed"), attempts));
            listener.skipped(entry.one(), "the connection failed", count(), entries.size());
            return;
        }
        entries.set(index, new Entry(entry.one(), reaction, Optional.empty(), attempts));
        listener.finished(
                entry.one(), ClientFacts.asExpected(entry.one(), reaction.get()), reaction.get().words(), count(),
                entries.size());
    }

    private int count() {
        return (int) entries.stream().filter(Entry::over).count();
    }

    /** Whether an honest server was taken before the cases and after them; without that nothing else says anything. */
    public synchronized boolean controlled() {
        return entries.stream()
                .filter(e -> e.one().id().equals(ClientCase.CONTROL) || e.one().id().equals(ClientCase.CONTROL_AFTER))
                .allMatch(e -> e.reaction().map(r -> r.outcome().finished()).orElse(false));
    }

    /** Whether the client sent DICOM to an honest server; tools that only do a handshake do not. */
    synchronized boolean speaksDicom() {
        return entries.stream()
                .filter(e -> e.one().control())
                .anyMatch(e -> e.reaction().map(r -> r.outcome() == Reaction.Outcome.SENT_DICOM).orElse(false));
    }

    /** What is known of the client by now. */
    public Survey survey() {
        int opened;
        synchronized (this) {
            opened = connections;
        }
        return new ClientFacts(this).notes().finish(opened, System.nanoTime() - started, false);
    }
}
