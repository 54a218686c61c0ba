package org.dicomtls.interop.matrix;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dicomtls.interop.report.Json;
import org.dicomtls.predict.Prediction;
import org.dicomtls.tls.AlertDescription;
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
        json.putObject("predicted")
                .put("outcome", outcome(predicted.established()))
                .put("protocol", predicted.version().map(TlsVersion::name).orElse(null))
                .put("cipherSuite", predicted.suite().map(CipherSuite::name).orElse(null))
                .put("group", predicted.group().map(NamedGroup::name).orElse(null))
                .put("reason", predicted.established() ? null : predicted.reason());
        json.putObject("observed")
                .put("outcome", outcome(observed.established()))
                .put("protocol", observed.version().map(TlsVersion::name).orElse(null))
                .put("cipherSuite", observed.suite().map(CipherSuite::name).orElse(null))
                .put("group", observed.group().map(NamedGroup::name).orElse(null))
                .put("alert", observed.alert().map(AlertDescription::toString).orElse(null))
                .put("echo", observed.echo().isEmpty() ? null : observed.echo())
                .put("reason", observed.reason().isEmpty() ? null : observed.reason());
        json.put("agrees", agrees());
        return json;
    }

    private static String outcome(boolean established) {
        return established ? "established" : "refused";
    }
}
