package org.dicomtls.interop.audit;

import java.io.IOException;

/** A file of waivers, or a baseline, cannot be used; the message is one line that names the file and the place. */
public final class RecordFileException extends IOException {
    private static final long serialVersionUID = 1;

    RecordFileException(String message) {
        super(message);
    }

    RecordFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
