package org.dicomtls.interop.clientaudit;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.AEADNonceGeneratorFactory;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/** Cryptography that is careless where its habits say so: with key shares, nonces and the usage of keys. */
final class OddCrypto extends JcaTlsCrypto {

    static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] KEPT_KEY = key();

    private final Habits habits;

    OddCrypto(Habits habits) {
        super(new ProviderJcaJceHelper(PROVIDER), RANDOM, RANDOM);
        this.habits = habits;
    }

    private static byte[] key() {
        byte[] key = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(RANDOM, key);
        return key;
    }

    /** Judged by {@link ServerCheck} and nowhere else. */
    @Override
    public TlsCertificate createCertificate(short type, byte[] encoding) throws IOException {
        return new JcaTlsCertificate(this, encoding) {
            @Override
            protected void validateKeyUsageBit(int bit) {}
        };
    }

    @Override
    public TlsECDomain createECDomain(TlsECConfig config) {
        if (habits.odd(Oddity.SECOND_SHARE_REUSED) && config.getNamedGroup() == NamedGroup.secp256r1) {
            return () -> new Kept(super.createECDomain(config).createECDH());
        }
        boolean careless = habits.odd(Oddity.SHARE_REUSED) || habits.odd(Oddity.ZERO_SHARE_TAKEN);
        return careless && config.getNamedGroup() == NamedGroup.x25519
                ? () -> new Agreement(habits.odd(Oddity.SHARE_REUSED) ? KEPT_KEY : key())
                : super.createECDomain(config);
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

    /** The first share that was ever made; good for offering it, after which its key is missing. */
    private static final class Kept implements TlsAgreement {
        private static byte[] share;
        private final TlsAgreement fresh;

        Kept(TlsAgreement fresh) {
            this.fresh = fresh;
        }

        @Override
        public byte[] generateEphemeral() throws IOException {
            byte[] made = fresh.generateEphemeral();
            synchronized (Kept.class) {
                share = share == null ? made : share;
                return share.clone();
            }
        }

        @Override
        public void receivePeerValue(byte[] value) throws IOException {
            fresh.receivePeerValue(value);
        }

        @Override
        public TlsSecret calculateSecret() throws IOException {
            return fresh.calculateSecret();
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
            if (X25519.calculateAgreement(key, 0, peer, 0, secret, 0) || habits.odd(Oddity.ZERO_SHARE_TAKEN)) {
                return createSecret(secret);
            }
            throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        }
    }
}
