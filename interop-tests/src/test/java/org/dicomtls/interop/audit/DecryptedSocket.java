package org.dicomtls.interop.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import org.bouncycastle.tls.TlsServerProtocol;

/** What is inside a TLS connection as a socket, for those who accept associations on sockets. */
final class DecryptedSocket extends Socket {

    private final TlsServerProtocol connection;
    private final Socket below;

    DecryptedSocket(TlsServerProtocol connection, Socket below) {
        this.connection = connection;
        this.below = below;
    }

    @Override
    public InputStream getInputStream() {
        return connection.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
        return connection.getOutputStream();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        below.setSoTimeout(millis);
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        below.setTcpNoDelay(on);
    }

    @Override
    public boolean isClosed() {
        return below.isClosed();
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            connection.close();
        } finally {
            below.close();
        }
    }
}
