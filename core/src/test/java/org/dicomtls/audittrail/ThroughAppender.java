package org.dicomtls.audittrail;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Hands everything on; what a test wants otherwise it overrides. */
class ThroughAppender implements Disk.Appender {

    private final Disk.Appender real;

    ThroughAppender(Disk.Appender real) {
        this.real = real;
    }

    @Override
    public void append(ByteBuffer octets) throws IOException {
        real.append(octets);
    }

    @Override
    public void force() throws IOException {
        real.force();
    }

    @Override
    public void truncate(long length) throws IOException {
        real.truncate(length);
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
