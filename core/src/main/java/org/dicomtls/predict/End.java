package org.dicomtls.predict;

import java.util.Set;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.rule.Profile;

/**
 * One end of a connection to be predicted.
 *
 * @param profile its profile
 * @param engine its engine, of a version
 * @param keys the kinds of its keys; empty for a client without a certificate
 */
public record End(Profile profile, EngineModel engine, Set<KeyKind> keys) {
    public End {
        keys = Set.copyOf(keys);
    }
}
