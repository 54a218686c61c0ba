package org.dicomtls.interop.matrix;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.report.Json;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.predict.End;
import org.dicomtls.rule.Profile;

/**
 * One end of a cell.
 *
 * @param certificate the certificates that it has
 */
public record MatrixEnd(Profile profile, Engine engine, Certificates certificate) {

    /** Which certificates an end has. */
    public enum Certificates {
        RSA("rsa", KeyKind.RSA),
        ECDSA("ecdsa", KeyKind.ECDSA),
        BOTH("rsa+ecdsa", KeyKind.RSA, KeyKind.ECDSA);

        private final String id;
        private final List<KeyKind> kinds;

        Certificates(String id, KeyKind... kinds) {
            this.id = id;
            this.kinds = List.of(kinds);
        }

        public String id() {
            return id;
        }

        public List<KeyKind> kinds() {
            return kinds;
        }
    }

    /** The end as prediction knows it. */
    public End end() {
        Set<org.dicomtls.predict.KeyKind> keys = new LinkedHashSet<>();
        for (KeyKind kind : certificate.kinds()) {
            keys.add(kind == KeyKind.RSA ? org.dicomtls.predict.KeyKind.RSA : org.dicomtls.predict.KeyKind.ECDSA_P256);
        }
        return new End(profile, EngineModel.here(engine), keys);
    }

    public ObjectNode json() {
        return Json.object()
                .put("profile", profile.id())
                .put("engine", engine.id())
                .put("certificate", certificate.id());
    }

    /** For example {@code bcp195-nd/jdk/rsa}. */
    @Override
    public String toString() {
        return profile.id() + "/" + engine.id() + "/" + certificate.id();
    }
}
