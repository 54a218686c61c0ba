package org.dicomtls.predict;

import java.util.Optional;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.AlertDescription;

/**
 * Why two ends have nothing in common.
 *
 * @param matter what it is about
 * @param what in words, e.g. {@code no common cipher suite}
 * @param offered what the other end offered
 * @param wanted what this end would have taken
 * @param rule the rule of this end's profile that stands in the way, if one does
 * @param alert the alert that TLS has for it
 * @param remedy what to change
 */
public record Mismatch(
        Matter matter,
        String what,
        String offered,
        String wanted,
        Optional<Rule> rule,
        AlertDescription alert,
        String remedy) {

    /** What two ends may have nothing in common in. */
    public enum Matter {
        VERSION,
        CIPHER_SUITE,
        GROUP,
        SIGNATURE_SCHEME,
        /** The kind of the server's key fits nothing that is in common. */
        CERTIFICATE_KIND,
        EXTENDED_MASTER_SECRET,
        RENEGOTIATION_INFO
    }

    @Override
    public String toString() {
        return what + ": offered " + offered + "; wanted " + wanted
                + rule.map(r -> " (" + r.id() + ", " + r.clause() + ")").orElse("");
    }
}
