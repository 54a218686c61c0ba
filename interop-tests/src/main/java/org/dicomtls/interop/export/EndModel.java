package org.dicomtls.interop.export;

import java.util.Map;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Profile;

/**
 * What one end does under certain settings: the facts that an audit of it would find, known beforehand.
 *
 * @param own what it does and what it has to show
 * @param accepting the same, with the certificates that it takes from the other end
 * @param because why it is so and cannot be set otherwise: by value, property, metric or dimension
 */
record EndModel(Facts own, Facts accepting, Map<Object, String> because) {
    EndModel {
        because = Map.copyOf(because);
    }

    /** The audit of such an end. */
    Audit audit(String system, Profile profile) {
        return Audit.of(
                system, profile, new Survey(own, accepting, Map.of(), Map.of(), java.util.List.of(), 0, 0, false));
    }
}
