package org.dicomtls.interop.matrix;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dicomtls.interop.report.Json;
import org.dicomtls.predict.Prediction;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/** A client, a server, what was predicted of them, and what happened. */
public record Cell(MatrixEnd client, MatrixEnd server, Prediction predicted, Observation observed) {

    public boolean agrees() {
        return observed.agrees(predicted);
    }

    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.set("client", client.json());
        json.set("server", server.json());
        json.set("predicted", json(predicted));
        json.set("observed", observed.json());
        json.put("agrees", agrees());
        return json;
    }

    /** The JSON of a prediction. */
    public static ObjectNode json(Prediction predicted) {
        return Json.object()
                .put("outcome", outcome(predicted.established()))
                .put("protocol", predicted.version().map(TlsVersion::name).orElse(null))
                .put("cipherSuite", predicted.suite().map(CipherSuite::name).orElse(null))
                .put("group", predicted.group().map(NamedGroup::name).orElse(null))
                .put("reason", predicted.established() ? null : predicted.reason());
    }

    static String outcome(boolean established) {
        return established ? "established" : "refused";
    }
}
