package org.dicomtls.interop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.dicomtls.audittrail.AuditMessage;
import org.dicomtls.audittrail.AuditSource;
import org.dicomtls.audittrail.AuditTrail;
import org.dicomtls.audittrail.Code;
import org.dicomtls.audittrail.SyslogTlsSink;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.syslog.SyslogReceiver;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/dicom-audit.md, run against a repository. */
class AuditTrailGuideTest {

    @TempDir
    private Path directory;

    private static Identity identity(List<Credential> credentials) {
        return Identity.of(credentials.stream()
                .map(c -> new Identity.Entry(c.key(), c.chain()))
                .toList());
    }

    @Test
    void aRefusalAndAMessageOfOnesOwnReachTheRepository() throws Exception {
        TestPki pki = TestPki.create(PkiOptions.defaults());
        Identity ours = identity(pki.good(Role.SERVER));
        Identity client = identity(pki.good(Role.CLIENT));
        Trust hospitalCa = Trust.authorities(pki.authority());
        Path output = directory.resolve("audit.log");
        Path buffer = directory.resolve("buffer");
        SecureTransport receiving = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                .identity(ours)
                .trust(hospitalCa)
                .build();
        try (SyslogReceiver repository =
                SyslogReceiver.start(receiving, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), output)) {
            int port = repository.port();
            String host = "localhost";
            SecureTransport toRepository = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                    .role(Role.CLIENT)
                    .identity(client)
                    .trust(hospitalCa)
                    .build();
            AuditSource node = AuditSource.of("ct-3").withEnterpriseSite("radiology").withAeTitles(List.of("CT3"));
            SyslogTlsSink sink = SyslogTlsSink.to(toRepository, node, host, port, buffer).build();

            SecureTransport transport = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                    .identity(ours)
                    .trust(hospitalCa)
                    .listener(AuditTrail.of(node, sink))
                    .build();

            TransportListener fewer =
                    AuditTrail.of(node, sink).only(refusal -> refusal.kind() != RefusalKind.NOTHING_SENT);

            AuditMessage started = new AuditMessage(
                    new AuditMessage.Event(
                            Code.dcm("110100", "Application Activity"),
                            AuditMessage.Action.EXECUTE,
                            Instant.now(),
                            AuditMessage.Outcome.SUCCESS,
                            List.of(Code.dcm("110120", "Application Start")),
                            Optional.empty()),
                    List.of(new AuditMessage.ActiveParticipant(
                            Long.toString(ProcessHandle.current().pid()),
                            Optional.of("AETITLES=CT3"),
                            Optional.of("scanner"),
                            false,
                            List.of(Code.dcm("110150", "Application")),
                            Optional.empty())),
                    node,
                    List.of());
            sink.accept(started);

            refuseOne(transport);
            assertThat(fewer).isNotNull();
            assertThat(sink.flush(Duration.ofSeconds(30))).as("%s", sink.status()).isTrue();
            sink.close();
            List<String> lines = Files.readAllLines(output).stream().distinct().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).contains("csd-code=\"110100\"");
            assertThat(lines.get(1)).contains("csd-code=\"110113\"", "csd-code=\"110126\"");
        }
    }

    /** A client that speaks plain DICOM. */
    private static void refuseOne(SecureTransport transport) throws Exception {
        try (ServerSocket listener = transport.sslContext().getServerSocketFactory().createServerSocket(0);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            socket.getOutputStream().write(new byte[] {1, 0, 0, 0, 0, (byte) 0xCD, 0, 1, 0, 0});
            socket.shutdownOutput();
            try (SSLSocket accepted = (SSLSocket) listener.accept()) {
                accepted.startHandshake();
            } catch (IOException e) {
                // It is refused.
            }
        }
    }
}
