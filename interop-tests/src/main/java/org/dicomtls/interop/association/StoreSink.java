package org.dicomtls.interop.association;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Where the data sets of C-STORE go. Called from several threads at once. */
@FunctionalInterface
public interface StoreSink {
    /**
     * What a C-STORE request announces.
     *
     * @param sopInstance a valid UID: digits and single dots, up to 64 characters
     */
    record Instance(String sopClass, String sopInstance, String transferSyntax, String callingAeTitle) {}

    /** One data set on its way. Closing before {@link #complete} leaves nothing behind. */
    interface Reception extends Closeable {
        /** Takes the data set as it was encoded by the requestor. */
        OutputStream dataSet();

        /** The data set has come in whole; when this returns, it is kept. */
        void complete() throws IOException;
    }

    /**
     * Prepares for a data set.
     *
     * @throws IOException when it cannot be taken; the requestor gets status A700H
     */
    Reception receive(Instance instance) throws IOException;

    /** Takes all and keeps nothing. */
    static StoreSink discarding() {
        return instance -> Discarded.INSTANCE;
    }

    /**
     * Keeps each data set as a DICOM file named by its SOP Instance UID with the ending {@code .dcm}. A file appears
     * whole or not at all; an instance that is stored again replaces the earlier file.
     *
     * @throws IOException when the directory neither exists nor can be made
     */
    static StoreSink toDirectory(Path directory) throws IOException {
        return new DirectorySink(directory);
    }
}
