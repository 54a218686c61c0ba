package org.dicomtls.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import javax.net.ssl.SSLSocketFactory;
import org.dicomtls.rule.Role;

/** Makes sockets under a policy. */
final class PolicySocketFactory extends SSLSocketFactory {

    private final SecureTransport transport;

    PolicySocketFactory(SecureTransport transport) {
        this.transport = transport;
    }

    private PolicySocket socket(Socket tcp, String host, boolean autoClose, Role role) {
        return new PolicySocket(transport, tcp, host, autoClose, new PolicySettings(transport, role));
    }

    @Override
    public Socket createSocket() {
        return socket(new Socket(), null, true, Role.CLIENT);
    }

    @Override
    public Socket createSocket(Socket tcp, String host, int port, boolean autoClose) throws IOException {
        connected(tcp);
        return socket(tcp, host, autoClose, Role.CLIENT);
    }

    /** A server's end of a connection of which some octets were read already. */
    @Override
    public Socket createSocket(Socket tcp, InputStream consumed, boolean autoClose) throws IOException {
        connected(tcp);
        if (consumed == null || consumed.available() == 0) {
            return socket(tcp, null, autoClose, Role.SERVER);
        }
        byte[] read = consumed.readAllBytes();
        InputStream all = new SequenceInputStream(new ByteArrayInputStream(read), tcp.getInputStream());
        return socket(new Consumed(tcp, all), null, autoClose, Role.SERVER);
    }

    private static void connected(Socket tcp) throws IOException {
        if (tcp == null) {
            throw new NullPointerException("socket");
        }
        if (!tcp.isConnected()) {
            throw new java.net.SocketException("the underlying socket is not connected");
        }
    }

    private Socket connect(PolicySocket socket, InetSocketAddress remote, InetSocketAddress local) throws IOException {
        try {
            if (local != null) {
                socket.bind(local);
            }
            if (remote.isUnresolved()) {
                throw transport.unreachable(remote, new UnknownHostException(remote.getHostString()));
            }
            socket.connect(remote);
            return socket;
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connect(socket(new Socket(), host, true, Role.CLIENT), new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connect(
                socket(new Socket(), host, true, Role.CLIENT),
                new InetSocketAddress(host, port),
                new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connect(socket(new Socket(), null, true, Role.CLIENT), new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connect(
                socket(new Socket(), null, true, Role.CLIENT),
                new InetSocketAddress(address, port),
                new InetSocketAddress(localAddress, localPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return transport.supportedCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return transport.supportedCipherSuites();
    }
}
