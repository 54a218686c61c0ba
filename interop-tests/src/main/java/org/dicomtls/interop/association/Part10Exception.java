package org.dicomtls.interop.association;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not a DICOM file as PS3.10 has it; the message names the file and what is wrong with it. */
public final class Part10Exception extends IOException {
    private static final long serialVersionUID = 1;

    Part10Exception(Path file, String problem) {
        super(file + " is not a DICOM file: " + problem);
    }
}
