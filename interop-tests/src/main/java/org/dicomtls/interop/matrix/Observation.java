package org.dicomtls.interop.matrix;

import java.util.Optional;
import org.dicomtls.predict.Prediction;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

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

    static Observation refused(Optional<AlertDescription> alert, String reason) {
        return new Observation(false, Optional.empty(), Optional.empty(), Optional.empty(), alert, "", reason);
    }

    /** Whether this is what was predicted: the outcome, and of an established connection everything that is negotiated. */
    public boolean agrees(Prediction predicted) {
        if (established != predicted.established()) {
            return false;
        }
        return !established
                || version.equals(predicted.version())
                        && suite.equals(predicted.suite())
                        && group.equals(predicted.group())
                        && echo.equals("0000");
    }
}
