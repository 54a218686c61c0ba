package org.dicomtls.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.junit.jupiter.api.Assumptions;

/** The openssl command of the machine, where there is one. */
final class OpenSsl implements AutoCloseable {

    private final Process process;
    private final Path directory;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reader;

    private OpenSsl(Path directory, List<String> command) throws IOException {
        this.directory = directory;
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = new Thread(this::read, "test-openssl");
        reader.start();
    }

    private void read() {
        byte[] buffer = new byte[4096];
        try {
            for (int got = process.getInputStream().read(buffer); got >= 0; got = process.getInputStream().read(buffer)) {
                synchronized (output) {
                    output.write(buffer, 0, got);
                    output.notifyAll();
                }
            }
        } catch (IOException e) {
            // The process has ended.
        }
    }

    /** Waits until it has printed that text. */
    void await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + 15_000_000_000L;
        synchronized (output) {
            while (!output.toString(StandardCharsets.UTF_8).contains(text)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("openssl does not print " + text + ": " + output);
                }
                output.wait(left);
            }
        }
    }

    static void assume() {
        Assumptions.assumeTrue(available(), "openssl is not installed");
    }

    private static boolean available() {
        try {
            Process process = new ProcessBuilder("openssl", "version").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** Runs a command to its end and returns what it prints. */
    static String run(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("openssl"));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(all + ": " + text);
        }
        return text;
    }

    /** s_client with the client's certificate of the tests. */
    static OpenSsl client(int port, String... options) throws Exception {
        Path directory = Files.createTempDirectory("openssl");
        Identity.Entry entry = TestCertificates.client(Transports.RSA).entries().get(0);
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", "127.0.0.1:" + port,
                "-cert", pem(directory.resolve("cert.pem"), entry.certificate()).toString(),
                "-key", pem(directory.resolve("key.pem"), entry.key()).toString()));
        command.addAll(List.of(options));
        return new OpenSsl(directory, command);
    }

    /** s_server on loopback with that certificate, on a port of its own choice. */
    static OpenSsl server(Identity identity, String... options) throws Exception {
        Path directory = Files.createTempDirectory("openssl");
        Identity.Entry entry = identity.entries().get(0);
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_server", "-accept", "127.0.0.1:0",
                "-cert", pem(directory.resolve("cert.pem"), entry.certificate()).toString(),
                "-key", pem(directory.resolve("key.pem"), new JcaPKCS8Generator(entry.key(), null)).toString()));
        command.addAll(List.of(options));
        return new OpenSsl(directory, command);
    }

    /** The port that s_server has chosen. */
    int port() throws InterruptedException {
        await("ACCEPT ");
        await("\n");
        String text;
        synchronized (output) {
            text = output.toString(StandardCharsets.UTF_8);
        }
        return Integer.parseInt(text.replaceAll("(?s).*ACCEPT \\S+:(\\d+)\\s.*", "$1"));
    }

    static Path pem(Path file, Object... parts) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object part : parts) {
                writer.writeObject(part);
            }
        }
        return Files.writeString(file, text.toString());
    }

    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    void end() throws IOException {
        process.getOutputStream().close();
    }

    /** Waits for its end and returns what it printed. */
    String output() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("openssl does not end");
        }
        reader.join(10_000);
        synchronized (output) {
            return output.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
