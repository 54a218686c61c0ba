package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.dcm4che.interop.Dcm4che;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.ClientModel;
import org.dicomtls.interop.peer.Measurement;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.peer.ServerModel;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.ServerHabits;
import org.dicomtls.interop.run.Interop;
import org.dicomtls.interop.run.InteropCell;
import org.dicomtls.interop.run.InteropRun;
import org.dicomtls.policy.Engine;
import org.dicomtls.predict.Offer;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain dcm4che, a witness that is not of this library, against every enforceable profile. */
class Dcm4cheTest {

    /** What is said in the profiles themselves, told once more without the prediction. */
    private static boolean comesAbout(InteropCell cell) {
        String profile = cell.own().profile().id();
        boolean ours = cell.role() == Role.CLIENT
                || cell.own().engine() == Engine.BC
                || !Keys.BC_ONLY_AS_SERVER.contains(profile);
        return ours
                && !cell.configuration().equals("tls")
                && !(cell.configuration().equals("tls13") && profile.equals("bcp195-ex"));
    }

    @Test
    void everyCellIsAsPredictedAndEveryObjectArrives() throws Exception {
        Interop run = InteropRun.of(
                Keys.ENFORCEABLE, List.of(Engine.values()), List.of(new Dcm4che()), InteropRun.Place.LOOPBACK, InteropRun.Progress.NONE);
        assertThat(run.cells()).hasSize(4 * 2 * Keys.ENFORCEABLE.size() * Engine.values().length);
        assertThat(run.disagreeing().stream().map(Dcm4cheTest::words).collect(Collectors.joining("\n\n")))
                .isEmpty();
        assertThat(titles(run, run.cells().stream().filter(Dcm4cheTest::comesAbout).toList()))
                .isEqualTo(titles(run, run.cells().stream()
                        .filter(cell -> cell.store().outcome() == InteropCell.Store.Outcome.IDENTICAL)
                        .toList()));
    }

    private static Set<String> titles(Interop run, List<InteropCell> cells) {
        assertThat(run.cells()).containsAll(cells);
        return cells.stream().map(InteropCell::title).collect(Collectors.toSet());
    }

    private static String words(InteropCell cell) {
        return cell.title() + ": predicted " + cell.predicted() + ", observed " + cell.observedWords() + "\n"
                + String.join("\n", cell.logs().own()) + "\n" + String.join("\n", cell.logs().peer());
    }

    /** What is measured of a server is only what well-behaved clients ask it for. */
    @Test
    void itOffersAndAcceptsWhatIsInItsModels(@TempDir Path scratch) throws Exception {
        TestPki.create(PkiOptions.defaults()).write(scratch.resolve("pki"));
        for (PeerConfiguration configuration : new Dcm4che().configurations()) {
            Path directory = Files.createDirectory(scratch.resolve(configuration.id()));
            Bench bench = new Bench(scratch.resolve("pki"), directory, Duration.ofSeconds(10), new PeerLog());
            ClientModel client = configuration.clientModel().orElseThrow();
            if (client.offer().versions().isEmpty()) {
                assertThat(configuration.id()).as("of which Java leaves nothing").isEqualTo("tls");
            } else {
                try (PeerClient running = configuration.client(bench)) {
                    assertThat(Offer.of(Measurement.hello(running, bench))).isEqualTo(client.offer());
                }
            }
            ServerModel server = configuration.serverModel().orElseThrow();
            try (PeerServer running = configuration.serve(bench)) {
                ServerHabits seen = Measurement.habits(running);
                assertThat(seen.versions()).as(configuration.id()).isEqualTo(server.versions());
                assertThat(Stream.concat(seen.suites13().values().stream(), seen.suites12().values().stream()))
                        .as(configuration.id())
                        .containsExactlyElementsOf(server.suites());
                assertThat(server.groups()).containsAll(seen.groups13().values()).containsAll(seen.groups12().values());
                assertThat(server.schemes()).containsAll(seen.schemes());
                assertThat(seen.clientSchemes().map(Set::copyOf).orElse(server.clientSchemes()))
                        .isEqualTo(server.clientSchemes());
                assertThat(seen.ownPrime().isPresent()).isEqualTo(server.dhePrime().isPresent());
                assertThat(seen.namedFieldsHeeded()).isEqualTo(server.namedFieldsHeeded());
            }
        }
    }

    @Test
    void theInteropRunFindsIt() {
        assertThat(ServiceLoader.load(Peer.class)).hasAtLeastOneElementOfType(Dcm4che.class);
    }
}
