package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code echo} says when TLS or the association fails: one shape, whole messages, the same on both engines. */
class AssociationRefusalTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path pki;

    private static TestPki made;

    @BeforeAll
    static void makeKeys() throws Exception {
        made = TestPki.create(PkiOptions.defaults());
        made.write(pki.resolve("pki"));
    }

    /** What a server does with a connection. */
    interface Script {
        void serve(Socket socket) throws IOException;
    }

    record Said(int status, String line, JsonNode refusal) {}

    private static SecureTransport transport(Engine engine) {
        return SecureTransport.of(DicomProfiles.BCP195_NON_DOWNGRADING)
                .role(Role.SERVER)
                .engine(engine)
                .identity(CredentialOptions.identity(made.good(Role.SERVER)))
                .trust(Trust.authorities(made.authority()))
                .build();
    }

    private static Said echo(ServerSocket listener, Script script, String... options) throws Exception {
        CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
            // Once for the line of text, once for JSON.
            for (int i = 0; i < 2; i++) {
                try (Socket socket = listener.accept()) {
                    script.serve(socket);
                } catch (IOException e) {
                    // The client has gone, which is what it is about.
                }
            }
        });
        Said said = echo("localhost:" + listener.getLocalPort(), options);
        serving.get(30, TimeUnit.SECONDS);
        return said;
    }

    private static Said echo(String target, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "echo", target, "--profile", "bcp195-nd", "--pki", pki.resolve("pki").toString()));
        arguments.addAll(List.of(options));
        StringWriter err = new StringWriter();
        int status = Main.run(
                arguments.toArray(String[]::new), new PrintWriter(new StringWriter()), new PrintWriter(err, true));
        arguments.addAll(List.of("--json", "-"));
        StringWriter out = new StringWriter();
        assertThat(Main.run(arguments.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(new StringWriter())))
                .isEqualTo(status);
        JsonNode json = JSON.readTree(out.toString());
        try (InputStream schema = Main.class.getResourceAsStream("/org/dicomtls/interop/schema/echo-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(json))
                    .isEmpty();
        }
        return new Said(status, err.toString().strip(), json.path("refusal"));
    }

    private static ServerSocket tls(Engine engine) throws IOException {
        return transport(engine)
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static void reads(Socket socket, Engine engine, String pdus) throws IOException {
        request(socket.getInputStream());
        socket.getOutputStream().write(HexFormat.of().parseHex(pdus));
        socket.getOutputStream().flush();
        socket.getInputStream().read();
    }

    /** Reads an A-ASSOCIATE-RQ. */
    private static void request(InputStream in) throws IOException {
        byte[] header = in.readNBytes(6);
        in.readNBytes((header[4] & 0xFF) << 8 | header[5] & 0xFF);
    }

    private static void refused(Said said, String kind, String engine, String text) {
        assertThat(said.line())
                .matches("dicom-tls: localhost:\\d+ under bcp195-nd \\(engine " + engine + "\\): refused: "
                        + Pattern.quote(text));
        assertThat(said.refusal().path("kind").asText()).isEqualTo(kind);
        assertThat(said.refusal().path("end").asText()).isEqualTo("client");
        assertThat(said.status()).isEqualTo(ExitStatus.REFUSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0101 07 | rejected-permanent, source: service-user, reason: called AE title not recognized | ; offered: called AE title ANY-SCP; wanted: the AE title of the server; remedy: call the server by its AE title
                    0101 03 | rejected-permanent, source: service-user, reason: calling AE title not recognized | ; offered: calling AE title DICOM-TLS; wanted: an AE title that the server knows; remedy: enter our AE title at the server, or use one that it knows
                    0101 01 | rejected-permanent, source: service-user, reason: no reason given | ; remedy: read the log of the server: it gives no reason
                    0203 02 | rejected-transient, source: service-provider (presentation), reason: local limit exceeded | ; remedy: try again later
                    """)
    void aRejectionIsInTheWordsOfDicom(String octets, String words, String rest) throws Exception {
        for (Engine engine : Engine.values()) {
            try (ServerSocket listener = tls(engine)) {
                refused(
                        echo(
                                listener,
                                s -> reads(s, engine, "03000000000400" + octets.replace(" ", "")),
                                "--engine",
                                engine.id()),
                        "association.rejected",
                        engine.id(),
                        "the server rejected the association (A-ASSOCIATE-RJ, " + words + ")" + rest);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAbortIsInTheWordsOfDicom(Engine engine) throws Exception {
        try (ServerSocket listener = tls(engine)) {
            refused(
                    echo(listener, s -> reads(s, engine, "07000000000400000201"), "--engine", engine.id()),
                    "association.aborted",
                    engine.id(),
                    "the server aborted the association (A-ABORT, source: service-provider, reason: unrecognized PDU);"
                            + " remedy: read the log of the server");
            refused(
                    echo(listener, s -> reads(s, engine, "07000000000400000000"), "--engine", engine.id()),
                    "association.aborted",
                    engine.id(),
                    "the server aborted the association (A-ABORT, source: service-user, reason: none); remedy: read the log"
                            + " of the server");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatClosesInsteadOfAnAnswerMayHaveRefusedTheCertificate(Engine engine) throws Exception {
        try (ServerSocket listener = tls(engine)) {
            refused(
                    echo(listener, s -> request(s.getInputStream()), "--engine", engine.id()),
                    "association.closed",
                    engine.id(),
                    "the server closed the connection without a word of DICOM; remedy: read the log of the server: with TLS"
                            + " 1.3 it may refuse the client's certificate like this");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDoesNotAnswerIsLeft(Engine engine) throws Exception {
        try (ServerSocket listener = tls(engine)) {
            refused(
                    echo(
                            listener,
                            s -> s.getInputStream().readAllBytes(),
                            "--engine",
                            engine.id(),
                            "--timeout",
                            "1"),
                    "association.timeout",
                    engine.id(),
                    "no answer to the A-ASSOCIATE-RQ within 1000 ms; remedy: look whether the server is overloaded, and"
                            + " whether it waits for an operator");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatBreaksPs38IsNamed(Engine engine) throws Exception {
        try (ServerSocket listener = tls(engine)) {
            Said said = echo(
                    listener,
                    s -> {
                        request(s.getInputStream());
                        s.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                        s.getOutputStream().flush();
                        s.getInputStream().readAllBytes();
                    },
                    "--engine",
                    engine.id());
            assertThat(said.refusal().path("kind").asText()).isEqualTo("association.protocol-error");
            assertThat(said.line())
                    .contains("refused: the server broke PS3.8: ")
                    .endsWith("; remedy: look whether the server speaks DICOM on this port; else update its software");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPortForPlainDicomIsNamed(Engine engine) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            refused(
                    echo(
                            listener,
                            s -> {
                                s.getInputStream().readNBytes(10);
                                s.getOutputStream().write(HexFormat.of().parseHex("07000000000400000201"));
                                s.shutdownOutput();
                                s.getInputStream().readAllBytes();
                            },
                            "--engine",
                            engine.id()),
                    "transport.plain-dicom",
                    engine.id(),
                    "the server speaks plain DICOM where TLS is spoken; offered: a DICOM A-ABORT in the clear; wanted: "
                            + TlsVersion.TLS_1_3 + ", " + TlsVersion.TLS_1_2
                            + "; rule: B10/tls-without-indication (PS3.15 2021b B.10); alert sent: unexpected_message(10);"
                            + " remedy: connect to the server's TLS port, or switch TLS on there");
        }
    }

    @Test
    void whoCannotBeReachedIsSaidInTheSameShape() throws Exception {
        int port = Ports.free();
        Said said = echo("127.0.0.1:" + port);
        assertThat(said.status()).isEqualTo(ExitStatus.UNREACHABLE);
        assertThat(said.line())
                .isEqualTo("dicom-tls: 127.0.0.1:" + port + " under bcp195-nd (engine jdk): unreachable: nobody listens at"
                        + " 127.0.0.1:" + port + "; remedy: start the server, or correct host and port; some firewalls answer"
                        + " like this too");
        assertThat(said.refusal().path("kind").asText()).isEqualTo("transport.connection-refused");
        assertThat(said.refusal().path("phase").asText()).isEqualTo("TRANSPORT");
    }
}
