package org.dicomtls.interop.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.Part10Exception;

/** Instances among the DICOM files below a directory, whatever the files are called. */
public final class StoredFiles {

    private StoredFiles() {}

    /** The file of that instance, if it is there and whole enough to say so. */
    public static Optional<Path> find(Path directory, String sopInstance) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : files) {
            try {
                if (Part10.read(file).sopInstance().equals(sopInstance)) {
                    return Optional.of(file);
                }
            } catch (Part10Exception e) {
                // Something else, or not yet written to its end.
            }
        }
        return Optional.empty();
    }
}
