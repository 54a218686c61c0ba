package org.dicomtls.interop.export;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A system of this machine for which exports are made, and how it is started with one. */
enum Installed {
    DCMTK(Format.DCMTK, "dcmtk", "v(\\d+\\.\\d+\\.\\d+)", "storescp", "--version") {
        @Override
        List<String> command(Export export, Outlook outlook, Path directory) {
            return List.of("sh", "-c", "exec " + outlook.part().lines().findFirst().orElseThrow());
        }
    },
    ORTHANC(Format.ORTHANC, "orthanc", "Orthanc (\\d+\\.\\d+\\.\\d+)", "Orthanc", "--version") {
        @Override
        List<String> command(Export export, Outlook outlook, Path directory) throws IOException {
            String own = """
                    "StorageDirectory": "%1$s", "IndexDirectory": "%1$s", "Plugins": [], "DicomAlwaysAllowEcho": true,
                    "HttpServerEnabled": false,
                    """.formatted(Files.createDirectories(directory.resolve("orthanc")));
            return List.of("Orthanc", write(directory, "orthanc.json", export.text().replaceFirst("(?m)^\\{", "{" + own)));
        }
    },
    OPENSSL(Format.OPENSSL, "openssl", "OpenSSL (\\d+\\.\\d+\\.\\d+)", "openssl", "version") {
        @Override
        List<String> command(Export export, Outlook outlook, Path directory) throws IOException {
            String file = write(directory, "openssl.cnf", export.text());
            // Told to be quiet, s_client also stays when its input is at an end; it has none.
            String quiet = outlook.part().contains(" s_client ") ? " -quiet -no_ign_eof" : " -quiet";
            return List.of("sh", "-c", "OPENSSL_CONF=" + file + " exec " + outlook.part() + quiet);
        }
    },
    STUNNEL(Format.STUNNEL, "stunnel4", "stunnel (\\d+\\.\\d+)", "stunnel", "-version") {
        @Override
        List<String> command(Export export, Outlook outlook, Path directory) throws IOException {
            String global = "foreground = yes\npid =\nsyslog = no\n";
            return List.of("stunnel", write(directory, "stunnel.conf", global + export.text()));
        }
    },
    HAPROXY(Format.HAPROXY, "haproxy", "version (\\d+\\.\\d+\\.\\d+)", "haproxy", "-v") {
        @Override
        List<String> command(Export export, Outlook outlook, Path directory) throws IOException {
            return List.of("haproxy", "-db", "-f", write(directory, "haproxy.cfg", export.text()));
        }
    },
    NGINX(Format.NGINX, "nginx libnginx-mod-stream", "nginx/(\\d+\\.\\d+\\.\\d+)", "nginx", "-v") {
        @Override
        List<String> command(Export export, Outlook outlook, Path directory) throws IOException {
            String main = """
                    daemon off;
                    master_process off;
                    pid nginx.pid;
                    load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                    events { }
                    """;
            String file = write(directory, "nginx.conf", main + export.text());
            return List.of("nginx", "-e", "stderr", "-p", directory.toString(), "-c", file);
        }
    };

    private static final Map<Installed, Optional<String>> VERSIONS = new EnumMap<>(Installed.class);

    private final Format format;
    private final String debianPackages;
    private final Pattern version;
    private final List<String> ask;

    Installed(Format format, String debianPackages, String version, String... ask) {
        this.format = format;
        this.debianPackages = debianPackages;
        this.version = Pattern.compile(version);
        this.ask = List.of(ask);
    }

    /** The command that runs it with an export, in a directory of its own. */
    abstract List<String> command(Export export, Outlook outlook, Path directory) throws IOException;

    Format format() {
        return format;
    }

    /** The version that is installed; empty where none is, or a part of it is missing. */
    Optional<String> version() {
        synchronized (VERSIONS) {
            return VERSIONS.computeIfAbsent(this, Installed::askVersion);
        }
    }

    private Optional<String> askVersion() {
        if (this == NGINX && !Files.exists(Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"))) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(ask).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            Matcher matcher = version.matcher(said);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Skips the test where the system is not there, or is of a version of which the export says nothing. */
    void assumeKnown(Export export) {
        assumeTrue(version().isPresent(), "skipped: install " + debianPackages);
        assumeTrue(
                outlook(export).isPresent(),
                "skipped: exports say nothing of " + format.title() + " " + version().orElse(""));
    }

    /** What the export says of the version that is installed. */
    Optional<Outlook> outlook(Export export) {
        String openssl = OPENSSL.version().orElse("0");
        return version().flatMap(installed -> export.outlooks().stream()
                .filter(o -> o.release().covers(installed, openssl))
                .findFirst());
    }

    /**
     * Rules that an audit cannot decide of it: s_server and s_client speak no DICOM, so they send too few records to tell
     * a counter, and without tickets TLS 1.2 shows no lifetime.
     */
    String[] unasked() {
        return this == OPENSSL
                ? new String[] {"RFC9325/counter-nonces", "RFC7525/ticket-lifetime-limited"}
                : new String[0];
    }

    /** What the system is told, without the comments: those that are told the same do the same. */
    String configuration(Export export, Outlook outlook) {
        String told = this == DCMTK ? outlook.part() : export.text();
        return this + told.lines()
                .filter(line -> !line.startsWith("#") && !line.startsWith("//"))
                .collect(Collectors.joining("\n"));
    }

    private static String write(Path directory, String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }
}
