package org.dicomtls.interop.matrix;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.dicomtls.interop.report.Json;
import org.dicomtls.predict.Prediction;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.Negotiated;

/**
 * What happened in a cell.
 *
 * @param established whether the handshake succeeded and a C-ECHO was answered
 * @param alert the alert that was sent or received, where one was seen
 * @param echo the status of the C-ECHO; empty if it did not come to it
 * @param reason why not, in the words of the end that refused
 */
public record Observation(
        boolean established,
        Optional<TlsVersion> version,
        Optional<CipherSuite> suite,
        Optional<NamedGroup> group,
        Optional<AlertDescription> alert,
        String echo,
        String reason) {

    /** The status of a C-ECHO that was answered as it should. */
    public static final String ECHOED = "0000";

    /** A connection that came about. */
    public static Observation established(Negotiated negotiated, String echo) {
        return new Observation(
                true,
                Optional.of(negotiated.version()),
                Optional.of(negotiated.suite()),
                negotiated.group(),
                Optional.empty(),
                echo,
                "");
    }

    /** A connection that did not come about. */
    public static Observation refused(Optional<AlertDescription> alert, String reason) {
        return new Observation(false, Optional.empty(), Optional.empty(), Optional.empty(), alert, "", reason);
    }

    /** Whether this is what was predicted: the outcome, and of an established connection everything that is negotiated. */
    public boolean agrees(Prediction predicted) {
        return agrees(predicted, ECHOED);
    }

    /** The same, where something else than the status of a C-ECHO is to be seen in {@code echo}. */
    public boolean agrees(Prediction predicted, String echoed) {
        if (established != predicted.established()) {
            return false;
        }
        return !established
                || version.equals(predicted.version())
                        && suite.equals(predicted.suite())
                        && group.equals(predicted.group())
                        && echo.equals(echoed);
    }

    /** The JSON of the contract. */
    public ObjectNode json() {
        return Json.object()
                .put("outcome", Cell.outcome(established))
                .put("protocol", version.map(TlsVersion::name).orElse(null))
                .put("cipherSuite", suite.map(CipherSuite::name).orElse(null))
                .put("group", group.map(NamedGroup::name).orElse(null))
                .put("alert", alert.map(AlertDescription::toString).orElse(null))
                .put("echo", echo.isEmpty() ? null : echo)
                .put("reason", reason.isEmpty() ? null : reason);
    }
}
