package org.dicomtls.interop.association;

import java.io.IOException;

/** The peer sent octets that are not what PS3.8 allows at this point; the provider answers with an A-ABORT. */
public final class PduException extends IOException {
    private static final long serialVersionUID = 1;

    private final AbortReason reason;

    PduException(AbortReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The reason that the A-ABORT carries. */
    public AbortReason reason() {
        return reason;
    }

    static PduException invalid(String message) {
        return new PduException(AbortReason.INVALID_PDU_PARAMETER_VALUE, message);
    }

    static PduException unexpected(String message) {
        return new PduException(AbortReason.UNEXPECTED_PDU, message);
    }
}
