package org.dicomtls.interop.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * The standard input and output of a process that has TLS at its other side, in the shape of a socket, which is what an
 * association goes on. Closing it ends the process, and what belongs to it.
 */
final class PipedSocket extends Socket {

    private final PeerProcess process;
    private final AutoCloseable below;
    private volatile boolean closed;

    PipedSocket(PeerProcess process, AutoCloseable below) {
        this.process = process;
        this.below = below;
    }

    @Override
    public InputStream getInputStream() {
        return process.out();
    }

    @Override
    public OutputStream getOutputStream() {
        return process.in();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** A pipe has no timeout of its own: who waits too long closes it. */
    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            below.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            process.close();
        }
    }
}
