package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Finding;
import org.dicomtls.tls.SignatureScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** An audit of servers of others ends with a conclusion, and its facts are what other clients see of them, too. */
class ForeignServersTest {

    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 300;
    private static final Duration TO_START = Duration.ofSeconds(20);

    @TempDir
    private static Path scratch;

    private static ExecutorService pool;
    private static boolean gnutls;
    private static final Map<ForeignPeer, Future<Result>> RESULTS = new LinkedHashMap<>();

    /** What the auditor and what the other clients found. */
    private record Result(Audit audit, SingleOptionClient.Seen seen) {}

    @BeforeAll
    static void begin() throws IOException, InterruptedException {
        Path pki = scratch.resolve("pki");
        TestPki.create(PkiOptions.defaults()).write(pki);
        pool = Executors.newFixedThreadPool(AT_ONCE);
        gnutls = ForeignServer.runs("gnutls-cli", "--version");
        boolean openssl = ForeignServer.runs("openssl", "version");
        for (ForeignPeer peer : ForeignPeer.all(scratch)) {
            if (openssl && peer.installed()) {
                Path directory = Files.createDirectories(scratch.resolve("server-" + RESULTS.size()));
                RESULTS.put(peer, pool.submit(() -> ask(peer, pki, directory)));
            } else {
                RESULTS.put(peer, null);
            }
        }
    }

    @AfterAll
    static void end() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).as("all servers are ended").isTrue();
        RESULTS.clear();
    }

    /** One question at a time: most of these servers serve one client after the other. */
    private static Result ask(ForeignPeer peer, Path pki, Path directory) throws Exception {
        Bench bench = new Bench(pki, directory, TO_START, new PeerLog());
        try (PeerServer server = peer.start().on(bench)) {
            Target target = new Target("127.0.0.1", server.port(), Duration.ofSeconds(2), Duration.ZERO);
            Audit audit = Audit.of(target, peer.profile(), Presented.directory(pki), new Manner(1, false));
            return new Result(audit, new SingleOptionClient(server.port(), pki.resolve("client-rsa"), gnutls).sweep());
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; " + peer.name() + " said " + bench.log().since(0), e);
        }
    }

    private static Result result(ForeignPeer peer) throws Exception {
        ForeignServer.assumeInstalled("openssl", "openssl", "version");
        peer.assumeInstalled();
        return RESULTS.get(peer).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @TestFactory
    Stream<DynamicNode> foreignServers() {
        return RESULTS.keySet().stream().map(peer -> DynamicContainer.dynamicContainer(
                peer.name(),
                Stream.of(
                        DynamicTest.dynamicTest(
                                peer.name() + " against " + peer.profile().id() + ": " + peer.expected().words(),
                                () -> concludes(peer)),
                        agrees(peer, "versions", Dimension.VERSION, SingleOptionClient.Seen::versions),
                        agrees(peer, "suites of TLS 1.2", Dimension.SUITE_TLS12, SingleOptionClient.Seen::suites12),
                        agrees(peer, "suites of TLS 1.3", Dimension.SUITE_TLS13, SingleOptionClient.Seen::suites13),
                        agrees(peer, "groups", Dimension.GROUP, SingleOptionClient.Seen::groups),
                        agrees(peer, "signature schemes", Dimension.SCHEME, SingleOptionClient.Seen::schemes))));
    }

    private static void concludes(ForeignPeer peer) throws Exception {
        Audit audit = result(peer).audit();
        assertThat(new ForeignPeer.Expected(audit.conclusion(), ids(audit.broken()), ids(audit.open())))
                .as("%s%n%s", audit.words(), said(audit))
                .isEqualTo(peer.expected());
    }

    private static Set<String> ids(List<Finding> findings) {
        return findings.stream().map(finding -> finding.rule().id()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String said(Audit audit) {
        return Stream.concat(audit.broken().stream(), audit.open().stream())
                .map(finding -> finding.rule().id() + ": " + finding.actual() + " " + finding.evidence())
                .collect(Collectors.joining("\n"));
    }

    private static <T extends Comparable<? super T>> DynamicTest agrees(
            ForeignPeer peer,
            String what,
            Dimension<T> dimension,
            Function<SingleOptionClient.Seen, SingleOptionClient.Sweep<T>> swept) {
        return DynamicTest.dynamicTest(peer.name() + ", " + what + ": the same to single-option clients", () -> {
            Result result = result(peer);
            SingleOptionClient.Sweep<T> sweep = swept.apply(result.seen());
            Facts.Support<T> facts = result.audit().survey().own().support(dimension);
            SortedSet<T> own = new TreeSet<>(facts.supported());
            List<SignatureScheme> ofClients = takenOfClients(result.audit().survey());
            own.removeIf(ofClients::contains);
            assertThat(sweep.seen().isEmpty() && !own.isEmpty())
                    .as("clients saw nothing at all where the auditor saw %s", own)
                    .isFalse();
            assertThat(facts.complete()).as("everything is known of: %s", dimension).isTrue();
            assertThat(differences(own, sweep)).isEqualTo("none");
        });
    }

    /** Schemes that only a client signed with, which is nothing that the server shows to other clients. */
    private static List<SignatureScheme> takenOfClients(Survey survey) {
        List<String> evidence = survey.own().evidence(Dimension.SCHEME);
        return survey.own().support(Dimension.SCHEME).supported().stream()
                .filter(scheme -> evidence.stream()
                        .filter(line -> line.contains("signed with " + scheme))
                        .allMatch(line -> line.contains("with client certificate")))
                .toList();
    }

    private static <T extends Comparable<? super T>> String differences(
            SortedSet<T> facts, SingleOptionClient.Sweep<T> sweep) {
        SortedSet<T> auditorOnly = new TreeSet<>(facts);
        auditorOnly.retainAll(sweep.offered());
        auditorOnly.removeAll(sweep.seen());
        SortedSet<T> clientsOnly = new TreeSet<>(sweep.seen());
        clientsOnly.removeAll(facts);
        return (auditorOnly.isEmpty() ? "" : "only the auditor saw " + auditorOnly)
                + (clientsOnly.isEmpty() ? "" : "only clients saw " + clientsOnly)
                + (auditorOnly.isEmpty() && clientsOnly.isEmpty() ? "none" : "");
    }
}
