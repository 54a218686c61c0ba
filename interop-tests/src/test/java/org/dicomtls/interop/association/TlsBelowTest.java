package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.dicomtls.interop.association.AssociationSummary.Ending;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must hold with TLS below, although the package knows nothing of it. */
@Timeout(30)
class TlsBelowTest {
    private static TestPki pki;
    private static SSLContext server;
    private static SSLContext client;
    private static SSLContext anonymous;

    @BeforeAll
    static void makeContexts() throws Exception {
        pki = TestPki.create(PkiOptions.ecdsaOnly());
        server = context(pki.good(Role.SERVER, KeyKind.ECDSA));
        client = context(pki.good(Role.CLIENT, KeyKind.ECDSA));
        anonymous = context(null);
    }

    private static SSLContext context(Credential credential) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", pki.authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (credential != null) {
            own.setKeyEntry(
                    "own", credential.key(), new char[0], credential.chain().toArray(Certificate[]::new));
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Socket handshaken(Socket accepted) throws IOException {
        SSLSocket socket = (SSLSocket) server.getSocketFactory().createSocket(accepted, null, true);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(true);
        socket.startHandshake();
        return socket;
    }

    private static SSLSocket connect(SSLContext context, Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, "localhost", plain.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    private static DicomServer start(Loopback.Events events, AcceptorOptions options) throws IOException {
        return DicomServer.on(Loopback.connections())
                .setup(TlsBelowTest::handshaken)
                .setupTimeout(Duration.ofSeconds(5))
                .acceptor(options)
                .sink(StoreSink.discarding())
                .listener(events)
                .drain(Duration.ofMillis(200))
                .start();
    }

    @Test
    void storesAndReleases() throws Exception {
        Loopback.Events events = new Loopback.Events();
        try (DicomServer dicom = start(events, AcceptorOptions.defaults())) {
            Association association = Association.open(
                    connect(client, Loopback.connect(dicom.port())), "TEST", "ANY",
                    List.of(new PresentationContext(
                            1, Uid.SECONDARY_CAPTURE, List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN))),
                    Loopback.TIMEOUT);
            assertThat(association.store(
                            Uid.SECONDARY_CAPTURE, "1.2.3", Uid.IMPLICIT_VR_LITTLE_ENDIAN,
                            new ByteArrayInputStream(new byte[5_000_000])))
                    .isEqualTo(DimseStatus.SUCCESS);
            association.release();
            assertThat(events.nextClosed().ending()).isEqualTo(Ending.RELEASED);
        }
    }

    @Test
    void aMissingClientCertificateShowsAsTheAlertThatItIs() throws Exception {
        Loopback.Events events = new Loopback.Events();
        try (DicomServer dicom = start(events, AcceptorOptions.defaults())) {
            for (int attempt = 0; attempt < 20; attempt++) {
                Socket plain = Loopback.connect(dicom.port());
                assertThatThrownBy(() -> Association.open(
                                connect(anonymous, plain), "TEST", "ANY", PresentationContext.verification(),
                                Loopback.TIMEOUT))
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("certificate");
                assertThat(events.nextFailed()).isInstanceOf(SSLException.class);
                plain.close();
            }
        }
    }

    @Test
    void aRecordThatTricklesInIsCutOffAtTheDeadline() throws Exception {
        Loopback.Events events = new Loopback.Events();
        AcceptorOptions quick = AcceptorOptions.defaults().withArtim(Duration.ofMillis(400));
        try (DicomServer dicom = start(events, quick);
                Socket plain = Loopback.connect(dicom.port())) {
            connect(client, plain);
            plain.setSoTimeout(50);
            OutputStream out = plain.getOutputStream();
            long start = System.nanoTime();
            byte[] record = new byte[5 + 200];
            record[0] = 0x17;
            record[1] = 3;
            record[2] = 3;
            record[4] = (byte) 200;
            // Each octet moves a socket timeout of the TLS layer's own reads; only the connection's end stops it.
            int sent = 0;
            try {
                while (sent < record.length) {
                    out.write(record[sent++]);
                    drainFor50Millis(plain);
                }
            } catch (IOException closed) {
                // As it should be.
            }
            assertThat(sent).isLessThan(record.length);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            assertThat(events.nextClosed().ending()).isEqualTo(Ending.TIMED_OUT);
        }
    }

    private static void drainFor50Millis(Socket plain) throws IOException {
        byte[] discarded = new byte[4096];
        while (true) {
            try {
                if (plain.getInputStream().read(discarded) < 0) {
                    throw new IOException("closed");
                }
            } catch (SocketTimeoutException next) {
                return;
            }
        }
    }

    @Test
    void aFlippedBitEndsTheConnectionWithoutAnAbort() throws Exception {
        Loopback.Events events = new Loopback.Events();
        try (DicomServer dicom = start(events, AcceptorOptions.defaults());
                Socket plain = Loopback.connect(dicom.port())) {
            SSLSocket tls = connect(client, plain);
            tls.getOutputStream().write(PduCodec.encode(Requests.verification()));
            assertThat(new PduReader(tls.getInputStream(), 1 << 20).read()).isInstanceOf(Pdu.AssociateAccept.class);
            events.nextOpened();
            // Not the next record under the keys of this connection, as if it had been changed on its way.
            byte[] record = new byte[5 + 40];
            record[0] = 0x17;
            record[1] = 3;
            record[2] = 3;
            record[4] = 40;
            plain.getOutputStream().write(record);
            assertThatThrownBy(() -> new PduReader(tls.getInputStream(), 1 << 20).read())
                    .isInstanceOf(SSLException.class);
            AssociationSummary summary = events.nextClosed();
            assertThat(summary.ending()).isEqualTo(Ending.CONNECTION_LOST);
            assertThat(summary.failure().orElseThrow()).isInstanceOf(SSLException.class);
        }
    }
}
