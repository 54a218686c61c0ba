package org.dicomtls.transport;

import java.io.IOException;

/** A key, certificate or file of them cannot be used; the message names the file and says what is wrong with it. */
public final class CredentialException extends IOException {
    private static final long serialVersionUID = 1;

    public CredentialException(String message) {
        super(message);
    }

    public CredentialException(String message, Throwable cause) {
        super(message, cause);
    }
}
