package org.dicomtls.interop.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A free port is one that a server can take and that nobody answers at before. */
class PortsTest {

    private static final int MANY = 500;

    @Test
    void aPortIsGivenOnceAndCanBeListenedAt() throws IOException {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            int port = Ports.free();
            assertThat(given.add(port)).as("port %d is given once", port).isTrue();
            try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(server.isBound()).isTrue();
            }
        }
    }

    /**
     * Sockets of Java are inherited by the processes that it starts, until these have closed them: of ports that were found by
     * listening at them, 11 of 4,000 still took connections after they were closed, while other threads started processes.
     */
    @Test
    void nobodyAnswersThereWhileProcessesAreStarted() throws Exception {
        AtomicInteger started = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 2; i++) {
                pool.submit(() -> {
                    while (started.getAndIncrement() < MANY) {
                        new ProcessBuilder("true").start().waitFor();
                    }
                    return null;
                });
            }
            while (started.get() < MANY) {
                int port = Ports.free();
                assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                        .as("port %d", port)
                        .isInstanceOf(ConnectException.class);
            }
        } finally {
            pool.shutdownNow();
            assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }
}
