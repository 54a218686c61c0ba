package org.dicomtls.interop.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.ServerHabits;
import org.dicomtls.interop.probe.ServerHabits.Choice;
import org.dicomtls.predict.Offer;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The models of peers say what their hellos say, and what their servers are seen to do when they are asked. */
class PeerModelTest {

    private static final int PATIENCE_SECONDS = 120;
    private static final int AT_ONCE = 2;

    /** What RFC 8446 §4.2.7 and §4.2.8 leave of the groups of before. */
    private static final List<NamedGroup> TLS_1_3_GROUPS = Names.groups(
            "secp256r1 secp384r1 secp521r1 x25519 x448 ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192");

    @TempDir
    private static Path scratch;

    private static ExecutorService pool;

    @BeforeAll
    static void begin() throws IOException {
        TestPki.create(PkiOptions.defaults()).writeGood(scratch.resolve("pki"));
        pool = Executors.newFixedThreadPool(AT_ONCE);
    }

    @AfterAll
    static void end() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).as("all peers are ended").isTrue();
    }

    @TestFactory
    Stream<DynamicNode> peers() throws InterruptedException {
        List<DynamicNode> nodes = new ArrayList<>();
        for (Peer peer : ServiceLoader.load(Peer.class)) {
            Presence presence = peer.presence();
            if (!presence.isInstalled()) {
                nodes.add(DynamicTest.dynamicTest(
                        peer.title(), () -> assumeTrue(false, "skipped: " + peer.title() + ": " + presence.remedy())));
                continue;
            }
            List<DynamicTest> tests = new ArrayList<>();
            for (PeerConfiguration configuration : peer.configurations()) {
                for (Role role : configuration.roles()) {
                    String name = peer.id() + "/" + configuration.id() + " as " + role.title();
                    boolean modelled = role == Role.CLIENT
                            ? configuration.clientModel().isPresent()
                            : configuration.serverModel().isPresent();
                    if (!modelled) {
                        tests.add(DynamicTest.dynamicTest(name, () -> assumeTrue(
                                false, "skipped: " + peer.title() + " " + presence.version().orElseThrow()
                                        + " has no model, it is measured before each run")));
                        continue;
                    }
                    Future<Map<String, String>> differences = pool.submit(differences(peer, configuration, role));
                    tests.add(DynamicTest.dynamicTest(name + " is as modelled", () -> assertThat(
                                    differences.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                            .isEmpty()));
                }
            }
            nodes.add(DynamicContainer.dynamicContainer(peer.title(), tests));
        }
        return nodes.stream();
    }

    private static Callable<Map<String, String>> differences(Peer peer, PeerConfiguration configuration, Role role) {
        return () -> {
            Path directory = Files.createDirectories(
                    scratch.resolve(peer.id() + "-" + configuration.id() + "-" + role.title()));
            Bench bench = new Bench(scratch.resolve("pki"), directory, Duration.ofSeconds(20), new PeerLog());
            Differences found = new Differences();
            if (role == Role.CLIENT) {
                ClientModel model = configuration.clientModel().orElseThrow();
                try (PeerClient client = configuration.client(bench)) {
                    found.compare(model.offer(), Offer.of(Measurement.hello(client, bench)));
                }
            } else {
                ServerModel model = configuration.serverModel().orElseThrow();
                try (PeerServer server = configuration.serve(bench)) {
                    found.compare(model, Measurement.habits(server));
                } catch (IOException e) {
                    throw new IOException(e.getMessage() + "; the peer said " + bench.log().since(0), e);
                }
            }
            return found.all;
        };
    }

    /** What differs, by name; the model first. */
    private static final class Differences {
        private final Map<String, String> all = new LinkedHashMap<>();

        private void compare(String what, Object model, Object measured) {
            if (!model.equals(measured)) {
                all.put(what, "model " + model + ", measured " + measured);
            }
        }

        void compare(Offer model, Offer measured) {
            compare("versions", model.versions(), measured.versions());
            compare("suites", model.suites(), measured.suites());
            compare("groups", model.groups(), measured.groups());
            compare("key shares", model.keyShares(), measured.keyShares());
            compare("schemes", model.schemes(), measured.schemes());
            compare("extended_master_secret", model.extendedMasterSecret(), measured.extendedMasterSecret());
            compare("renegotiation_info", model.renegotiationInfo(), measured.renegotiationInfo());
        }

        void compare(ServerModel model, ServerHabits measured) {
            List<TlsVersion> versions = asked(
                    model.versions().stream().filter(v -> v.compareTo(TlsVersion.TLS_1_2) >= 0).toList(), model);
            boolean tls12 = versions.contains(TlsVersion.TLS_1_2);
            boolean tls13 = versions.contains(TlsVersion.TLS_1_3);
            compare("versions", versions, measured.versions());
            compare(
                    "suites of TLS 1.3",
                    model.suites().stream().filter(s -> tls13 && s.tls13()).toList(),
                    measured.suites13(),
                    model.suiteChooser());
            compare(
                    "suites of TLS 1.2",
                    model.suites().stream().filter(s -> tls12 && !s.tls13() && isAsked(s)).toList(),
                    measured.suites12(),
                    model.suiteChooser());
            compare(
                    "groups of TLS 1.3",
                    model.groups().stream().filter(g -> tls13 && TLS_1_3_GROUPS.contains(g)).toList(),
                    measured.groups13(),
                    model.retryChooser());
            boolean ecdhe = measured.suites12().values().stream().anyMatch(s -> s.name().contains("_ECDHE_"));
            compare(
                    "groups of TLS 1.2",
                    model.groups().stream().filter(g -> ecdhe && g.ellipticCurve()).toList(),
                    measured.groups12(),
                    model.groupChooser());
            measured.sharesOwn().ifPresent(
                    own -> compare("choice among shares", model.shareChooser(), own ? Chooser.SERVER : Chooser.CLIENT));
            boolean signs = tls13
                    || measured.suites12().values().stream().anyMatch(s -> s.name().contains("DHE_"));
            compare(
                    "schemes",
                    new TreeSet<>(model.schemes().stream()
                            .filter(s -> signs && isAsked(s) && (tls12 || s.tls13Handshake()))
                            .filter(s -> model.keys().stream().anyMatch(k -> k.algorithm().equals(s.keyType())))
                            .toList()),
                    measured.schemes());
            if (!measured.versions().isEmpty()) {
                compare("client certificate", model.clientCertificateDemanded(), measured.clientSchemes().isPresent());
                compare("keys", model.keys(), Measurement.model(measured).build().keys());
            }
            measured.clientSchemes().ifPresent(
                    taken -> compare("schemes of clients", model.clientSchemes(), new TreeSet<>(taken)));
            compare(
                    "prime for DHE",
                    model.dhePrime().map(p -> p.bits() + " " + p.group() + " " + p.published()),
                    Measurement.model(measured).build().dhePrime().map(p -> p.bits() + " " + p.group() + " " + p.published()));
            compare("fields of RFC 7919", model.namedFieldsHeeded(), measured.namedFieldsHeeded());
            compare("extended_master_secret", model.extendedMasterSecret(), measured.extendedMasterSecret());
            compare("renegotiation_info", model.renegotiationInfo(), measured.renegotiationInfo());
        }

        private <T> void compare(String what, List<T> model, Choice<T> measured, Chooser chooser) {
            measured.own().ifPresent(
                    own -> compare("choice of " + what, chooser, own ? Chooser.SERVER : Chooser.CLIENT));
            if (measured.own().orElse(false)) {
                compare(what, model, measured.values());
            } else {
                compare(what, new TreeSet<>(names(model)), new TreeSet<>(names(measured.values())));
            }
        }

        private static List<String> names(Collection<?> values) {
            return values.stream().map(Object::toString).toList();
        }
    }

    /** Without a suite that is asked for, a version is not seen. */
    private static List<TlsVersion> asked(List<TlsVersion> versions, ServerModel model) {
        return versions.stream()
                .filter(v -> model.suites().stream()
                        .anyMatch(s -> isAsked(s) && s.tls13() == v.equals(TlsVersion.TLS_1_3)))
                .toList();
    }

    /** Well-behaved clients ask for nothing without encryption. */
    private static boolean isAsked(CipherSuite suite) {
        return suite.bits() > 0;
    }

    private static boolean isAsked(SignatureScheme scheme) {
        return scheme.hash() != HashAlgorithm.SHA224;
    }
}
