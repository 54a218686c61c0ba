package org.dicomtls.wire;

import java.util.Arrays;
import java.util.Optional;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/**
 * What a server chose (RFC 5246 §7.4.1.3, RFC 8446 §4.1.3); a HelloRetryRequest has the same form.
 *
 * @param legacyVersion the version field
 * @param random 32 octets
 * @param sessionId 0 to 32 octets
 * @param compression the compression method
 * @param selectedVersion supported_versions if present
 * @param group the group of key_share if present
 */
public record ServerHello(
        TlsVersion legacyVersion,
        byte[] random,
        byte[] sessionId,
        CipherSuite suite,
        int compression,
        Optional<TlsVersion> selectedVersion,
        Optional<NamedGroup> group,
        Extensions extensions) {

    /** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
    private static final byte[] RETRY = {
        (byte) 0xCF, 0x21, (byte) 0xAD, 0x74, (byte) 0xE5, (byte) 0x9A, 0x61, 0x11, (byte) 0xBE, 0x1D, (byte) 0x8C, 0x02,
        0x1E, 0x65, (byte) 0xB8, (byte) 0x91, (byte) 0xC2, (byte) 0xA2, 0x11, 0x16, 0x7A, (byte) 0xBB, (byte) 0x8C, 0x5E,
        0x07, (byte) 0x9E, 0x09, (byte) 0xE2, (byte) 0xC8, (byte) 0xA8, 0x33, (byte) 0x9C
    };

    private static final byte[] DOWNGRADE = {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44};

    /**
     * Reads the body of a ServerHello message, without the four octets of the handshake header.
     *
     * @throws WireException when the octets are anything else
     */
    public static ServerHello read(byte[] body) throws WireException {
        Octets in = new Octets(body);
        TlsVersion legacy = new TlsVersion(in.uint16("server_version"));
        byte[] random = in.take(32, "random");
        byte[] session = in.vector8("session_id").rest();
        if (session.length > 32) {
            throw new WireException("session_id of " + session.length + " octets, at most 32 are allowed");
        }
        CipherSuite suite = CipherSuite.of(in.uint16("cipher_suite"));
        int compression = in.uint8("compression_method");
        Extensions extensions = Extensions.read(in);
        Optional<TlsVersion> selected = Optional.empty();
        Optional<Octets> versions = extensions.open(Extensions.SUPPORTED_VERSIONS);
        if (versions.isPresent()) {
            selected = Optional.of(new TlsVersion(versions.get().uint16("supported_versions")));
            versions.get().end("supported_versions");
        }
        Optional<NamedGroup> group = Optional.empty();
        Optional<Octets> share = extensions.open(Extensions.KEY_SHARE);
        if (share.isPresent()) {
            group = Optional.of(NamedGroup.of(share.get().uint16("key_share group")));
        }
        return new ServerHello(legacy, random, session, suite, compression, selected, group, extensions);
    }

    /** The version that is negotiated. */
    public TlsVersion version() {
        return selectedVersion.orElse(legacyVersion);
    }

    public boolean helloRetryRequest() {
        return Arrays.equals(random, RETRY);
    }

    /** The downgrade sentinel's last octet (1 or 0) if the random ends with one (RFC 8446 §4.1.3). */
    public Optional<Integer> downgradeSentinel() {
        for (int i = 0; i < DOWNGRADE.length; i++) {
            if (random[24 + i] != DOWNGRADE[i]) {
                return Optional.empty();
            }
        }
        return random[31] == 0 || random[31] == 1 ? Optional.of((int) random[31]) : Optional.empty();
    }

    public boolean renegotiationInfo() {
        return extensions.has(Extensions.RENEGOTIATION_INFO);
    }

    public boolean extendedMasterSecret() {
        return extensions.has(Extensions.EXTENDED_MASTER_SECRET);
    }
}
