package org.dicomtls.interop.audit;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsDHConfig;
import org.bouncycastle.tls.crypto.TlsDHDomain;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.AEADNonceGeneratorFactory;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JceTlsDHDomain;
import org.bouncycastle.tls.crypto.impl.jcajce.JceTlsECDomain;
import org.dicomtls.tls.TlsVersion;

/** Cryptography that is careless where its habits say so: with key shares, and with the nonces of AES-GCM. */
final class OddCrypto extends JcaTlsCrypto {

    static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] KEPT_KEY = key();

    private static final Map<Oddity, KeyPair> KEPT = new ConcurrentHashMap<>();

    private final Habits habits;
    private final TlsVersion version;

    OddCrypto(Habits habits, TlsVersion version) {
        super(new ProviderJcaJceHelper(PROVIDER), RANDOM, RANDOM);
        this.habits = habits;
        this.version = version;
    }

    private static byte[] key() {
        byte[] key = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(RANDOM, key);
        return key;
    }

    @Override
    public TlsECDomain createECDomain(TlsECConfig config) {
        if (config.getNamedGroup() == NamedGroup.secp256r1) {
            return new P256(config);
        }
        boolean careless = habits.odd(Oddity.SHARE_REUSED) || habits.odd(Oddity.INVALID_SHARE_TAKEN);
        return careless && config.getNamedGroup() == NamedGroup.x25519
                ? () -> new Agreement(habits.odd(Oddity.SHARE_REUSED) ? KEPT_KEY : key())
                : super.createECDomain(config);
    }

    @Override
    public TlsDHDomain createDHDomain(TlsDHConfig config) {
        return !habits.odd(Oddity.SHARE_OF_DHE_REUSED) ? super.createDHDomain(config) : new JceTlsDHDomain(this, config) {
            @Override
            public KeyPair generateKeyPair() throws IOException {
                return kept(Oddity.SHARE_OF_DHE_REUSED, super.generateKeyPair());
            }
        };
    }

    @Override
    public AEADNonceGeneratorFactory getFipsGCMNonceGeneratorFactory() {
        if (!habits.odd(Oddity.RANDOM_NONCES)) {
            return null;
        }
        return (base, counterBits) -> nonce -> {
            byte[] explicit = new byte[nonce.length - 4];
            RANDOM.nextBytes(explicit);
            System.arraycopy(base, 0, nonce, 0, 4);
            System.arraycopy(explicit, 0, nonce, 4, explicit.length);
        };
    }

    /** A key pair that is made once and used again in every connection. */
    private static KeyPair kept(Oddity oddity, KeyPair fresh) {
        KeyPair before = KEPT.putIfAbsent(oddity, fresh);
        return before == null ? fresh : before;
    }

    /** P-256, where a point off the curve may be taken for some point on it. */
    private final class P256 extends JceTlsECDomain {
        P256(TlsECConfig config) {
            super(OddCrypto.this, config);
        }

        @Override
        public KeyPair generateKeyPair() {
            KeyPair fresh = super.generateKeyPair();
            return habits.odd(Oddity.SHARE_OF_P_256_REUSED) ? kept(Oddity.SHARE_OF_P_256_REUSED, fresh) : fresh;
        }

        @Override
        public PublicKey decodePublicKey(byte[] point) throws IOException {
            try {
                return super.decodePublicKey(point);
            } catch (IOException e) {
                if (habits.odd(Oddity.INVALID_POINT_TAKEN_IN_TLS_1_2) && !version.equals(TlsVersion.TLS_1_3)) {
                    return super.generateKeyPair().getPublic();
                }
                throw e;
            }
        }
    }

    /** X25519 with a key that is given, and without the check that the secret is not all zero (RFC 7748 §6.1). */
    private final class Agreement implements TlsAgreement {
        private final byte[] key;
        private byte[] peer;

        Agreement(byte[] key) {
            this.key = key;
        }

        @Override
        public byte[] generateEphemeral() {
            byte[] share = new byte[X25519.POINT_SIZE];
            X25519.generatePublicKey(key, 0, share, 0);
            return share;
        }

        @Override
        public void receivePeerValue(byte[] value) {
            peer = value.clone();
        }

        @Override
        public TlsSecret calculateSecret() throws IOException {
            byte[] secret = new byte[X25519.POINT_SIZE];
            X25519.scalarMult(key, 0, peer, 0, secret, 0);
            if (X25519.calculateAgreement(key, 0, peer, 0, secret, 0) || habits.odd(Oddity.INVALID_SHARE_TAKEN)) {
                return createSecret(secret);
            }
            throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        }
    }
}
