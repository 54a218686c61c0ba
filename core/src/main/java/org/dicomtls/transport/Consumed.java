package org.dicomtls.transport;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/** A connection whose first octets were read by someone else, on a channel as a rule. */
final class Consumed extends SocketView {
    private final InputStream all;

    /**
     * @param all what was read already, and then what the connection brings
     */
    Consumed(Socket tcp, InputStream all) {
        super(tcp);
        this.all = new Input(all);
    }

    @Override
    public InputStream getInputStream() {
        return all;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Output(tcp.getOutputStream());
    }

    /** Channels throw plain exceptions where sockets throw those by which a broken connection is told from others. */
    private static IOException asOfSockets(IOException e) {
        if (e instanceof SocketException || e instanceof InterruptedIOException) {
            return e;
        }
        SocketException of = new SocketException(e.getMessage() == null ? "Socket closed" : e.getMessage());
        of.initCause(e);
        return of;
    }

    private static final class Input extends InputStream {
        private final InputStream in;

        Input(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw asOfSockets(e);
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return in.read(target, offset, length);
            } catch (IOException e) {
                throw asOfSockets(e);
            }
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }
    }

    private static final class Output extends FilterOutputStream {
        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            try {
                out.write(data, offset, length);
            } catch (IOException e) {
                throw asOfSockets(e);
            }
        }
    }
}
