package org.dicomtls.predict;

import java.util.List;
import java.util.Optional;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;

/**
 * What a client offers, as far as a server decides on it.
 *
 * @param groups supported_groups; absent means the client left the choice to the server
 * @param schemes signature_algorithms; absent means SHA-1 (RFC 5246 §7.4.1.4.1)
 * @param keyShares the groups for which the client sends a share
 */
public record Offer(
        List<TlsVersion> versions,
        List<CipherSuite> suites,
        Optional<List<NamedGroup>> groups,
        Optional<List<SignatureScheme>> schemes,
        List<NamedGroup> keyShares,
        boolean extendedMasterSecret,
        boolean renegotiationInfo) {

    /** What that ClientHello offers. */
    public static Offer of(ClientHello hello) {
        return new Offer(
                hello.offeredVersions(),
                hello.suites(),
                hello.groups(),
                hello.schemes(),
                hello.keyShares().orElse(List.of()),
                hello.extendedMasterSecret(),
                hello.renegotiationInfo());
    }
}
