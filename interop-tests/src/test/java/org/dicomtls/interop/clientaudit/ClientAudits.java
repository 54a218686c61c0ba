package org.dicomtls.interop.clientaudit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.probe.client.ClientCase;
import org.dicomtls.interop.probe.client.ClientSession;
import org.dicomtls.interop.probe.client.Connecting;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;

/** Audits a client in this process, as {@code dicom-tls audit-client --script} does. */
public final class ClientAudits {

    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int BACKLOG = 50;

    private ClientAudits() {}

    /**
     * An audit, and what was said while it ran.
     *
     * @param lines a line for each case, as the command line prints them
     */
    public record Result(Audit audit, List<String> lines, boolean done, Duration took) {

        Set<String> broken() {
            return ids(audit.broken());
        }

        Set<String> open() {
            return ids(audit.open());
        }

        /** The recommendations that the client does not follow. */
        Set<String> advice() {
            return ids(audit.findings().stream()
                    .filter(f -> f.verdict() == Verdict.VIOLATED && f.rule().strength() == Strength.SHOULD)
                    .toList());
        }

        /** The cases in which it did not do what a sound client does. */
        Set<String> notes() {
            return lines.stream()
                    .filter(line -> line.startsWith("NOTE "))
                    .map(line -> line.substring(5, line.indexOf(',')))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** Everything that a reader needs to see why an expectation was not met. */
        public String words() {
            Predicate<Finding> shown = f -> f.verdict() == Verdict.VIOLATED || audit.open().contains(f);
            return audit.words() + " " + took.toMillis() + " ms\n"
                    + audit.findings().stream()
                            .filter(shown)
                            .map(f -> f.rule().strength() + " " + f.verdict() + " " + f.rule().id() + ": " + f.actual() + " "
                                    + f.evidence())
                            .collect(Collectors.joining("\n"))
                    + "\nremarks: " + audit.survey().remarks() + "\n" + String.join("\n", lines);
        }

        private static Set<String> ids(List<Finding> findings) {
            return findings.stream().map(f -> f.rule().id()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Lets that client connect to this machine under that name until each case was put to it. */
    public static Result of(Profile profile, Identities identities, String host, Connecting client)
            throws IOException, InterruptedException {
        return of(profile, identities, host, port -> new ForeignClient.Running() {
            @Override
            public void connect(String to, int number) throws Exception {
                client.connect(to, number);
            }

            @Override
            public void close() {}
        });
    }

    /** As above, with a client that is told the port before it starts, and ended afterwards. */
    public static Result of(Profile profile, Identities identities, String host, ForeignClient.Start start)
            throws IOException, InterruptedException {
        Lines lines = new Lines();
        long began = System.nanoTime();
        ClientSession session = new ClientSession(identities, List.of(), TIMEOUT, lines);
        try (ServerSocket listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            session.serve(listening);
            try (ForeignClient.Running client = start.on(listening.getLocalPort())) {
                session.drive(listening, host, client, () -> { });
            }
        }
        Audit audit = Audit.of("client", profile, session.survey());
        return new Result(audit, lines.all(), session.done(), Duration.ofNanos(System.nanoTime() - began));
    }

    /** Words apart by blanks as a set, for expectations. */
    static Set<String> set(String words) {
        return new TreeSet<>(Stream.of(words.split(" ")).filter(word -> !word.isEmpty()).toList());
    }

    /** Keeps what a person would read. */
    static final class Lines implements ClientSession.Listener {
        private final List<String> all = new ArrayList<>();

        @Override
        public synchronized void finished(ClientCase one, boolean asExpected, String words, int done, int planned) {
            all.add((asExpected ? "ok   " : "NOTE ") + one.id() + ", " + one.title() + " → " + words);
        }

        @Override
        public synchronized void skipped(ClientCase one, String why, int done, int planned) {
            all.add("left " + one.id() + ": " + why);
        }

        @Override
        public synchronized void strange(InetAddress from, String what) {
            all.add("from " + from.getHostAddress() + ": " + what);
        }

        synchronized List<String> all() {
            return List.copyOf(all);
        }
    }
}
