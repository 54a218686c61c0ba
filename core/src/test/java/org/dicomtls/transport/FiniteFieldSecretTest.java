package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyFactory;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.DHPrivateKeySpec;
import javax.crypto.spec.DHPublicKeySpec;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.wire.Ffdhe;
import org.junit.jupiter.api.Test;

/**
 * Why SunJSSE fails once in 256 handshakes of TLS 1.3 with a finite field (docs/engines.md): the secret that it has from
 * SunJCE is without its leading zeros, as TLS 1.2 wants it and TLS 1.3 does not. When this fails, that may be over.
 */
class FiniteFieldSecretTest {

    private static final BigInteger P = Ffdhe.primeOf(NamedGroup.FFDHE2048).orElseThrow();
    private static final BigInteger G = BigInteger.TWO;
    private static final BigInteger OURS = BigInteger.ONE.shiftLeft(255).add(BigInteger.valueOf(2762));

    @Test
    void theSecretForTlsIsWithoutItsLeadingZeros() throws Exception {
        BigInteger ourPublic = G.modPow(OURS, P);
        BigInteger theirs = BigInteger.ONE.shiftLeft(255);
        BigInteger shared = ourPublic.modPow(theirs, P);
        while (shared.bitLength() > P.bitLength() - 8) {
            theirs = theirs.add(BigInteger.ONE);
            shared = shared.multiply(ourPublic).mod(P);
        }
        KeyFactory keys = KeyFactory.getInstance("DH");
        KeyAgreement agreement = KeyAgreement.getInstance("DH");
        agreement.init(keys.generatePrivate(new DHPrivateKeySpec(OURS, P, G)));
        agreement.doPhase(keys.generatePublic(new DHPublicKeySpec(G.modPow(theirs, P), P, G)), true);
        byte[] secret = agreement.generateSecret("TlsPremasterSecret").getEncoded();
        assertThat(new BigInteger(1, secret)).isEqualTo(shared);
        assertThat(secret.length).isLessThan(P.bitLength() / 8);
    }
}
