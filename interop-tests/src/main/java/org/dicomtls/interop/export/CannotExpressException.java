package org.dicomtls.interop.export;

/** The system has nothing in common with the profile; the message is one line. */
public final class CannotExpressException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotExpressException(String message) {
        super(message);
    }
}
