package org.dicomtls.interop.audit;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.dicomtls.interop.association.AcceptorOptions;
import org.dicomtls.interop.association.AssociationAcceptor;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;

/**
 * A DICOM server on TLS whose habits are given, good and bad ones. It reads the ClientHello, chooses, and has the choice
 * carried out: by a library where a library can, else by a flight that is written down.
 */
final class OddServer implements AutoCloseable {

    private static final int MOST_CONNECTIONS = 16;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final byte[] ASSOCIATE_ACCEPT = {2, 0, 0, 0, 0, 4, 0, 1, 0, 0};
    private static final AcceptorOptions ACCEPTOR =
            AcceptorOptions.defaults().withArtim(Duration.ofSeconds(5)).withIdle(Duration.ofSeconds(5));

    private final Habits habits;
    private final TestPki pki;
    private final ServerSocket listener;
    private final ExecutorService threads;

    OddServer(Habits habits, TestPki pki) throws IOException {
        this.habits = habits;
        this.pki = pki;
        this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        this.threads = Executors.newFixedThreadPool(MOST_CONNECTIONS + 1, work -> {
            Thread thread = new Thread(work, "odd-server");
            thread.setDaemon(true);
            return thread;
        });
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException | RejectedExecutionException e) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            connection(socket);
        } catch (IOException | GeneralSecurityException e) {
            // The client has gone, or the handshake failed and the client knows.
        }
    }

    private void connection(Socket socket) throws IOException, GeneralSecurityException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        int first = in.readUnsignedByte();
        if (first != 22) {
            if (first == 1 && habits.odd(Oddity.PLAIN_DICOM)) {
                out.write(ASSOCIATE_ACCEPT);
                drain(in);
            } else if ((first & 0x80) != 0 && habits.odd(Oddity.SSL_2)) {
                out.write(ScriptedFlight.sslv2());
                drain(in);
            }
            return;
        }
        int recordVersion = in.readUnsignedShort();
        byte[] record = new byte[in.readUnsignedShort()];
        in.readFully(record);
        byte[] body = java.util.Arrays.copyOfRange(record, 4, record.length);
        ClientHello hello = ClientHello.read(body);
        Choice choice = Choice.of(hello, recordVersion, habits);
        byte[] script = script(choice, hello);
        if (script.length > 0) {
            out.write(script);
            drain(in);
            return;
        }
        // The library is stricter about the record's version than it needs to be.
        byte[] again = new ScriptedFlight.Writer()
                .all(new byte[] {22}).uint16(0x0301).vector16(record).octets();
        carryOut(choice, hello, new SequenceInputStream(new ByteArrayInputStream(again), in), socket);
    }

    private byte[] script(Choice choice, ClientHello hello) throws GeneralSecurityException {
        if (choice.alert().isPresent()) {
            return ScriptedFlight.alert(choice.alert().get());
        }
        CipherSuite suite = choice.suite();
        if (!suite.tls13()
                && hello.extensions().content(Extensions.SESSION_TICKET).map(BouncyConnection::isTicket).orElse(false)) {
            return ScriptedFlight.resumption(suite, hello);
        }
        if (suite.tls13()
                && hello.extensions().content(Extensions.PRE_SHARED_KEY).map(BouncyConnection::offersTicket).orElse(false)) {
            return ScriptedFlight.resumption13(choice, hello, !habits.odd(Oddity.PSK_WITHOUT_KEY_EXCHANGE));
        }
        return choice.completable() ? new byte[0] : ScriptedFlight.of(choice, hello, habits);
    }

    private void carryOut(Choice choice, ClientHello hello, InputStream in, Socket socket) throws IOException {
        BouncyConnection connection = new BouncyConnection(in, socket.getOutputStream(), habits, choice);
        connection.accept(new BouncyServer(new OddCrypto(habits, choice.version()), habits, choice, pki));
        connection.afterwards(hello.extensions().has(Extensions.POST_HANDSHAKE_AUTH));
        AssociationAcceptor.serve(new DecryptedSocket(connection, socket), ACCEPTOR);
    }

    /** Until the client ends it: a connection that is reset loses the answer. */
    private static void drain(InputStream in) throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException e) {
            // that is what was waited for
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
