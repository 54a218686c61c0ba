package org.dicomtls.interop.probe;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPublicKeySpec;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.wire.Ffdhe;

/** A client's key share of TLS 1.3: a real one that can be agreed with, or octets that are none. */
final class KeyShare {

    private static final Map<NamedGroup, String> CURVES = Map.of(
            NamedGroup.SECP256R1, "secp256r1", NamedGroup.SECP384R1, "secp384r1", NamedGroup.SECP521R1, "secp521r1");
    private static final Map<NamedGroup, String> MONTGOMERY =
            Map.of(NamedGroup.X25519, "X25519", NamedGroup.X448, "X448");

    /** The groups for which a real share can be made, fastest first. */
    static final List<NamedGroup> GROUPS = List.of(
            NamedGroup.X25519,
            NamedGroup.SECP256R1,
            NamedGroup.SECP384R1,
            NamedGroup.SECP521R1,
            NamedGroup.X448,
            NamedGroup.FFDHE2048,
            NamedGroup.FFDHE3072,
            NamedGroup.FFDHE4096);

    private static final Map<NamedGroup, KeyShare> TO_SHOW = new ConcurrentHashMap<>();

    private final NamedGroup group;
    private final byte[] octets;
    private final Optional<PrivateKey> key;

    private KeyShare(NamedGroup group, byte[] octets, Optional<PrivateKey> key) {
        this.group = group;
        this.octets = octets;
        this.key = key;
    }

    /** A fresh share of one of {@link #GROUPS}. */
    static KeyShare of(NamedGroup group) {
        try {
            if (MONTGOMERY.containsKey(group)) {
                KeyPair pair = KeyPairGenerator.getInstance(MONTGOMERY.get(group)).generateKeyPair();
                byte[] u = fixed(((XECPublicKey) pair.getPublic()).getU(), montgomeryLength(group));
                return new KeyShare(group, reversed(u), Optional.of(pair.getPrivate()));
            }
            if (group.finiteField()) {
                BigInteger prime = prime(group);
                KeyPairGenerator generator = KeyPairGenerator.getInstance("DH");
                generator.initialize(new DHParameterSpec(prime, BigInteger.TWO, exponentBits(group)));
                KeyPair pair = generator.generateKeyPair();
                // RFC 8446 §4.2.8.1: padded to the length of the prime.
                byte[] y = fixed(((DHPublicKey) pair.getPublic()).getY(), group.bits() / 8);
                return new KeyShare(group, y, Optional.of(pair.getPrivate()));
            }
            if (!CURVES.containsKey(group)) {
                throw new IllegalArgumentException("no share can be made for " + group);
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVES.get(group)));
            KeyPair pair = generator.generateKeyPair();
            ECPoint point = ((ECPublicKey) pair.getPublic()).getW();
            int length = (group.bits() + 7) / 8;
            byte[] octets = new byte[1 + 2 * length];
            octets[0] = 4;
            System.arraycopy(fixed(point.getAffineX(), length), 0, octets, 1, length);
            System.arraycopy(fixed(point.getAffineY(), length), 0, octets, 1 + length, length);
            return new KeyShare(group, octets, Optional.of(pair.getPrivate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + group, e);
        }
    }

    /**
     * A share of one of {@link #GROUPS} with which nothing is ever agreed on, and which is the same in each connection that
     * shows no more than a ServerHello: making one takes longer than asking.
     */
    static KeyShare toShow(NamedGroup group) {
        return TO_SHOW.computeIfAbsent(group, g -> new KeyShare(g, of(g).octets, Optional.empty()));
    }

    /** Octets that are sent as a share of that group, whatever they are. */
    static KeyShare invalid(NamedGroup group, byte[] octets) {
        return new KeyShare(group, octets.clone(), Optional.empty());
    }

    NamedGroup group() {
        return group;
    }

    byte[] octets() {
        return octets.clone();
    }

    /** Whether a secret can be agreed on. */
    boolean usable() {
        return key.isPresent();
    }

    /**
     * The secret shared with the holder of that public value.
     *
     * @throws GeneralSecurityException when the value is no public value of the group
     */
    byte[] secret(byte[] other) throws GeneralSecurityException {
        PrivateKey own = key.orElseThrow(() -> new GeneralSecurityException("an invalid share agrees on nothing"));
        PublicKey peer;
        KeyAgreement agreement;
        if (MONTGOMERY.containsKey(group)) {
            if (other.length != octets.length) {
                throw new GeneralSecurityException("a share of " + other.length + " octets for " + group);
            }
            String name = MONTGOMERY.get(group);
            byte[] u = reversed(other);
            if (group.equals(NamedGroup.X25519)) {
                u[0] &= 0x7F; // RFC 7748 §5: the highest bit is to be ignored
            }
            peer = KeyFactory.getInstance(name)
                    .generatePublic(new XECPublicKeySpec(new NamedParameterSpec(name), new BigInteger(1, u)));
            agreement = KeyAgreement.getInstance(name);
        } else if (group.finiteField()) {
            if (other.length != octets.length) {
                throw new GeneralSecurityException("a share of " + other.length + " octets for " + group);
            }
            peer = KeyFactory.getInstance("DH")
                    .generatePublic(new DHPublicKeySpec(new BigInteger(1, other), prime(group), BigInteger.TWO));
            agreement = KeyAgreement.getInstance("DH");
        } else {
            if (other.length != octets.length || other[0] != 4) {
                throw new GeneralSecurityException("a share of " + other.length + " octets for " + group);
            }
            int length = (other.length - 1) / 2;
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(CURVES.get(group)));
            peer = KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(
                            new ECPoint(
                                    new BigInteger(1, Arrays.copyOfRange(other, 1, 1 + length)),
                                    new BigInteger(1, Arrays.copyOfRange(other, 1 + length, other.length))),
                            parameters.getParameterSpec(ECParameterSpec.class)));
            agreement = KeyAgreement.getInstance("ECDH");
        }
        try {
            agreement.init(own);
            agreement.doPhase(peer, true);
            byte[] secret = agreement.generateSecret();
            return group.finiteField() ? fixed(new BigInteger(1, secret), octets.length) : secret;
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            // Providers differ in how they turn down a point that is off the curve.
            throw new GeneralSecurityException("no secret from that share: " + e.getMessage(), e);
        }
    }

    private static BigInteger prime(NamedGroup group) {
        return Ffdhe.primeOf(group).orElseThrow(() -> new IllegalArgumentException("no share can be made for " + group));
    }

    /** What RFC 7919 appendix A allows; the JDK's own half of the prime's bits takes about five times as long. */
    private static int exponentBits(NamedGroup group) {
        return switch (group.bits()) {
            case 2048 -> 225;
            case 3072 -> 275;
            case 4096 -> 325;
            default -> throw new IllegalArgumentException("no share can be made for " + group);
        };
    }

    private static int montgomeryLength(NamedGroup group) {
        return group.equals(NamedGroup.X25519) ? 32 : 56;
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] raw = value.toByteArray();
        byte[] fixed = new byte[length];
        int part = Math.min(raw.length, length);
        System.arraycopy(raw, raw.length - part, fixed, length - part, part);
        return fixed;
    }

    private static byte[] reversed(byte[] octets) {
        byte[] reversed = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            reversed[i] = octets[octets.length - 1 - i];
        }
        return reversed;
    }
}
