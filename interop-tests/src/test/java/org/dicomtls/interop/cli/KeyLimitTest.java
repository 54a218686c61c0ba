package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.interop.association.Uid;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.KeyUse;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Associations whose keys are used up, as those see it who store: with a limit of 64 records instead of 2^24. */
@Timeout(60)
class KeyLimitTest {

    private static final Profile TLS12 = DicomProfiles.BCP195_EXTENDED;
    private static final Profile TLS13 = DicomProfiles.BCP195_RFC9325;
    private static final long NONE = KeyUse.MOST_RECORDS;

    @TempDir
    private Path directory;

    private final StringWriter events = new StringWriter();

    /** How a command ended. */
    private record Result(int status, String err) {}

    @BeforeEach
    void makeKeys() {
        assertThat(run("pki", directory.resolve("pki").toString()).status()).isZero();
    }

    private static Result run(String... words) {
        StringWriter err = new StringWriter();
        int status = Main.run(words, new PrintWriter(new StringWriter()), new PrintWriter(err, true));
        return new Result(status, err.toString());
    }

    /** Files of that size. */
    private List<Path> files(int count, int octets) throws IOException {
        Path made = directory.resolve("files");
        StoreSink sink = StoreSink.toDirectory(made);
        List<Path> files = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            byte[] content = new byte[octets];
            new Random(i).nextBytes(content);
            try (StoreSink.Reception file = sink.receive(new StoreSink.Instance(
                    Uid.SECONDARY_CAPTURE, "1.2.3." + i, Uid.IMPLICIT_VR_LITTLE_ENDIAN, "TEST"))) {
                file.dataSet().write(content);
                file.complete();
            }
            files.add(made.resolve("1.2.3." + i + ".dcm"));
        }
        return files;
    }

    private static byte[] dataSet(Path file) throws Exception {
        try (var in = Part10.read(file).dataSet()) {
            return in.readAllBytes();
        }
    }

    private DicomServer serve(Profile profile, Engine engine, long limit) throws Exception {
        Path pki = directory.resolve("pki");
        SecureTransport transport = SecureTransport.of(profile)
                .engine(engine)
                .role(Role.SERVER)
                .identity(Identity.pem(pki.resolve("server-ecdsa.pem"), pki.resolve("server-ecdsa.key")))
                .trust(Trust.pem(pki.resolve("ca.pem")))
                .recordLimit(limit)
                .build();
        return DicomServer.on(ConnectionServer.secure(transport).bind(InetAddress.getLoopbackAddress(), 0))
                .sink(StoreSink.toDirectory(directory.resolve("kept")))
                .listener(new Events(new PrintWriter(events), false))
                .start();
    }

    private Result store(DicomServer server, Profile profile, Engine engine, long limit, List<Path> files) {
        List<String> words = new ArrayList<>(List.of(
                "store", "127.0.0.1:" + server.port(), "--profile", profile.id(), "--engine", engine.id(), "--pki",
                directory.resolve("pki").toString(), "--record-limit", Long.toString(limit)));
        files.forEach(file -> words.add(file.toString()));
        return run(words.toArray(String[]::new));
    }

    private void allKept(List<Path> files) throws Exception {
        for (Path file : files) {
            assertThat(dataSet(directory.resolve("kept").resolve(file.getFileName()))).isEqualTo(dataSet(file));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestorOpensANewAssociationInTime(Engine engine) throws Exception {
        List<Path> files = files(8, 150_000);
        try (DicomServer server = serve(TLS12, engine, NONE)) {
            Result result = store(server, TLS12, engine, 64, files);
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err().lines())
                    .containsExactly(
                            "dicom-tls: the keys of the connection are nearly used up after 3 of 8 files; a new association is"
                                    + " opened for the others",
                            "dicom-tls: the keys of the connection are nearly used up after 6 of 8 files; a new association is"
                                    + " opened for the others");
            allKept(files);
        }
        assertThat(events.toString().lines().filter(line -> line.contains(" released, 0 C-ECHO, "))).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void anAcceptorEndsTheAssociationBetweenOperationsAndSaysWhy(Engine engine) throws Exception {
        List<Path> files = files(6, 150_000);
        try (DicomServer server = serve(TLS12, engine, 64)) {
            Result result = store(server, TLS12, engine, NONE, files);
            assertThat(result.status()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("the server aborted the association (A-ABORT, source: service-user");
            allKept(files.subList(0, 3));
            Result next = store(server, TLS12, engine, NONE, files.subList(3, 6));
            assertThat(next.status()).as(next.err()).isZero();
            allKept(files);
        }
        assertThat(events.toString().lines().filter(line -> line.contains("keys_used_up")))
                .singleElement()
                .asString()
                .matches(".* keys_used_up, 0 C-ECHO, 3 C-STORE: the keys of the connection are nearly used up, and TLSv1.2 on"
                        + " engine " + engine.id() + " cannot change them; offered: \\d+ records sent, \\d+ received; wanted: at"
                        + " most 64 records of TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 under one key \\(RFC 9325 §4.4\\);"
                        + " remedy: open a new association for what is left; TLSv1.3 changes keys without one");
    }

    @Test
    void anObjectThatIsTooLongForOneKeyIsRefusedInTheMiddleByTheRequestor() throws Exception {
        try (DicomServer server = serve(TLS12, Engine.JDK, NONE)) {
            Result result = store(server, TLS12, Engine.JDK, 64, files(1, 2_000_000));
            assertThat(result.status()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("the keys of the connection are used up, and TLSv1.2 on engine jdk cannot");
        }
        assertThat(events.toString()).contains(" aborted_by_peer, 0 C-ECHO, 0 C-STORE");
        try (Stream<Path> kept = Files.list(directory.resolve("kept"))) {
            assertThat(kept).isEmpty();
        }
    }

    @Test
    void anObjectThatIsTooLongForOneKeyIsRefusedInTheMiddleByTheAcceptor() throws Exception {
        try (DicomServer server = serve(TLS12, Engine.JDK, 64)) {
            Result result = store(server, TLS12, Engine.JDK, NONE, files(1, 2_000_000));
            assertThat(result.status()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("the server aborted the association (A-ABORT, source: service-user");
        }
        assertThat(events.toString()).contains(" keys_used_up, 0 C-ECHO, 0 C-STORE: the keys of the connection are used up");
    }

    @Test
    void withTls13KeysAreChangedAndNobodyNotices() throws Exception {
        List<Path> files = files(2, 5_000_000);
        try (DicomServer server = serve(TLS13, Engine.JDK, 64)) {
            Result result = store(server, TLS13, Engine.JDK, 100, files);
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err()).isEmpty();
            allKept(files);
        }
    }

    @Test
    void aLimitThatIsNoneIsNamed() {
        Result result = run(
                "echo", "localhost:1", "--profile", TLS13.id(), "--record-limit", "10", "--pki",
                directory.resolve("pki").toString());
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.err().lines())
                .containsExactly("dicom-tls: --record-limit: a limit of 10 records is outside 64…16777216");
    }
}
