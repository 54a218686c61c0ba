package org.dicomtls.audittrail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** A disk that can be stopped and let go, and that can fail. */
final class SlowDisk implements Disk {

    private final Semaphore permits = new Semaphore(0);
    private volatile boolean stopped;
    private final AtomicBoolean broken = new AtomicBoolean();
    private volatile int forced;

    /** From now on no write comes back. */
    void stop() {
        stopped = true;
    }

    void go() {
        stopped = false;
        permits.release(1_000_000);
    }

    void broken(boolean value) {
        broken.set(value);
    }

    int forced() {
        return forced;
    }

    @Override
    public Appender create(Path file) throws IOException {
        return new ThroughAppender(Disk.LOCAL.create(file)) {
            @Override
            public void append(ByteBuffer octets) throws IOException {
                if (stopped) {
                    permits.acquireUninterruptibly();
                }
                if (broken.get()) {
                    octets.limit(octets.limit() / 2);
                    super.append(octets);
                    throw new IOException("No space left on device");
                }
                super.append(octets);
            }

            @Override
            public void force() throws IOException {
                forced++;
                super.force();
            }
        };
    }
}
