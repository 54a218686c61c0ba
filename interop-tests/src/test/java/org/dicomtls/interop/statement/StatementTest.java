package org.dicomtls.interop.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a statement says is what the rules say and what a transport of the profile does. */
class StatementTest {

    private static final Product PRODUCT = new Product("Example PACS", List.of("ARCHIVE", "STORESCU"), 2762);
    private static final List<Role> BOTH = List.of(Role.values());

    static Stream<Arguments> everyProfileEngineAndLanguage() {
        return Matrix.enforceable().stream()
                .flatMap(profile -> Stream.of(Engine.values())
                        .flatMap(engine -> Stream.of(Language.values()).map(l -> Arguments.of(profile, engine, l))));
    }

    private static Block.Grid grid(Statement statement, String key) {
        String caption = new Wording(statement.language()).text(key);
        return grids(statement).stream().filter(g -> g.caption().equals(caption)).findFirst().orElseThrow();
    }

    private static List<Block.Grid> grids(Statement statement) {
        return statement.blocks().stream()
                .filter(Block.Grid.class::isInstance)
                .map(Block.Grid.class::cast)
                .toList();
    }

    /** The second column; with the family that some names are given. */
    private static List<String> listed(Block.Grid grid) {
        return grid.rows().stream()
                .filter(row -> !row.get(2).isEmpty())
                .map(row -> row.get(1).replaceFirst("^.*: ", ""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyProfileEngineAndLanguage")
    void theTablesAreWhatATransportUses(Profile profile, Engine engine, Language language) throws Exception {
        Claim claim = Claim.of(profile, Optional.of(engine), BOTH);
        assertThat(claim.engine()).isEqualTo(engine);
        if (claim.roles().isEmpty()) {
            assertThatThrownBy(() -> Statement.of(language, PRODUCT, List.of(claim)))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        Statement statement = Statement.of(language, PRODUCT, List.of(claim));
        SecureTransport transport = SecureTransport.of(profile)
                .engine(engine)
                .role(claim.roles().contains(Role.CLIENT) ? Role.CLIENT : Role.SERVER)
                .identity(Identity.none())
                .build();
        List<String> enabled = List.of(transport.sslContext().getSupportedSSLParameters().getCipherSuites());

        List<String> suites13 = listed(grid(statement, "suites13"));
        List<String> suites12 = listed(grid(statement, "suites12"));
        assertThat(Stream.concat(suites13.stream(), suites12.stream()).toList())
                .containsExactlyInAnyOrderElementsOf(
                        enabled.stream().filter(s -> CipherSuite.named(s).isPresent()).toList())
                .isEqualTo(names(transport.usable().suites(), s -> true));
        if (!suites13.isEmpty()) {
            assertThat(listed(grid(statement, "groups13"))).isEqualTo(names(transport.usable().groups(), g -> true));
            assertThat(listed(grid(statement, "schemes13")))
                    .isEqualTo(names(transport.usable().schemes(), SignatureScheme::tls13Handshake));
        }
        if (!suites12.isEmpty()) {
            boolean dhe = suites12.stream().anyMatch(s -> s.startsWith("TLS_DHE"));
            assertThat(listed(grid(statement, "groups12")))
                    .isEqualTo(names(transport.usable().groups(), g -> dhe || g.ellipticCurve()));
            assertThat(listed(grid(statement, "schemes12"))).isEqualTo(names(transport.usable().schemes(), s -> true));
        }
        for (String table : List.of("suites13", "groups13", "schemes13", "suites12", "groups12", "schemes12")) {
            List<List<String>> rows = grid(statement, table).rows();
            for (int i = 0; i < rows.size() && !rows.get(i).get(2).isEmpty(); i++) {
                assertThat(rows.get(i).get(2)).isEqualTo(Integer.toString(i + 1));
            }
        }
    }

    private static <T> List<String> names(List<T> values, Predicate<T> wanted) {
        return values.stream().filter(wanted).map(String::valueOf).toList();
    }

    @ParameterizedTest
    @MethodSource("everyProfileEngineAndLanguage")
    void everyRuleThatBindsStandsInItOnceAndNothingIsLeftBlank(Profile profile, Engine engine, Language language) {
        Claim claim = Claim.of(profile, Optional.of(engine), BOTH);
        if (claim.roles().isEmpty()) {
            return;
        }
        Statement statement = Statement.of(language, PRODUCT, List.of(claim));
        List<String> binding = profile.effectiveRules().stream()
                .filter(rule -> rule.strength() != Strength.MAY)
                .filter(rule -> claim.roles().stream().anyMatch(rule.subject()::binds))
                .map(Rule::id)
                .toList();
        Block.Grid kept = grid(statement, "kept.caption");
        assertThat(kept.rows()).extracting(row -> row.get(0)).containsExactlyElementsOf(binding);
        assertThat(kept.rows()).allSatisfy(row -> assertThat(row).noneMatch(String::isBlank));
        for (String text : List.of(StatementMarkdown.of(statement), StatementPage.of(statement))) {
            assertThat(text).doesNotContain("{0}", "{1}", "Optional[").contains("ARCHIVE, STORESCU");
        }
    }

    /** SunJSSE has no CCM and no Camellia, so it cannot be a server of B.13. */
    @Test
    void aRoleThatCannotBeClaimedIsSaidSoWithTheRules() {
        Profile profile = DicomProfiles.BCP195_MODIFIED;
        Claim onJdk = Claim.of(profile, Optional.of(Engine.JDK), BOTH);
        assertThat(onJdk.roles()).containsExactly(Role.CLIENT);
        assertThat(Claim.of(profile, Optional.empty(), BOTH).engine()).isEqualTo(Engine.BC);
        assertThat(Claim.of(profile, Optional.empty(), List.of(Role.CLIENT)).engine()).isEqualTo(Engine.JDK);
        for (Language language : Language.values()) {
            Statement statement = Statement.of(language, PRODUCT, List.of(onJdk));
            assertThat(grid(statement, "profiles.caption").rows())
                    .containsExactly(List.of(profile.title(), "ARCHIVE, STORESCU", "Y", "N", "N.11.2.5"));
            assertThat(StatementMarkdown.of(statement))
                    .contains("* B13/tls12-suites-required", "* B13/tls13-suites-required", "TLS_AES_128_CCM_SHA256")
                    .doesNotContain(new Wording(language).text("ports.incoming"));
        }
    }

    @Test
    void severalProfilesStandSideBySide() {
        List<Claim> claims = Stream.of("bcp195-nd", "bcp195-ex")
                .map(id -> Claim.of(Profiles.named(id), Optional.empty(), BOTH))
                .toList();
        Statement statement = Statement.of(Language.ENGLISH, PRODUCT, claims);
        assertThat(grid(statement, "profiles.caption").rows()).hasSize(2);
        // B.11 has no TLS 1.3; that is said, not left out.
        assertThat(grid(statement, "suites13").rows())
                .contains(List.of(claims.get(1).profile().title(), "none: the profile does not support TLSv1.3", ""));
        assertThat(listed(grid(statement, "suites12"))).hasSameSizeAs(claims.stream()
                .flatMap(c -> c.end().usable().suites().stream())
                .filter(s -> !s.tls13())
                .toList());
    }

    @Test
    void aWaiverDropsTheClaimToTheBaseAndStandsInIt() {
        Profile derived = DicomProfiles.BCP195_RFC9325
                .derive("old-modality")
                .title("A|B <script>alert(1)</script> *x* [y](z)")
                .waive(new Waiver("RFC9325/extended-master-secret", "CT of 2009", "J. Doe", Optional.empty()))
                .build();
        Statement statement =
                Statement.of(Language.ENGLISH, PRODUCT, List.of(Claim.of(derived, Optional.empty(), BOTH)));
        String markdown = StatementMarkdown.of(statement);
        assertThat(markdown)
                .contains("is no claim to bcp195-rfc9325", "RFC9325/extended-master-secret: CT of 2009 (answered for by J. Doe)")
                .contains("| A\\|B \\<script\\>alert(1)\\</script\\> \\*x\\* [y]\\(z) |")
                .doesNotContain("| RFC9325/extended-master-secret |");
        assertThat(StatementPage.of(statement)).doesNotContain("<script>").contains("&lt;script&gt;");
    }

    @Test
    void questionsToTheVendorThatTheSectionAnswersAreSaidToBeAnswered() {
        Statement statement = Statement.of(
                Language.ENGLISH,
                PRODUCT,
                List.of(Claim.of(DicomProfiles.BCP195_RFC9325, Optional.empty(), BOTH)));
        assertThat(grid(statement, "kept.caption").rows())
                .filteredOn(row -> row.get(0).endsWith("-stated"))
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(row -> assertThat(row.get(4)).isEqualTo("this section"));
    }

    @Test
    void groupsOfATlsTwelveWithoutDheAreCurvesOnly() {
        Statement statement = Statement.of(
                Language.ENGLISH, PRODUCT, List.of(Claim.of(DicomProfiles.BCP195_RFC9325, Optional.empty(), BOTH)));
        assertThat(listed(grid(statement, "groups12")))
                .isNotEmpty()
                .allMatch(name -> NamedGroup.named(name).orElseThrow().ellipticCurve());
    }
}
