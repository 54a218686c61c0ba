package org.dicomtls.interop.probe.client;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.TlsVersion;

/**
 * What a client did in one case.
 *
 * @param outcome how far it went
 * @param alert the alert that it sent, if one could be read
 * @param version what was negotiated, if it came to that
 * @param chain the certificates that it presented
 * @param asked whether it was asked for a certificate
 * @param nonces the explicit nonces of its records of AES-GCM in TLS 1.2
 * @param renegotiated whether it began a second handshake when asked to
 * @param words what happened, for evidence
 */
record Reaction(
        Outcome outcome,
        Optional<AlertDescription> alert,
        Optional<TlsVersion> version,
        List<X509Certificate> chain,
        boolean asked,
        List<Long> nonces,
        boolean renegotiated,
        String words) {

    /** How far a client went, judged by what it sent and never by the absence of an alert. */
    enum Outcome {
        /** It sent an alert or ended the connection. */
        REFUSED,
        /** It sent what only follows if the server's flight was taken. */
        WENT_ON,
        /** It finished its handshake. */
        COMPLETED,
        /** It sent DICOM. */
        SENT_DICOM,
        /** It did nothing more until the time was over. */
        SILENT;

        /** Whether the client brought the handshake to its end. */
        boolean finished() {
            return this == COMPLETED || this == SENT_DICOM;
        }

        /** Whether the client took what the server did. */
        boolean took() {
            return this == WENT_ON || this == COMPLETED || this == SENT_DICOM;
        }
    }
}
