package org.dicomtls.interop.association;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Data sets as DICOM files in one directory. */
final class DirectorySink implements StoreSink {
    private final Path directory;

    DirectorySink(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory).toRealPath();
    }

    @Override
    public Reception receive(Instance instance) throws IOException {
        if (!Uid.isValid(instance.sopInstance())) {
            throw new IOException("not a UID: '" + AeTitle.printable(instance.sopInstance()) + "'");
        }
        return new File(directory.resolve(instance.sopInstance() + ".dcm"), instance);
    }

    private final class File implements Reception {
        private final Path target;
        private final Path incoming;
        private final OutputStream out;
        private boolean open = true;

        private File(Path target, Instance instance) throws IOException {
            this.target = target;
            this.incoming = Files.createTempFile(directory, ".incoming-", ".part");
            OutputStream started = null;
            try {
                started = new BufferedOutputStream(Files.newOutputStream(incoming), 64 * 1024);
                started.write(Part10.header(
                        instance.sopClass(),
                        instance.sopInstance(),
                        instance.transferSyntax(),
                        instance.callingAeTitle()));
            } catch (IOException e) {
                if (started != null) {
                    started.close();
                }
                Files.deleteIfExists(incoming);
                throw e;
            }
            this.out = started;
        }

        @Override
        public OutputStream dataSet() {
            return out;
        }

        @Override
        public void complete() throws IOException {
            out.close();
            try {
                Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(incoming, target, StandardCopyOption.REPLACE_EXISTING);
            }
            open = false;
        }

        @Override
        public void close() throws IOException {
            if (open) {
                open = false;
                try {
                    out.close();
                } finally {
                    Files.deleteIfExists(incoming);
                }
            }
        }
    }
}
