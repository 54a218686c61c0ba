package org.dicomtls.interop.probe;

import java.util.List;
import java.util.stream.IntStream;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;

/** What servers and clients are judged by alike. */
public final class CommonFacts {

    private static final int NONCES_SHOWN = 8;

    private CommonFacts() {}

    /** Whether RFC 7525 or RFC 9325 recommends a suite of that kind; that RFC 9325 discourages DHE is a rule of its own. */
    public static boolean strong(CipherSuite suite) {
        return suite.forwardSecret()
                && suite.certificateAuthenticated()
                && suite.aead()
                && suite.mode() != CipherMode.CCM_8
                && suite.bits() >= 128;
    }

    /** Notes whether the explicit nonces of an end count its records; at least two tell a counter from chance. */
    public static boolean nonces(Notes notes, List<Long> nonces) {
        if (nonces.size() < 2) {
            return false;
        }
        notes.holds(
                Property.COUNTER_NONCES,
                IntStream.range(0, nonces.size()).allMatch(i -> nonces.get(i) == i),
                "explicit nonces of TLS 1.2: "
                        + String.join(", ", nonces.stream().limit(NONCES_SHOWN).map(Long::toHexString).toList()));
        return true;
    }
}
