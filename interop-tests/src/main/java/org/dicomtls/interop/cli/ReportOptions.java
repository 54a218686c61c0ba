package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Writes the text that a command is for: to a file, or to standard output unless that belongs to JSON.
     *
     * @param file null for standard output
     */
    void writeText(String text, String file, PrintWriter out) {
        if (file != null) {
            file(file, text);
        } else if (!jsonOnStandardOutput()) {
            out.print(text);
            out.flush();
        }
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

    /**
     * Fails before any work is done if what is asked for could not be written at the end.
     *
     * @param others the other files that the command writes; null for those that are not asked for
     */
    void requireWritable(String... others) {
        List<Path> files = new ArrayList<>();
        if (json != null && !jsonOnStandardOutput()) {
            files.add(requireWritableFile(json));
        }
        for (String other : others) {
            if (other == null) {
                continue;
            }
            if (other.equals("-")) {
                throw new UsageException("only --json can go to standard output by '-'; name a file");
            }
            Path file = requireWritableFile(other);
            if (files.contains(file)) {
                throw new UsageException(other + ": is asked for twice; one would overwrite the other");
            }
            files.add(file);
        }
    }

    /** Fails if that file could not be written; its absolute name otherwise. */
    static Path requireWritableFile(String name) {
        try {
            Path file = Path.of(name).toAbsolutePath().normalize();
            Path parent = Optional.ofNullable(file.getParent()).orElse(file);
            boolean possible = Files.exists(file)
                    ? !Files.isDirectory(file) && Files.isWritable(file)
                    : Files.isDirectory(parent) && Files.isWritable(parent);
            if (!possible) {
                throw new UsageException(name + ": cannot be written");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new UsageException(name + ": is no name of a file here", e);
        }
    }

    static void file(String name, String text) {
        try {
            Files.writeString(Path.of(name), text);
        } catch (IOException e) {
            throw new UsageException(name + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
