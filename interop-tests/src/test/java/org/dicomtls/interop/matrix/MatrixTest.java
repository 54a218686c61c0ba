package org.dicomtls.interop.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The main job: every enforceable profile with every other, both engines, all kinds of certificates. */
class MatrixTest {

    private static Matrix matrix;

    @BeforeAll
    static void run() throws Exception {
        List<Profile> profiles = Matrix.enforceable();
        matrix = MatrixRun.of(profiles, Matrix.ends(profiles, List.of(Engine.values())), (done, total, what) -> {});
    }

    @Test
    void everyProfileButTheTwoOfTls10IsClientAndServer() {
        Set<String> nine = Set.of(
                "bcp195", "bcp195-nd", "bcp195-ex", "bcp195-rfc8996", "bcp195-rfc9325", "bcp195-mod-2023", "bcp195-mod",
                "cryptrec-hs", "ihe-tls12-floor");
        assertThat(matrix.cells().stream().map(c -> c.client().profile().id()).collect(Collectors.toSet()))
                .isEqualTo(nine);
        assertThat(matrix.cells().stream().map(c -> c.server().profile().id()).collect(Collectors.toSet()))
                .isEqualTo(nine);
        assertThat(matrix.cells()).hasSize(54 * 54);
    }

    @Test
    void everyCellIsAsPredicted() {
        assertThat(matrix.disagreeing()).isEmpty();
    }

    @Test
    void everyEstablishedCellEchoes() {
        assertThat(matrix.cells().stream()
                        .filter(c -> c.observed().established())
                        .map(c -> c.observed().echo())
                        .distinct())
                .containsExactly("0000");
    }

    @Test
    void nonDowngradingWithItselfIsTls13() {
        assertThat(versions(DicomProfiles.BCP195_NON_DOWNGRADING, DicomProfiles.BCP195_NON_DOWNGRADING))
                .containsExactly(Optional.of(TlsVersion.TLS_1_3));
    }

    @Test
    void extendedIsNeverTls13WithAnybody() {
        assertThat(matrix.cells().stream()
                        .filter(c -> c.client().profile().equals(DicomProfiles.BCP195_EXTENDED)
                                || c.server().profile().equals(DicomProfiles.BCP195_EXTENDED))
                        .map(c -> c.observed().version())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Optional.of(TlsVersion.TLS_1_2), Optional.empty());
    }

    @Test
    void modifiedAsServerWorksOnBcAndIsRefusedOnJdkWithTheRulesNamed() {
        List<Cell> cells = matrix.cells().stream()
                .filter(c -> c.server().profile().equals(DicomProfiles.BCP195_MODIFIED))
                .toList();
        assertThat(cells.stream().filter(c -> c.server().engine() == Engine.BC))
                .allMatch(c -> c.observed().established());
        assertThat(cells.stream().filter(c -> c.server().engine() == Engine.JDK)).allSatisfy(c -> {
            assertThat(c.observed().established()).isFalse();
            assertThat(c.predicted().reason())
                    .isEqualTo("engine jdk cannot honour bcp195-mod as server: B13/tls12-suites-required,"
                            + " B13/tls13-suites-required");
            assertThat(c.observed().reason()).contains("B13/tls12-suites-required", "B13/tls13-suites-required");
        });
    }

    @Test
    void theJsonKeepsItsSchema() throws Exception {
        try (InputStream schema = MatrixRun.class.getResourceAsStream("/org/dicomtls/interop/schema/matrix-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(new ObjectMapper().readTree(matrix.json().toString())))
                    .isEmpty();
        }
    }

    @Test
    void thePageSaysTheOutcomeInWordsAndHasNoScript() {
        String page = MatrixPage.of(matrix);
        // Compared piece by piece: a failure that prints a megabyte helps nobody.
        for (String present : List.of("All of them as predicted.", "default-src &#x27;none&#x27;", "bcp195-mod/bc/rsa+ecdsa")) {
            assertThat(page.contains(present)).as(present).isTrue();
        }
        for (String absent : List.of("<script", "<img", "<link", "http://", "https://", "javascript:")) {
            assertThat(page.contains(absent)).as(absent).isFalse();
        }
    }

    private static Set<Optional<TlsVersion>> versions(Profile client, Profile server) {
        return matrix.cells().stream()
                .filter(c -> c.client().profile().equals(client) && c.server().profile().equals(server))
                .map(c -> c.observed().version())
                .collect(Collectors.toSet());
    }
}
