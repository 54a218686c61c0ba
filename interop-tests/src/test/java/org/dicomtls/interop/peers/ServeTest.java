package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.AssociationAbortedException;
import org.dicomtls.interop.association.DimseStatus;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code serve} as a process among others: signals, and what the system gives it. */
@ExtendWith(Keys.class)
@Timeout(90)
class ServeTest {

    private static final String PROFILE = "bcp195-rfc9325";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static Association associate(int port) throws Exception {
        SecureTransport client = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                .role(Role.CLIENT)
                .identity(Identity.pem(Path.of(Keys.file("client-ecdsa.pem")), Path.of(Keys.file("client-ecdsa.key"))))
                .trust(Trust.pem(Path.of(Keys.file("ca.pem"))))
                .handshakeTimeout(TIMEOUT)
                .build();
        SSLSocket socket = (SSLSocket) client.sslContext().getSocketFactory().createSocket("localhost", port);
        return Association.open(socket, "TEST", "ANY", PresentationContext.verification(), TIMEOUT);
    }

    private static DicomTls.Server serve(String... more) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("--profile", PROFILE, "--pki", Keys.directory().toString()));
        words.addAll(List.of(more));
        return DicomTls.serve(words.toArray(String[]::new));
    }

    @Test
    void afterATerminationSignalAssociationsGoOnToTheirEnd() throws Exception {
        try (DicomTls.Server server = serve("--drain", "30")) {
            Association association = associate(server.port());
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            server.command().terminate();
            server.command().line(line ->
                    line.equals("stopping: no more connections are accepted; 1 associations have up to 30.0 s"));
            assertThatThrownBy(() -> associate(server.port())).isInstanceOf(java.net.ConnectException.class);
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            association.release();
            server.command().line(line -> line.contains(" released, 2 C-ECHO, 0 C-STORE"));
            server.command()
                    .line(line -> line.equals("stopped: 1 connections accepted, 1 established, 0 refused in the handshake,"
                            + " 0 turned away"));
            assertThat(server.command().status()).as("as of a process that the signal ended").isEqualTo(143);
        }
    }

    @Test
    void whenTheTimeIsOverTheyAreAborted() throws Exception {
        try (DicomTls.Server server = serve("--drain", "0")) {
            Association association = associate(server.port());
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            server.command().terminate();
            server.command().line(line -> line.startsWith("stopping: "));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            association.echo();
                        }
                    })
                    .isInstanceOf(AssociationAbortedException.class);
            server.command().line(line -> line.matches(".* aborted_here, \\d+ C-ECHO, 0 C-STORE.*"));
            server.command().line(line -> line.startsWith("stopped: "));
        }
    }

    @Test
    void withoutFileDescriptorsItNeitherSpinsNorStops() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")) && Footprint.known(), "skipped: needs bash and /proc");
        List<Socket> silent = new ArrayList<>();
        try (DicomTls.Server server = DicomTls.serveWithin(
                "ulimit -n 90", "--profile", PROFILE, "--pki", Keys.directory().toString(), "--handshake-timeout", "60",
                "--max-connections", "500")) {
            assertThat(server.command().lines())
                    .anyMatch(line -> line.matches("dicom-tls: there are file descriptors for 8 connections, not for 500;"
                            + " raise the limit of the system \\(ulimit -n\\), or lower --max-connections"));
            associate(server.port()).release(); // what is opened once is open
            for (int i = 0; i < 100; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            }
            Footprint full = Footprint.of(server.command().pid());
            assertThat(full.files()).isBetween(50, 90);
            Duration before = processorTime(server.command().pid());
            TimeUnit.SECONDS.sleep(2);
            assertThat(processorTime(server.command().pid()).minus(before)).isLessThan(Duration.ofSeconds(1));
            Association association = associate(server.port());
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            association.release();
            server.command().line(line -> line.contains("it gave way to a newer connection"));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static Duration processorTime(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::info).flatMap(ProcessHandle.Info::totalCpuDuration).orElse(Duration.ZERO);
    }

    @Test
    void moreAssociationsThanTheHeapHoldsAreWarnedOf() throws Exception {
        try (DicomTls.Server server = serve("--max-associations", "5000")) {
            Optional<String> warning = server.command().lines().stream()
                    .filter(line -> line.startsWith("dicom-tls: 5000 associations may need more than the heap of "))
                    .findFirst();
            assertThat(warning).isPresent();
        }
    }
}
