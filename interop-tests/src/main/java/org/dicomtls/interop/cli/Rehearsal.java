package org.dicomtls.interop.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.interop.report.Logs;
import org.dicomtls.interop.report.Scratch;

/**
 * Runs each command once against a server of its own, so that a class-data archive that is made as it ends holds what they
 * load. The launcher runs it after a build; its output is nobody's.
 *
 * <p>With two directories, that of the build and another one, it copies the jars of the build without their signatures
 * instead, and writes their class path into a file: the JVM archives no class of a signed jar, which Bouncy Castle's are. A
 * JVM whose JCE insists on signed providers fails in the rehearsal then, and gets no archive.
 */
final class Rehearsal {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+),");
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    private static final String PROFILE = "bcp195-mod";

    private final PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    private final Path directory;

    Rehearsal(Path directory) {
        this.directory = directory;
    }

    /** Ends with status 0 when all commands ran; an archive of half of them is worth little. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 2) {
            copy(Path.of(arguments[0]), Path.of(arguments[1]));
            return;
        }
        Logs.quiet();
        int status;
        try (Scratch scratch = Scratch.create("dicom-tls-rehearsal")) {
            status = new Rehearsal(scratch.directory()).run();
        }
        System.exit(status);
    }

    private static void copy(Path build, Path into) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path directory : List.of(build, build.resolve("lib"))) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.jar")) {
                found.forEach(jars::add);
            }
        }
        jars.sort(Comparator.naturalOrder());
        List<String> copies = new ArrayList<>();
        for (Path jar : jars) {
            Path copy = into.resolve(jar.getFileName());
            unsigned(jar, copy);
            copies.add(copy.toString());
        }
        Files.writeString(into.resolve("class-path"), String.join(File.pathSeparator, copies));
    }

    /** Without signatures, and without the digests of the manifest, which would be read at each start. */
    private static void unsigned(Path jar, Path copy) throws IOException {
        try (JarFile from = new JarFile(jar.toFile(), false)) {
            Manifest manifest = new Manifest();
            if (from.getManifest() != null) {
                manifest.getMainAttributes().putAll(from.getManifest().getMainAttributes());
            }
            manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
            try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry : Collections.list(from.entries())) {
                    if (!SIGNATURE.matcher(entry.getName()).matches() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        to.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = from.getInputStream(entry)) {
                            in.transferTo(to);
                        }
                        to.closeEntry();
                    }
                }
            }
        }
    }

    /** The worst exit status of its commands: 0, or the rehearsal is of something that does not work. */
    int run() throws InterruptedException {
        String pki = directory.resolve("pki").toString();
        String report = directory.resolve("report.json").toString();
        String page = directory.resolve("report.html").toString();
        int worst = command("profiles");
        worst |= command("rules", "--profile", PROFILE);
        worst |= command("doctor", "--profile", PROFILE);
        worst |= command("compare", "bcp195-nd", PROFILE, "--html", page);
        worst |= command("pki", pki);
        worst |= command("matrix", "--profiles", "bcp195-rfc9325", "--json", report, "--html", page);
        String server = serve(pki);
        for (String engine : new String[] {"jdk", "bc"}) {
            worst |= command("echo", server, "--profile", PROFILE, "--engine", engine, "--pki", pki);
        }
        // Conformant or not: what counts is that it ran.
        worst |= command("audit", server, "--profile", PROFILE, "--pki", pki, "--json", report, "--html", page) > 2 ? 1 : 0;
        return worst;
    }

    private int command(String... arguments) {
        return Main.run(arguments, nowhere, nowhere);
    }

    private String serve(String pki) throws InterruptedException {
        StringWriter said = new StringWriter();
        Thread serving = new Thread(
                () -> Main.run(
                        new String[] {"serve", "--profile", PROFILE, "--port", "0", "--bind", "127.0.0.1", "--pki", pki},
                        new PrintWriter(said, true),
                        nowhere),
                "rehearsal-server");
        serving.setDaemon(true);
        serving.start();
        long end = System.nanoTime() + PATIENCE_NANOS;
        Matcher listening = LISTENING.matcher("");
        while (!listening.reset(said.toString()).find()) {
            if (System.nanoTime() > end || !serving.isAlive()) {
                throw new IllegalStateException("no server came up: " + said);
            }
            Thread.sleep(10);
        }
        return "127.0.0.1:" + listening.group(1);
    }
}
