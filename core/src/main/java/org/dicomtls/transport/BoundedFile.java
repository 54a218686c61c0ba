package org.dicomtls.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that somebody has named, read whole if it is not larger than anything that it could be. */
final class BoundedFile {

    private BoundedFile() {}

    /**
     * Its octets.
     *
     * @param what it ought to be, for messages
     * @throws CredentialException that names the file and says what is wrong
     */
    static byte[] read(Path file, long largest, String what) throws CredentialException {
        if (file.toString().isEmpty()) {
            throw new CredentialException("the name of a file is empty");
        }
        try {
            if (Files.isDirectory(file)) {
                throw new CredentialException(file + ": is a directory, a " + what + " is wanted");
            }
            if (Files.size(file) > largest) {
                throw new CredentialException(file + ": larger than " + largest + " octets, not a " + what);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CredentialException(file + ": no such file", e);
        } catch (CredentialException e) {
            throw e;
        } catch (IOException e) {
            throw new CredentialException(file + ": cannot be read: " + PemFile.oneLine(e), e);
        }
    }
}
