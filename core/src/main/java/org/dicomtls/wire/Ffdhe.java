package org.dicomtls.wire;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.dicomtls.tls.NamedGroup;

/** Recognises the primes of RFC 7919, which are made from the digits of e and so need no table. */
public final class Ffdhe {

    private static final Map<BigInteger, NamedGroup> GROUPS = primes();

    private Ffdhe() {}

    /** The group with that prime, if it is one of them. */
    public static Optional<NamedGroup> groupOf(BigInteger prime) {
        return Optional.ofNullable(GROUPS.get(prime));
    }

    /** The prime of that group, if it is one of them; the generator of all is 2. */
    public static Optional<BigInteger> primeOf(NamedGroup group) {
        return GROUPS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(group))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Map<BigInteger, NamedGroup> primes() {
        Map<BigInteger, NamedGroup> byPrime = new LinkedHashMap<>();
        byPrime.put(prime(2048, 560316), NamedGroup.FFDHE2048);
        byPrime.put(prime(3072, 2625351), NamedGroup.FFDHE3072);
        byPrime.put(prime(4096, 5736041), NamedGroup.FFDHE4096);
        byPrime.put(prime(6144, 15705020), NamedGroup.FFDHE6144);
        byPrime.put(prime(8192, 10965728), NamedGroup.FFDHE8192);
        return byPrime;
    }

    /** RFC 7919 appendix A: p = 2^b − 2^(b−64) + ⌊2^(b−130)·e⌋·2^64 + X·2^64 − 1. */
    static BigInteger prime(int bits, int x) {
        BigInteger one = BigInteger.ONE;
        return one.shiftLeft(bits)
                .subtract(one.shiftLeft(bits - 64))
                .add(scaledE(bits - 130).add(BigInteger.valueOf(x)).shiftLeft(64))
                .subtract(one);
    }

    /** ⌊2^n · e⌋. */
    private static BigInteger scaledE(int n) {
        int guard = 64;
        BigInteger unit = BigInteger.ONE.shiftLeft(n + guard);
        BigInteger sum = BigInteger.ZERO;
        BigInteger term = unit;
        for (int k = 1; term.signum() > 0; k++) {
            sum = sum.add(term);
            term = term.divide(BigInteger.valueOf(k));
        }
        return sum.shiftRight(guard);
    }
}
