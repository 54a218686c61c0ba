package org.dicomtls.wire;

import java.io.IOException;

/** Octets that are not what they should be; the message says what was expected and where. */
public final class WireException extends IOException {
    private static final long serialVersionUID = 1;

    public WireException(String message) {
        super(message);
    }
}
