package org.dicomtls.audittrail;

import java.io.IOException;

/** An audit message could not be recorded; the message says why, on one line. */
public final class AuditNotRecordedException extends IOException {
    private static final long serialVersionUID = 1;

    public AuditNotRecordedException(String message) {
        super(message);
    }

    public AuditNotRecordedException(String message, Throwable cause) {
        super(message, cause);
    }
}
