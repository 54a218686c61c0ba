package org.dicomtls.interop.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One PKI of {@code dicom-tls pki} for all tests of this package, and more kinds of key, which openssl makes and its
 * authority signs. Deleted after the last test.
 */
final class Keys implements BeforeAllCallback {
    private static final Map<String, List<String>> KINDS = Map.of(
            "rsa", List.of("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
            "rsapss", List.of("-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"),
            "p256", List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
            "p384", List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
            "p521", List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"),
            "ed25519", List.of("-algorithm", "ED25519"),
            "ed448", List.of("-algorithm", "ED448"));

    private static Path pki;

    private record Deleting(Path directory) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Deleting made = context.getRoot()
                .getStore(Namespace.create(Keys.class))
                .getOrComputeIfAbsent("directory", key -> make(), Deleting.class);
        use(made.directory());
    }

    private static synchronized void use(Path directory) {
        pki = directory;
    }

    private static Deleting make() {
        try {
            Deleting made = new Deleting(Files.createTempDirectory("dicom-tls-peers"));
            DicomTls.pki(made.directory());
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory of the PKI. */
    static synchronized Path directory() {
        return pki;
    }

    static String file(String name) {
        return directory().resolve(name).toString();
    }

    /** The stem of a certificate and its key, e.g. {@code client-p384}: of the PKI, or made now. */
    static synchronized String stem(String role, String kind) {
        Path stem = pki.resolve(role + "-" + kind);
        if (!Files.exists(Path.of(stem + ".pem"))) {
            issue(stem, role, kind);
        }
        return stem.toString();
    }

    private static void issue(Path stem, String role, String kind) {
        try {
            Path extensions = Files.writeString(
                    Path.of(stem + ".ext"),
                    "subjectAltName=DNS:localhost,IP:127.0.0.1\nkeyUsage=critical,digitalSignature\nextendedKeyUsage="
                            + role + "Auth\n");
            List<String> generate = new ArrayList<>(List.of("openssl", "genpkey", "-out", stem + ".key"));
            generate.addAll(KINDS.get(kind));
            Command.mustRun(generate.toArray(String[]::new));
            Command.mustRun(
                    "openssl", "req", "-new", "-key", stem + ".key", "-subj", "/CN=" + role + " " + kind, "-out",
                    stem + ".csr");
            Command.mustRun(
                    "openssl", "x509", "-req", "-in", stem + ".csr", "-CA", file("ca.pem"), "-CAkey", file("ca.key"),
                    "-set_serial", Long.toString(System.nanoTime()), "-days", "2", "-sha256", "-extfile",
                    extensions.toString(), "-out", stem + ".pem");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
