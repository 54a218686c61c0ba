package org.dicomtls.interop.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Ports on the loopback interface. */
final class Loopback {

    private static final int BACKLOG = 512;

    private Loopback() {}

    static InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }

    static ServerSocket listen() throws IOException {
        return new ServerSocket(0, BACKLOG, address());
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address(), port), 10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }
}
