package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dicomtls.audittrail.AuditDeliveryListener;
import org.dicomtls.audittrail.AuditMessage;
import org.dicomtls.audittrail.AuditSource;
import org.dicomtls.audittrail.DeliveryProof;
import org.dicomtls.audittrail.SecurityAlert;
import org.dicomtls.audittrail.SyslogTlsSink;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A repository that is not ours: rsyslog on GnuTLS and on OpenSSL, which demands a certificate. */
@ExtendWith(Keys.class)
class RsyslogTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final AuditSource SOURCE = AuditSource.of("é-日本").withNode("node.test.example");

    /** The TLS library that it uses, and what it shows at the end of a connection. */
    enum Driver {
        GTLS("rsyslog-gnutls", DeliveryProof.END_OF_STREAM),
        OSSL("rsyslog-openssl", DeliveryProof.CLOSE_NOTIFY);

        private final String debianPackage;
        private final DeliveryProof proof;

        Driver(String debianPackage, DeliveryProof proof) {
            this.debianPackage = debianPackage;
            this.proof = proof;
        }

        private String module() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @TempDir
    private Path directory;

    private final List<String> interruptions = Collections.synchronizedList(new ArrayList<>());

    private static void assumeInstalled(Driver driver) throws IOException {
        PathMatcher module = FileSystems.getDefault().getPathMatcher("glob:/usr/lib/**/rsyslog/lmnsd_" + driver.module() + ".so");
        boolean installed;
        try (Stream<Path> files = Files.find(Path.of("/usr/lib"), 3, (file, a) -> module.matches(file))) {
            installed = files.findAny().isPresent() && Command.run("/usr/sbin/rsyslogd", "-v").status() == 0;
        } catch (UncheckedIOException e) {
            installed = false;
        }
        assumeTrue(installed, "skipped: install " + driver.debianPackage);
    }

    private Path output() {
        return directory.resolve("audit.log");
    }

    /** It writes each message to the file before it reads the next. */
    private Command rsyslog(Driver driver, int port) throws Exception {
        Path pki = Keys.directory();
        Path configuration = Files.writeString(
                directory.resolve("rsyslog.conf"),
                """
                global(workDirectory="%1$s" maxMessageSize="64k" DefaultNetstreamDriver="%2$s"
                  DefaultNetstreamDriverCAFile="%3$s/ca.pem" DefaultNetstreamDriverCertFile="%3$s/server-rsa.pem"
                  DefaultNetstreamDriverKeyFile="%3$s/server-rsa.key")
                main_queue(queue.type="direct")
                module(load="imtcp" StreamDriver.Name="%2$s" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/certvalid")
                template(name="raw" type="string" string="%%rawmsg%%\\n")
                input(type="imtcp" port="%4$d" address="127.0.0.1")
                action(type="omfile" file="%5$s" template="raw" asyncWriting="off" flushOnTXEnd="on")
                """
                        .formatted(directory, driver.module(), pki, port, output()));
        Command command = Command.start(List.of(
                "/usr/sbin/rsyslogd", "-n", "-f", configuration.toString(), "-i", directory.resolve("pid").toString()));
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return command;
            } catch (IOException e) {
                if (System.nanoTime() > end || !command.isAlive()) {
                    command.close();
                    throw new AssertionError("rsyslog does not listen: " + command.lines(), e);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private SyslogTlsSink sink(int port, DeliveryProof proof) throws IOException {
        Path pki = Keys.directory();
        SecureTransport transport = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                .role(Role.CLIENT)
                .identity(Identity.pem(pki.resolve("client-ecdsa.pem"), pki.resolve("client-ecdsa.key")))
                .trust(Trust.pem(pki.resolve("ca.pem")))
                .build();
        return SyslogTlsSink.to(transport, SOURCE, "localhost", port, directory.resolve("buffer"))
                .proof(proof)
                .settle(Duration.ofMillis(500))
                .retry(Duration.ofMillis(20), Duration.ofMillis(200))
                .timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5))
                .listener(new AuditDeliveryListener() {
                    @Override
                    public void interrupted(String why, long unproven, Duration retryIn) {
                        interruptions.add(why);
                    }
                })
                .build();
    }

    private static AuditMessage message(int number) {
        return new AuditMessage(
                new AuditMessage.Event(
                        SecurityAlert.SECURITY_ALERT,
                        AuditMessage.Action.EXECUTE,
                        Instant.now(),
                        AuditMessage.Outcome.SUCCESS,
                        List.of(SecurityAlert.NODE_AUTHENTICATION),
                        Optional.of("message " + number)),
                List.of(new AuditMessage.ActiveParticipant(
                        "test", Optional.empty(), Optional.empty(), false, List.of(), Optional.empty())),
                SOURCE,
                List.of());
    }

    private List<Integer> numbers() throws IOException {
        return AuditMessages.in(output()).stream()
                .map(line -> AuditMessages.document(line).getElementsByTagName("EventOutcomeDescription"))
                .map(found -> Integer.parseInt(found.item(0).getTextContent().substring("message ".length())))
                .toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    @ParameterizedTest
    @EnumSource
    void takesOurMessagesAsTheyAre(Driver driver) throws Exception {
        assumeInstalled(driver);
        int port = Ports.free();
        try (Command rsyslog = rsyslog(driver, port);
                SyslogTlsSink sink = sink(port, driver.proof)) {
            AuditMessage first = message(1);
            sink.accept(first);
            for (int i = 2; i <= 20; i++) {
                sink.accept(message(i));
            }
            assertThat(sink.flush(LONG)).as("%s %s", sink.status(), rsyslog.lines()).isTrue();
            assertThat(numbers()).isEqualTo(range(1, 20));
            String line = AuditMessages.in(output()).get(0);
            assertThat(line).startsWith("<85>1 ").endsWith(" DICOM+RFC3881 - \ufeff" + first.xml());
            assertThat(interruptions).isEmpty();
        }
    }

    /** Its GnuTLS driver ends connections without a word; the proof that we want by default is then refused. */
    @Test
    void withGnuTlsItAnswersNoCloseNotify() throws Exception {
        assumeInstalled(Driver.GTLS);
        int port = Ports.free();
        try (Command rsyslog = rsyslog(Driver.GTLS, port);
                SyslogTlsSink sink = sink(port, DeliveryProof.CLOSE_NOTIFY)) {
            sink.accept(message(1));
            assertThat(sink.flush(Duration.ofMillis(1_500))).as("%s", rsyslog.lines()).isFalse();
            assertThat(interruptions.get(0)).contains("without the close_notify that RFC 5425 §4.4 demands");
            assertThat(new TreeSet<>(numbers())).containsExactly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedInTheMiddleItLosesNothing(Driver driver) throws Exception {
        assumeInstalled(driver);
        int port = Ports.free();
        int sent = 0;
        try (SyslogTlsSink sink = sink(port, driver.proof)) {
            for (int round = 0; round < 2; round++) {
                try (Command rsyslog = rsyslog(driver, port)) {
                    int enough = sent + 40;
                    while (sent < enough) {
                        sink.accept(message(++sent));
                    }
                    long end = System.nanoTime() + LONG.toNanos();
                    while (!numbers().contains(enough - 30) && System.nanoTime() < end) {
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                    rsyslog.kill();
                }
            }
            try (Command rsyslog = rsyslog(driver, port)) {
                assertThat(sink.flush(LONG)).as("%s %s", sink.status(), rsyslog.lines()).isTrue();
            }
        }
        assertThat(new TreeSet<>(numbers())).containsExactlyElementsOf(range(1, sent));
    }
}
