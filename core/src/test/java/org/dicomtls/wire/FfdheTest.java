package org.dicomtls.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.tls.TlsDHUtils;
import org.dicomtls.tls.NamedGroup;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FfdheTest {

    static Stream<NamedGroup> groups() {
        return NamedGroup.matching(NamedGroup::finiteField).stream();
    }

    /** An independent table of the primes of RFC 7919. */
    @ParameterizedTest
    @MethodSource("groups")
    void recognisesThePrimeThatBouncyCastleHas(NamedGroup group) {
        assertThat(Ffdhe.groupOf(TlsDHUtils.getNamedDHGroup(group.code()).getP())).contains(group);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void recognisesThePrimeThatOpensslHas(NamedGroup group) throws Exception {
        String pem = openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:" + group.name());
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        ASN1Sequence parameters = ASN1Sequence.getInstance(Base64.getDecoder().decode(base64));
        BigInteger prime = ASN1Integer.getInstance(parameters.getObjectAt(0)).getPositiveValue();
        assertThat(prime.bitLength()).isEqualTo(group.bits());
        assertThat(Ffdhe.groupOf(prime)).contains(group);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void recognisesNothingBesideThePrime(NamedGroup group) {
        BigInteger prime = TlsDHUtils.getNamedDHGroup(group.code()).getP();
        assertThat(Ffdhe.groupOf(prime.add(BigInteger.TWO))).isEmpty();
        assertThat(Ffdhe.groupOf(prime.subtract(BigInteger.TWO))).isEmpty();
    }

    @Test
    void knowsNoOtherGroup() {
        assertThat(groups().map(NamedGroup::name))
                .containsExactly("ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192");
        assertThat(Ffdhe.groupOf(BigInteger.ZERO)).isEmpty();
    }

    private static String openssl(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("openssl is not installed");
            throw e;
        }
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return text;
    }
}
