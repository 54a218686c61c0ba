package org.dicomtls.interop.clientaudit;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.bouncycastle.tls.RenegotiationPolicy;
import org.bouncycastle.tls.TlsClientProtocol;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.StreamSocket;
import org.dicomtls.interop.probe.client.ClientCase;
import org.dicomtls.interop.probe.client.Connecting;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;

/** A client that keeps its habits with every server: one C-ECHO for each call. */
final class OddClient implements Connecting {

    private static final int PATIENCE_MILLIS = 3_000;
    private static final int FAREWELL_MILLIS = 300;
    private static final byte[] A_ASSOCIATE_RQ = {1, 0, 0, 0, 0, 68, 0, 1};
    private static final byte[] P_DATA_TF = {4, 0, 0, 0, 0, 0};
    private static final byte[] SSL_2_HELLO = {
        (byte) 0x80, 28, 1, 0, 2, 0, 3, 0, 0, 0, 16, 7, 0, (byte) 0xC0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    };

    private final Habits habits;
    private final TestPki pki;
    private final Supplier<Optional<ClientCase>> next;
    private boolean rejected;
    private int calls;
    private OptionalInt usualSuite = OptionalInt.empty();

    /** @param next what it meets next: a hello that no handshake can follow is kept from honest servers */
    OddClient(Habits habits, TestPki pki, Supplier<Optional<ClientCase>> next) {
        this.habits = habits;
        this.pki = pki;
        this.next = next;
    }

    @Override
    public void connect(String host, int port) throws Exception {
        boolean honest = next.get().map(ClientCase::control).orElse(true);
        calls++;
        if (habits.odd(Oddity.PLAIN_DICOM_FIRST)) {
            shout(host, port, A_ASSOCIATE_RQ);
        }
        if (habits.odd(Oddity.SSL_2_HELLO_FIRST)) {
            shout(host, port, SSL_2_HELLO);
        }
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            Ears ears = new Ears(open(socket.getInputStream()), habits, usualSuite);
            try {
                echo(socket, ears, new Mouth(open(socket.getOutputStream()), habits, honest, ears));
            } finally {
                rejected = !ears.answered();
                if (ears.answered() && !CipherSuite.of(ears.suite()).tls13()) {
                    usualSuite = OptionalInt.of(ears.suite());
                }
                if (ears.plain() && habits.odd(Oddity.PLAIN_ANSWER_TAKEN)) {
                    socket.getOutputStream().write(P_DATA_TF);
                }
                farewell(socket);
            }
        }
    }

    private void echo(Socket socket, Ears ears, Mouth mouth) throws IOException {
        TlsClientProtocol protocol = new Engine(ears, mouth);
        OddPeer peer = new OddPeer(new OddCrypto(habits), habits, versions(), new ServerCheck(pki, habits.taken()));
        protocol.connect(peer);
        peer.checkServer();
        StreamSocket stream = new StreamSocket(socket, protocol.getInputStream(), protocol.getOutputStream());
        try (Association association = Association.open(
                stream, "ODD", "ANY", PresentationContext.verification(), Duration.ofMillis(PATIENCE_MILLIS))) {
            association.echo();
            association.release();
        }
    }

    private List<TlsVersion> versions() {
        boolean without = habits.odd(Oddity.FALLS_BACK) && rejected
                || habits.odd(Oddity.TLS_1_3_NOW_AND_THEN) && calls % 2 == 0;
        return without ? habits.versions().subList(1, habits.versions().size()) : habits.versions();
    }

    /** The engine asks nobody else whether it may renegotiate. */
    private final class Engine extends TlsClientProtocol {
        Engine(Ears ears, Mouth mouth) {
            super(ears, mouth);
        }

        @Override
        protected int getRenegotiationPolicy() {
            return habits.odd(Oddity.HELLO_REQUEST_FOLLOWED) ? RenegotiationPolicy.ACCEPT : RenegotiationPolicy.DENY;
        }
    }

    /** Says something that is no TLS, and waits for the end of it. */
    private static void shout(String host, int port, byte[] octets) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(octets);
            farewell(socket);
        }
    }

    /** Without this an alert on its way could be lost by a reset. */
    private static void farewell(Socket socket) {
        try {
            socket.setSoTimeout(FAREWELL_MILLIS);
            socket.shutdownOutput();
            while (socket.getInputStream().read() >= 0) {
                // until the other end has read all of it
            }
        } catch (IOException e) {
            // gone already
        }
    }

    /** What the engine cannot close. */
    private static InputStream open(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public void close() {}
        };
    }

    private static OutputStream open(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                out.write(octets, offset, length);
            }

            @Override
            public void close() {}
        };
    }
}
