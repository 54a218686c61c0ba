package org.dicomtls.interop.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.refusals.Failure;
import org.dicomtls.interop.refusals.FaultyPeer;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import org.dicomtls.transport.Trust;

/** What dicom-tls says of a failure, in the words of {@code serve} and {@code echo}. */
public final class OwnWords {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration IMPATIENT = Duration.ofMillis(500);

    private OwnWords() {}

    /** What it says in that role. */
    public static String of(Failure failure, Role role, TestPki pki) throws Exception {
        return role == Role.SERVER ? server(failure, pki) : client(failure, pki);
    }

    private static SecureTransport.Builder transport(Failure failure, Role role, TestPki pki) {
        // B.12 has no DHE.
        Profile profile = failure == Failure.WEAK_DHE
                ? DicomProfiles.BCP195_NON_DOWNGRADING
                : DicomProfiles.BCP195_RFC9325;
        return SecureTransport.of(profile)
                .engine(Engine.JDK)
                .role(role)
                .handshakeTimeout(failure == Failure.SILENT ? IMPATIENT : TIMEOUT)
                .identity(
                        role == Role.CLIENT && failure.withoutCertificate()
                                ? Identity.none()
                                : CredentialOptions.identity(List.of(pki.good(role, KeyKind.RSA))))
                .trust(Trust.authorities(pki.authority()));
    }

    private static String server(Failure failure, TestPki pki) throws Exception {
        LinkedBlockingQueue<Refusal> told = new LinkedBlockingQueue<>();
        SecureTransport transport = transport(failure, Role.SERVER, pki)
                .listener(new TransportListener() {
                    @Override
                    public void refused(Refusal refusal) {
                        told.add(refusal);
                    }
                })
                .build();
        try (ServerSocket listener = transport.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    socket.getInputStream().read();
                } catch (IOException e) {
                    // The listener has heard it.
                }
            });
            try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                failure.peer(Role.SERVER, pki).orElseThrow().on(connection);
            }
            await(serving);
        }
        Refusal refusal = told.poll();
        return refusal == null ? "goes on" : words(refusal);
    }

    private static String client(Failure failure, TestPki pki) throws Exception {
        SecureTransport transport = transport(failure, Role.CLIENT, pki).build();
        Optional<FaultyPeer> peer = failure.peer(Role.CLIENT, pki);
        if (peer.isEmpty()) {
            return echo(transport, Ports.free());
        }
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                try (Socket connection = listener.accept()) {
                    peer.get().on(connection);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            String said = echo(transport, listener.getLocalPort());
            await(serving);
            return said;
        }
    }

    private static String echo(SecureTransport transport, int port) throws IOException {
        Negotiated negotiated = null;
        try (SSLSocket socket = (SSLSocket) transport.sslContext().getSocketFactory().createSocket()) {
            socket.connect(new InetSocketAddress("localhost", port), (int) TIMEOUT.toMillis());
            socket.startHandshake();
            negotiated = Negotiated.of(socket).orElseThrow();
            try (Association association =
                    Association.open(socket, "DICOM-TLS", "ANY-SCP", PresentationContext.verification(), TIMEOUT)) {
                association.echo();
                association.release();
            }
            return "goes on";
        } catch (IOException e) {
            return words(
                    negotiated == null
                            ? Refusal.in(e).orElseThrow()
                            : new AssociationFailure(negotiated, "DICOM-TLS", "ANY-SCP").of(e));
        }
    }

    private static void await(CompletableFuture<Void> serving) throws InterruptedException {
        try {
            serving.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static String words(Refusal refusal) {
        return "`" + refusal.kind() + "`: "
                + refusal.text()
                        .replaceAll("SHA-256 [0-9a-f]{32}", "SHA-256 …")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:]+Z", "…")
                        .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT");
    }
}
