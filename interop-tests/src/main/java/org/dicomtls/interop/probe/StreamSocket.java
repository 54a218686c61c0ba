package org.dicomtls.interop.probe;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/** A pair of streams above TLS in the shape of a socket, which is what an association goes on. */
public final class StreamSocket extends Socket {

    private final Socket below;
    private final Counted in;
    private final OutputStream out;

    private static final class Counted extends FilterInputStream {
        private boolean received;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            received |= octet >= 0;
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = super.read(into, offset, length);
            received |= n > 0;
            return n;
        }
    }

    public StreamSocket(Socket below, InputStream in, OutputStream out) {
        this.below = below;
        this.in = new Counted(in);
        this.out = out;
    }

    /** Whether anything came. */
    public boolean received() {
        return in.received;
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return below.isClosed();
    }

    /** The time of the whole answer is bounded below. */
    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        below.setTcpNoDelay(on);
    }

    @Override
    public void close() throws IOException {
        try {
            out.close(); // close_notify
        } finally {
            below.close();
        }
    }
}
