package org.dicomtls.interop.refusals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.rule.Role;

/**
 * {@code docs/refusals.md}: for each failure, what servers and clients say. The page is written by several tests, each of
 * which knows some of the software; whoever writes keeps what the others have written.
 */
public final class RefusalsPage {

    /** The software, in the order of the page. */
    public static final List<String> WHO = List.of("DCMTK", "OpenSSL", "dcm4che", "dicom-tls");

    private static final Pattern HEADING = Pattern.compile("## (\\d+)\\. .*");
    private static final Pattern HALF = Pattern.compile("What (servers|clients) say:");
    private static final Pattern SAYS = Pattern.compile("\\* \\*\\*(\\S+)\\*\\*.*? – (.*)");

    private final Map<Failure, Map<Role, Map<String, String>>> said = new EnumMap<>(Failure.class);

    /** The page as it is; without anything said where there is none yet. */
    public static RefusalsPage read(Path file) throws IOException {
        RefusalsPage page = new RefusalsPage();
        if (!Files.exists(file)) {
            return page;
        }
        Failure failure = null;
        Role role = null;
        for (String line : Files.readString(file).split("\n")) {
            Matcher heading = HEADING.matcher(line);
            Matcher half = HALF.matcher(line);
            Matcher says = SAYS.matcher(line);
            if (heading.matches()) {
                failure = Failure.values()[Integer.parseInt(heading.group(1)) - 1];
            } else if (half.matches()) {
                role = half.group(1).equals("servers") ? Role.SERVER : Role.CLIENT;
            } else if (says.matches() && failure != null && role != null) {
                page.says(failure, role, says.group(1), says.group(2));
            }
        }
        return page;
    }

    /** Puts down what that software says in that role. */
    public void says(Failure failure, Role role, String who, String words) {
        said.computeIfAbsent(failure, f -> new EnumMap<>(Role.class))
                .computeIfAbsent(role, r -> new TreeMap<>())
                .put(who, words);
    }

    /** What it says, if that is known. */
    public Optional<String> said(Failure failure, Role role, String who) {
        return Optional.ofNullable(said.getOrDefault(failure, Map.of()).getOrDefault(role, Map.of()).get(who));
    }

    /** All that one software says, by failure and role, for comparisons. */
    public Map<String, String> all(String who) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Failure failure : Failure.values()) {
            for (Role role : Role.values()) {
                if (failure.concerns(role)) {
                    all.put(failure + " " + role.title(), said(failure, role, who).orElse("(not asked)"));
                }
            }
        }
        return all;
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, text(), StandardCharsets.UTF_8);
    }

    /** The page. */
    public String text() {
        StringBuilder text = new StringBuilder(PREFACE);
        for (Failure failure : Failure.values()) {
            text.append("\n## ").append(failure.ordinal() + 1).append(". ").append(failure.title()).append("\n\n");
            text.append(failure.remark()).append('\n');
            half(text, failure, Role.SERVER);
            half(text, failure, Role.CLIENT);
        }
        return text.toString();
    }

    private void half(StringBuilder text, Failure failure, Role role) {
        if (!failure.concerns(role)) {
            return;
        }
        text.append("\nWhat ").append(role.title()).append("s say:\n\n");
        for (String who : WHO) {
            text.append("* **").append(who).append("**");
            text.append(
                    switch (who) {
                        case "DCMTK" -> role == Role.SERVER ? " `storescp`" : " `echoscu`";
                        case "OpenSSL" -> role == Role.SERVER ? " `s_server`" : " `s_client`";
                        case "dcm4che" -> role == Role.SERVER ? " SCP" : " SCU";
                        default -> role == Role.SERVER ? " `serve`" : " `echo`";
                    });
            text.append(" – ").append(said(failure, role, who).orElse("(not asked)")).append('\n');
        }
    }

    private static final String PREFACE =
            """
            # What others say, and what we say

            Twenty-five ways in which DICOM over TLS fails between two nodes, and what is read in their logs. The peer is at
            fault in one thing; observed are DCMTK 3.6.7 (`storescp -d`, `echoscu -d`), OpenSSL 3.0 (`s_server`,
            `s_client`), dcm4che 5.34.3 (its own `Device` and `Connection`, on OpenJDK 17) and dicom-tls on engine `jdk`. All
            are set up for the suites of B.10, with an RSA certificate, and demand a certificate of the peer. Where the peer
            could see it, the reaction on the wire is there too; "goes on" means that the fault was not noticed, or not minded.

            The words of dicom-tls are those of `serve` and `echo`, of the exception (`TlsRefusal`), of the log and of the
            events; in front is the key for programs. [Read a refusal](reading-refusals.md) says of each key what to do.

            This page is generated. The part of dicom-tls is compared with what it says by a standing test; all but dcm4che is
            written anew by `mvn -pl interop-tests -am test -Dtest=RefusalsPageTest -Dsurefire.failIfNoSpecifiedTests=false
            -Ddocs.write=true`, dcm4che by the same with `-Pdcm4che -pl dcm4che -Dtest=RefusalsPageTest`. Ports are `PORT`,
            fingerprints and dates `…`.
            """;
}
