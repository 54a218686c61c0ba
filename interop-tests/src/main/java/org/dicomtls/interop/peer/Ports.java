package org.dicomtls.interop.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Ports for servers that cannot take a free one by themselves. They are below those that systems give to outgoing
 * connections, one of which might take the port before the server does; and none is given twice within a while.
 */
public final class Ports {

    private static final int FIRST = 15_000;
    private static final int COUNT = 15_000;
    private static final int MOST_REMEMBERED = 1_000;
    private static final int MOST_TRIES = 200;

    private static final Random RANDOM = new Random();
    private static final Set<Integer> GIVEN = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    });

    private Ports() {}

    /** Where to listen for those who are told to connect to that host: loopback alone if it is {@code localhost}. */
    public static InetAddress address(String host) throws IOException {
        return host.equals("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.getByName("0.0.0.0");
    }

    /**
     * A port of loopback on which nobody listens at the moment.
     *
     * @throws IOException when none is found
     */
    public static int free() throws IOException {
        synchronized (GIVEN) {
            for (int i = 0; i < MOST_TRIES; i++) {
                int port = FIRST + RANDOM.nextInt(COUNT);
                if (GIVEN.contains(port)) {
                    continue;
                }
                // Bound, but never listening: a process that is started in this moment inherits what is open here for a while,
                // and a listener in its hands would take connections that are meant for the server.
                try (Socket free = new Socket()) {
                    free.setReuseAddress(true);
                    free.bind(new InetSocketAddress("0.0.0.0", port));
                    GIVEN.add(port);
                    return port;
                } catch (IOException taken) {
                    // The next one may be free.
                }
            }
        }
        throw new IOException("no port between " + FIRST + " and " + (FIRST + COUNT - 1) + " is free");
    }
}
