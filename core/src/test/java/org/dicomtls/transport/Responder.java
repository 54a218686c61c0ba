package org.dicomtls.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An OCSP responder on loopback that answers whatever it is told to, also what is no HTTP. */
final class Responder implements AutoCloseable {

    /** What is done with a question. */
    interface Behaviour {
        void answer(OutputStream out, byte[] question) throws IOException;
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Behaviour behaviour;

    Responder(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** One that gives those octets for the octets of the question. */
    static Responder saying(UnaryOperator<byte[]> answers) {
        return new Responder(answering(answers));
    }

    static Behaviour answering(UnaryOperator<byte[]> answers) {
        return (out, question) -> {
            byte[] answer = answers.apply(question);
            out.write(head("200 OK", "Content-Type: application/ocsp-response", "Content-Length: " + answer.length));
            out.write(answer);
        };
    }

    /** A status line and headers. */
    static byte[] head(String status, String... headers) {
        return ("HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket socket = accepted) {
            byte[] question = question(socket.getInputStream());
            asked.incrementAndGet();
            behaviour.answer(socket.getOutputStream(), question);
            socket.shutdownOutput();
        } catch (IOException e) {
            // The other end has given up.
        }
    }

    private static byte[] question(InputStream in) throws IOException {
        int length = 0;
        String request = line(in);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        if (request.startsWith("GET ")) {
            // RFC 6960 A.1: the JDK asks so where the question is short.
            String path = request.split(" ")[1];
            return Base64.getDecoder()
                    .decode(URLDecoder.decode(path.substring("/ocsp/".length()), StandardCharsets.UTF_8));
        }
        byte[] body = new byte[length];
        new DataInputStream(in).readFully(body);
        return body;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/ocsp";
    }

    /** How often it was asked. */
    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
