package org.dicomtls.interop.probe;

import java.security.SecureRandom;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** Cryptography for handshakes of Bouncy Castle's low level, as client and as server. */
public final class TlsCryptos {

    /** Made once: filling a provider with its algorithms costs more than a handshake. It is registered nowhere. */
    private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private TlsCryptos() {}

    /** For one connection. */
    public static JcaTlsCrypto create() {
        return new JcaTlsCryptoProvider().setProvider(PROVIDER).create(new SecureRandom());
    }
}
