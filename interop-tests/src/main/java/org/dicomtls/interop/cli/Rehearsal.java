package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs each command once against a server of its own, so that a class-data archive that is made as it ends holds what they
 * load. The launcher runs it after a build; its output is nobody's.
 */
final class Rehearsal {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+),");
    private static final String PROFILE = "bcp195-mod";

    private final PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    private final Path directory;

    private Rehearsal(Path directory) {
        this.directory = directory;
    }

    /** Ends with status 0 when all commands ran; an archive of half of them is worth little. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Main.quiet(System.getProperties());
        Path directory = Files.createTempDirectory("dicom-tls-rehearsal");
        int status;
        try {
            status = new Rehearsal(directory).run();
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
        System.exit(status);
    }

    private int run() throws InterruptedException {
        String pki = directory.resolve("pki").toString();
        String report = directory.resolve("report").toString();
        int worst = command("profiles");
        worst |= command("rules", "--profile", PROFILE);
        worst |= command("doctor", "--profile", PROFILE);
        worst |= command("compare", "bcp195-nd", PROFILE, "--html", report);
        worst |= command("pki", pki);
        worst |= command("matrix", "--profiles", "bcp195-rfc9325", "--json", report, "--html", report);
        String server = serve(pki);
        for (String engine : new String[] {"jdk", "bc"}) {
            worst |= command("echo", server, "--profile", PROFILE, "--engine", engine, "--pki", pki);
        }
        // Conformant or not: what counts is that it ran.
        worst |= command("audit", server, "--profile", PROFILE, "--pki", pki, "--json", report, "--html", report) > 2 ? 1 : 0;
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
