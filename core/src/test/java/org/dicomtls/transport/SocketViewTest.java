package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A view acts on the connection and on nothing else. */
class SocketViewTest {

    /** A method of Socket that is not overridden opens a socket of its own, and acts on that. */
    @ParameterizedTest
    @ValueSource(classes = {SocketView.class, PolicySocket.class})
    void everyMethodIsOverridden(Class<?> view) {
        List<String> missing = Stream.of(Socket.class.getMethods())
                .filter(m -> m.getDeclaringClass() == Socket.class && !Modifier.isStatic(m.getModifiers()))
                .filter(m -> !isOverridden(view, m))
                .map(Method::getName)
                .toList();
        assertThat(missing).isEmpty();
    }

    private static boolean isOverridden(Class<?> view, Method method) {
        for (Class<?> c = view; c != Socket.class && c != SSLSocket.class; c = c.getSuperclass()) {
            try {
                c.getDeclaredMethod(method.getName(), method.getParameterTypes());
                return true;
            } catch (NoSuchMethodException e) {
                // perhaps further up
            }
        }
        return false;
    }

    @org.junit.jupiter.api.Test
    void optionsReachTheConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket tcp = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket view = new Consumed(tcp, tcp.getInputStream())) {
            view.setKeepAlive(true);
            view.setOption(StandardSocketOptions.TCP_NODELAY, true);
            assertThat(tcp.getKeepAlive()).isTrue();
            assertThat(tcp.getTcpNoDelay()).isTrue();
        }
    }
}
