package org.dicomtls.interop.pki;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.dicomtls.rule.Role;

/** The files of a test PKI. Only files that this class names are ever replaced. */
final class PkiDirectory {
    static final String MARKER = ".dicom-tls-pki";
    static final String FLAWS = "flaws";

    private static final Pattern OURS = Pattern.compile("ca\\.(pem|key|crl)|(server|client)-[a-z0-9-]+\\.(pem|key)|README");

    private final Path directory;

    PkiDirectory(Path directory) {
        this.directory = directory;
    }

    private record Step(String file, Supplier<Credential> credential) {}

    void write(TestPki pki, TestPki.Progress progress) throws IOException {
        write(pki, steps(pki), progress);
    }

    /** The same without the flawed credentials, whose keys take most of the time. */
    void writeGood(TestPki pki) throws IOException {
        write(
                pki,
                steps(pki).stream().filter(step -> !step.file().startsWith(FLAWS)).toList(),
                TestPki.Progress.NONE);
    }

    private void write(TestPki pki, List<Step> steps, TestPki.Progress progress) throws IOException {
        try {
            claim();
            int total = steps.size() + 1;
            int done = 0;
            for (Step step : steps) {
                progress.at(done++, total, step.file());
                Credential credential = step.credential().get();
                writeChain(directory.resolve(step.file() + ".pem"), credential.chain());
                writeKey(directory.resolve(step.file() + ".key"), credential);
            }
            progress.at(done++, total, "ca.crl");
            writePem(directory.resolve("ca.crl"), "X509 CRL", List.of(pki.crl().getEncoded()));
            Files.writeString(directory.resolve(FLAWS).resolve("README"), readme(), StandardCharsets.UTF_8);
            progress.at(done, total, "done");
        } catch (PkiException e) {
            throw e;
        } catch (IOException e) {
            throw new PkiException("cannot write a PKI to " + directory + ": " + why(e), e);
        } catch (CertificateEncodingException | CRLException e) {
            throw new IllegalStateException("a certificate that was just made has no encoding", e);
        }
    }

    private static List<Step> steps(TestPki pki) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("ca", pki::root));
        for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
            for (KeyKind kind : KeyKind.values()) {
                if (pki.options().kinds().contains(kind)) {
                    steps.add(new Step(role.title() + "-" + kind.id(), () -> pki.good(role, kind)));
                }
            }
        }
        for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
            for (Flaw flaw : Flaw.values()) {
                if (flaw.concerns(role)) {
                    steps.add(new Step(
                            FLAWS + "/" + role.title() + "-" + flaw.id(), () -> pki.flawed(role, flaw)));
                }
            }
        }
        return steps;
    }

    /** Makes sure that nothing but an earlier PKI is in the way, and takes that away. */
    private void claim() throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(directory)) {
            throw new PkiException(directory + " is not a directory");
        }
        Files.createDirectories(directory);
        Path marker = directory.resolve(MARKER);
        if (!Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                if (entries.iterator().hasNext()) {
                    throw new PkiException(directory + " is not empty and no test PKI (it has no " + MARKER
                            + "): name a new or an empty directory");
                }
            }
            // First of all: a PKI that was cut short can be written anew.
            Files.writeString(marker, "A throw-away test PKI. Its keys protect nothing.\n", StandardCharsets.UTF_8);
        }
        Path flaws = directory.resolve(FLAWS);
        if (Files.exists(flaws, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(flaws, LinkOption.NOFOLLOW_LINKS)) {
            throw new PkiException(flaws + " is not a directory");
        }
        Files.createDirectories(flaws);
        // A certificate of an earlier authority beside the new ca.pem would be a flaw that nobody named.
        removeOurs(directory);
        removeOurs(flaws);
    }

    private static void removeOurs(Path from) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                if (OURS.matcher(entry.getFileName().toString()).matches()) {
                    Files.delete(entry);
                }
            }
        }
    }

    private static void writeChain(Path file, List<X509Certificate> chain)
            throws IOException, CertificateEncodingException {
        List<byte[]> encoded = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            encoded.add(certificate.getEncoded());
        }
        writePem(file, "CERTIFICATE", encoded);
    }

    private static void writePem(Path file, String type, List<byte[]> contents) throws IOException {
        Files.writeString(
                file, pem(type, contents), StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static String pem(String type, List<byte[]> contents) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            for (byte[] content : contents) {
                writer.writeObject(new PemObject(type, content));
            }
        }
        return text.toString();
    }

    /** As PKCS#8; nobody but the owner may ever read the file, not even while it is written. */
    private static void writeKey(Path file, Credential credential) throws IOException {
        boolean posix = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (Writer writer = new BufferedWriter(Channels.newWriter(
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner),
                StandardCharsets.US_ASCII))) {
            writer.write(pem("PRIVATE KEY", List.of(credential.key().getEncoded())));
        }
    }

    private static String readme() {
        StringBuilder text = new StringBuilder("Certificates with one flaw each, for a server and for a client.\n\n");
        for (Flaw flaw : Flaw.values()) {
            for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
                if (flaw.concerns(role)) {
                    text.append(role.title())
                            .append('-')
                            .append(flaw.id())
                            .append(": ")
                            .append(flaw.description())
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String why(IOException e) {
        if (e instanceof java.nio.file.NoSuchFileException) {
            return "no such directory";
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "access denied";
        }
        return e instanceof java.nio.file.FileSystemException fs && fs.getReason() != null
                ? fs.getReason()
                : String.valueOf(e.getMessage());
    }
}
