package org.dicomtls.interop.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * Clients that are no good, all on one thread, each of which connects again when it is turned away: silent ones, ones that
 * trickle a real ClientHello, ones that send garbage and stay, and ones that say no more after their ClientHello.
 */
final class Junk implements AutoCloseable {

    /** What a client does with its connection. */
    enum Kind {
        SILENT,
        SLOW,
        GARBAGE,
        STALLED
    }

    private static final long TRICKLE_NANOS = 250_000_000;
    private static final long RECONNECT_NANOS = 100_000_000;

    private final Selector selector = Selector.open();
    private final InetSocketAddress server;
    private final byte[] hello;
    private final List<Client> clients = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "test-junk");
    private final Random random = new Random(20261125);
    private volatile boolean stopped;
    private volatile int connected;
    private volatile int reconnected;

    private final class Client {
        private final Kind kind;
        private final InetAddress from;
        private SocketChannel channel;
        private int sent;
        private long next;

        Client(Kind kind, InetAddress from) {
            this.kind = kind;
            this.from = from;
        }

        void connect() throws IOException {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // leaves no port in TIME_WAIT
            channel.bind(new InetSocketAddress(from, 0));
            channel.configureBlocking(false);
            channel.connect(server);
            channel.register(selector, SelectionKey.OP_CONNECT, this);
            sent = 0;
        }

        void ready(SelectionKey key) throws IOException {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                connected++;
                if (kind == Kind.GARBAGE) {
                    byte[] octets = new byte[1 + random.nextInt(2000)];
                    random.nextBytes(octets);
                    channel.write(ByteBuffer.wrap(octets));
                } else if (kind == Kind.STALLED) {
                    channel.write(ByteBuffer.wrap(hello));
                } else if (kind == Kind.SLOW) {
                    next = System.nanoTime();
                }
            } else if (key.isReadable() && channel.read(ByteBuffer.allocate(8192)) < 0) {
                throw new IOException("closed");
            }
        }

        void tick(long now) throws IOException {
            if (channel == null) {
                if (now - next >= 0) {
                    reconnected++;
                    connect();
                }
            } else if (kind == Kind.SLOW && channel.isConnected() && now - next >= 0 && sent < hello.length) {
                channel.write(ByteBuffer.wrap(hello, sent++, 1));
                next = now + TRICKLE_NANOS;
            }
        }

        void lost() {
            if (channel != null) {
                connected -= channel.isConnected() ? 1 : 0;
                close(channel);
                channel = null;
            }
            next = System.nanoTime() + RECONNECT_NANOS;
        }
    }

    /**
     * @param hello the first flight of a client that the server would talk to
     */
    Junk(int port, byte[] hello) throws IOException {
        this.server = new InetSocketAddress("127.0.0.1", port);
        this.hello = hello;
    }

    /** So many clients of that kind, from that address of the loopback network. */
    Junk with(Kind kind, int count, String from) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(new Client(kind, InetAddress.getByName(from)));
        }
        return this;
    }

    Junk start() {
        thread.start();
        return this;
    }

    /** How many are connected now. */
    int connected() {
        return connected;
    }

    /** How often one has connected again. */
    int reconnected() {
        return reconnected;
    }

    int size() {
        return clients.size();
    }

    private void run() {
        try {
            for (Client client : clients) {
                client.connect();
            }
            while (!stopped) {
                selector.select(20);
                for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    Client client = (Client) key.attachment();
                    try {
                        client.ready(key);
                    } catch (IOException | java.nio.channels.CancelledKeyException e) {
                        client.lost();
                    }
                }
                long now = System.nanoTime();
                for (Client client : clients) {
                    try {
                        client.tick(now);
                    } catch (IOException e) {
                        client.lost();
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            clients.forEach(Client::lost);
            try {
                selector.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
