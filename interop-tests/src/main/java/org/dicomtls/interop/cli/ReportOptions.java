package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dicomtls.interop.report.Json;
import picocli.CommandLine.Option;

/** Where a report goes besides the terminal. With {@code --json -} nothing else is on standard output. */
final class ReportOptions {

    @Option(names = "--json", paramLabel = "FILE|-", description = "write the report as JSON to FILE, or - for standard output")
    private String json;

    /** Whether standard output belongs to JSON. */
    boolean jsonOnStandardOutput() {
        return "-".equals(json);
    }

    /** Whether JSON is asked for, wherever it goes. */
    boolean isAsked() {
        return json != null;
    }

    /** The file that JSON goes to, if it goes to one. */
    Optional<String> file() {
        return jsonOnStandardOutput() ? Optional.empty() : Optional.ofNullable(json);
    }

    /** Writes the JSON if it is asked for. */
    void write(JsonNode report, PrintWriter out) {
        if (jsonOnStandardOutput()) {
            out.print(Json.text(report));
            out.flush();
        } else if (json != null) {
            file(json, Json.text(report));
        }
    }

    /** Fails before any work is done if a file could not be written at the end. */
    static void requireWritable(String file) {
        if (file == null || file.equals("-")) {
            return;
        }
        Path parent = Optional.ofNullable(Path.of(file).toAbsolutePath().getParent()).orElse(Path.of("/"));
        if (Files.isDirectory(Path.of(file)) || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new UsageException(file + ": cannot be written");
        }
    }

    void requireWritable() {
        requireWritable(json);
    }

    static void file(String name, String text) {
        try {
            Files.writeString(Path.of(name), text);
        } catch (IOException e) {
            throw new UsageException(name + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
