package org.dicomtls.interop.probe;

import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.TlsContext;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;

/** Reads along what an end of TLS 1.2 sends, for the explicit nonces that begin each encrypted record of AES-GCM. */
public final class NonceTap {

    private static final int NONCE = 8;
    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int MOST = 64;

    private final byte[] start = new byte[HEADER + NONCE];
    private final List<Long> nonces = new ArrayList<>();
    private int position;
    private boolean encrypted;

    /** The next octets of the stream. */
    public void take(byte[] octets, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (position < start.length) {
                start[position] = octets[i];
            }
            position++;
            int body = position < HEADER ? Integer.MAX_VALUE : (start[3] & 0xFF) << 8 | start[4] & 0xFF;
            if (position >= HEADER && position == HEADER + body) {
                end(body);
            }
        }
    }

    private void end(int body) {
        position = 0;
        if (start[0] == CHANGE_CIPHER_SPEC) {
            encrypted = true;
        } else if (encrypted && body >= NONCE && nonces.size() < MOST) {
            long nonce = 0;
            for (int i = 0; i < NONCE; i++) {
                nonce = nonce << 8 | start[HEADER + i] & 0xFF;
            }
            nonces.add(nonce);
        }
    }

    /** The nonces, if the suite that was negotiated has any. */
    public List<Long> seen(TlsContext context) {
        if (context == null || context.getSecurityParameters() == null) {
            return List.of();
        }
        CipherSuite suite = CipherSuite.of(context.getSecurityParameters().getCipherSuite());
        return !suite.tls13() && suite.mode() == CipherMode.GCM ? List.copyOf(nonces) : List.of();
    }
}
