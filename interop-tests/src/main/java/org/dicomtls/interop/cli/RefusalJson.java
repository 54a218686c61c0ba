package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.transport.Refusal;

/** The keys that every refusal has in JSON, whoever reports it. */
final class RefusalJson {

    private RefusalJson() {}

    /** Puts them into that object and returns it. */
    static ObjectNode put(ObjectNode json, Refusal refusal) {
        return json.put("kind", refusal.kind().key())
                .put("problem", refusal.problem())
                .put("end", refusal.end().title())
                .put("byPeer", refusal.byPeer())
                .put("phase", refusal.phase().name())
                .put("rule", refusal.rule().map(r -> r.id()).orElse(null))
                .put("clause", refusal.rule().map(r -> r.clause()).orElse(null))
                .put("offered", refusal.offered())
                .put("wanted", refusal.wanted())
                .put("remedy", refusal.remedy())
                .put("alert", refusal.alert().map(AlertDescription::toString).orElse(null));
    }
}
