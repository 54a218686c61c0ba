package org.dicomtls.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of each edition against an independent table of all registered suites with the verdict of RFC 7525 §4, RFC
 * 9325 §4 and RFC 10015.
 *
 * <p>Where the table's words are not a demand of the text: "allowed", "-" and "n/a (TLS 1.3)" forbid nothing; "not
 * named (no FS …)" are the pre-shared-key suites, which RFC 9325 touches only by preferring forward secrecy; "SHOULD
 * NOT unless EtM" is the property that CBC comes with encrypt_then_mac only, which the edition has as a rule of its"
         + " own.
 * RFC 10015's column is that RFC's alone: a "-" for a NULL suite does not take RFC 9325's MUST NOT back.
 */
class SuiteVerdictsTest {

    record Row(CipherSuite suite, String rfc7525, String rfc9325, String rfc10015) {
        @Override
        public String toString() {
            return suite.name();
        }
    }

    static List<Row> table() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SuiteVerdictsTest.class.getResourceAsStream("/bcp195-suites.csv")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(cells -> new Row(CipherSuite.of(Integer.decode(cells[0])), cells[3], cells[4], cells[5]))
                    .toList();
        }
    }

    private static final Set<CipherSuite> BY_7525_SHALL = denied(Bcp195.RFC_7525_8996.rules(), Strength.SHALL);
    private static final Set<CipherSuite> BY_7525_SHOULD = denied(Bcp195.RFC_7525_8996.rules(), Strength.SHOULD);
    private static final Set<CipherSuite> BY_9325_SHALL = denied(Bcp195.RFC_9325.rules(), Strength.SHALL);
    private static final Set<CipherSuite> BY_9325_SHOULD = denied(Bcp195.RFC_9325.rules(), Strength.SHOULD);
    private static final Set<CipherSuite> BY_10015_SHALL = denied(Rfc10015.ALL, Strength.SHALL);
    private static final Set<CipherSuite> BY_10015_SHOULD = denied(Rfc10015.ALL, Strength.SHOULD);

    private static Set<CipherSuite> denied(List<Rule> rules, Strength strength) {
        Set<CipherSuite> denied = new HashSet<>();
        for (Rule rule : rules) {
            if (rule.strength() == strength
                    && rule.constraint() instanceof Constraint.Forbids<?> forbids
                    && (forbids.dimension().equals(Dimension.SUITE_TLS12)
                            || forbids.dimension().equals(Dimension.SUITE_TLS13))) {
                forbids.denied().forEach(value -> denied.add((CipherSuite) value));
            }
        }
        return denied;
    }

    @ParameterizedTest
    @MethodSource("table")
    void rfc7525(Row row) {
        judge(row.suite(), row.rfc7525(), BY_7525_SHALL, BY_7525_SHOULD);
        assertThat(Suites.RFC7525_RECOMMENDED.contains(row.suite())).isEqualTo(row.rfc7525().equals("RECOMMENDED"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void rfc9325(Row row) {
        judge(row.suite(), row.rfc9325(), BY_9325_SHALL, BY_9325_SHOULD);
        assertThat(Suites.RFC9325_RECOMMENDED.contains(row.suite())).isEqualTo(row.rfc9325().equals("RECOMMENDED"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void rfc10015(Row row) {
        judge(row.suite(), row.rfc10015(), BY_10015_SHALL, BY_10015_SHOULD);
    }

    private static void judge(CipherSuite suite, String verdict, Set<CipherSuite> shall, Set<CipherSuite> should) {
        if (verdict.equals("MUST NOT")) {
            assertThat(shall).contains(suite);
        } else if (verdict.equals("SHOULD NOT unless EtM")) {
            assertThat(shall).doesNotContain(suite);
            assertThat(suite.mode()).isEqualTo(CipherMode.CBC);
            assertThat(Bcp195.RFC_9325.rules())
                    .anySatisfy(rule -> assertThat(rule.constraint())
                            .isEqualTo(Constraint.holds(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC)));
        } else if (verdict.startsWith("SHOULD NOT")) {
            assertThat(should.contains(suite) || shall.contains(suite)).isTrue();
            assertThat(shall).doesNotContain(suite);
        } else {
            assertThat(shall).doesNotContain(suite);
            assertThat(should).doesNotContain(suite);
        }
    }
}
