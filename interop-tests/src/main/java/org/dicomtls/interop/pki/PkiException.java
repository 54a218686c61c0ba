package org.dicomtls.interop.pki;

import java.io.IOException;

/** A test PKI cannot be written; the message is one line that says where and why. */
public final class PkiException extends IOException {
    private static final long serialVersionUID = 1;

    PkiException(String message) {
        super(message);
    }

    PkiException(String message, IOException cause) {
        super(message, cause);
    }
}
