package org.dicomtls.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import javax.net.ssl.SSLServerSocketFactory;
import org.dicomtls.rule.Role;

/** Makes server sockets under a policy. */
final class PolicyServerSocketFactory extends SSLServerSocketFactory {

    private static final int DEFAULT_BACKLOG = 50;

    private final SecureTransport transport;

    PolicyServerSocketFactory(SecureTransport transport) {
        this.transport = transport;
    }

    /** A client's transport was never asked whether it can honour what the profile demands of servers. */
    private PolicyServerSocket socket() throws IOException {
        if (!transport.roles().contains(Role.SERVER)) {
            throw new SocketException("profile " + transport.profile().id()
                    + ": this transport was built for the role client alone, and makes no server sockets");
        }
        return new PolicyServerSocket(transport);
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return socket();
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, DEFAULT_BACKLOG, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        PolicyServerSocket socket = socket();
        try {
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
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
