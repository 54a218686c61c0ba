package org.dicomtls.dcm4che;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dcm4che3.data.UID;
import org.dcm4che3.net.Association;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;

/** A device in a process of its own, which can be killed; arguments: role, engine, directory with its keys, port. */
final class Child implements AutoCloseable {

    private static final Profile PROFILE = DicomProfiles.BCP195_NON_DOWNGRADING;

    private final Process process;
    private final BufferedReader output;
    private final Path keys;

    private Child(Role role, Engine engine, int port) throws Exception {
        keys = Files.createTempDirectory("dicom-tls-child");
        Credential credential = Keys.PKI.good(role).get(0);
        pem("own.pem", "CERTIFICATE", credential.chain());
        pem("ca.pem", "CERTIFICATE", List.of(Keys.PKI.authority()));
        pem("own.key", credential.key().getEncoded());
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        role.name(),
                        engine.name(),
                        keys.toString(),
                        "" + port)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private void pem(String file, String type, List<X509Certificate> certificates) throws Exception {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(block(type, certificate.getEncoded()));
        }
        Files.writeString(keys.resolve(file), text);
    }

    private void pem(String file, byte[] key) throws IOException {
        Files.writeString(keys.resolve(file), block("PRIVATE KEY", key));
    }

    private static String block(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    /** Stores an object at that port, and stops in the middle of it. */
    static Child scu(Engine engine, int port) throws Exception {
        return new Child(Role.CLIENT, engine, port);
    }

    /** Listens. */
    static Child scp(Engine engine) throws Exception {
        return new Child(Role.SERVER, engine, 0);
    }

    /** Its next line that contains that; a process that ends without has failed. */
    String await(String part) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(part)) {
                return line;
            }
            said.append(line).append('\n');
        }
        throw new IOException("the process ended and said: " + said);
    }

    /** Without warning: SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        kill();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        output.close();
        for (String file : List.of("own.pem", "own.key", "ca.pem")) {
            Files.delete(keys.resolve(file));
        }
        Files.delete(keys);
    }

    public static void main(String[] arguments) throws Exception {
        Role role = Role.valueOf(arguments[0]);
        Path keys = Path.of(arguments[2]);
        SecureTransport transport = SecureTransport.of(PROFILE)
                .engine(Engine.valueOf(arguments[1]))
                .role(role)
                .identity(Identity.pem(keys.resolve("own.pem"), keys.resolve("own.key")))
                .trust(Trust.pem(keys.resolve("ca.pem")))
                .build();
        if (role == Role.SERVER) {
            System.out.println("listening on " + Node.scp(transport).port());
            return;
        }
        Association association = Node.scu(transport, "CHILD").open(Node.remote(transport, Integer.parseInt(arguments[3])));
        association.cstore(
                Node.STORAGE,
                "2.25.1",
                0,
                (out, transferSyntax) -> {
                    out.write(new byte[1_000_000]);
                    System.out.println("in the middle");
                    while (true) {
                        out.write(new byte[1_000]);
                        pause();
                    }
                },
                UID.ImplicitVRLittleEndian);
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
