package org.dicomtls.interop.probe;

import java.io.IOException;

/** Nobody could be asked: no address, or no connection. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1;

    UnreachableException(String message) {
        super(message);
    }
}
