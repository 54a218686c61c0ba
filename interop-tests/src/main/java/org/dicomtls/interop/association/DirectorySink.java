package org.dicomtls.interop.association;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/** Data sets as DICOM files in one directory. */
final class DirectorySink implements StoreSink {

    private static final String PREFIX = ".incoming-";
    private static final String SUFFIX = ".part";

    /** A younger part may be one of another process that has not locked it yet. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private final Path directory;

    DirectorySink(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory).toRealPath();
        removeLeftovers();
    }

    /** What a process left behind that was killed while it received; nobody was told that it is kept. */
    private void removeLeftovers() throws IOException {
        Instant old = Instant.now().minus(YOUNG);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path part : parts) {
                try {
                    if (Files.getLastModifiedTime(part).toInstant().isBefore(old) && !isLocked(part)) {
                        Files.deleteIfExists(part);
                    }
                } catch (NoSuchFileException e) {
                    // Another process has received the rest of it meanwhile.
                }
            }
        }
    }

    private static boolean isLocked(Path part) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true; // by this process
        }
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
        private final FileChannel channel;
        private final OutputStream out;
        private boolean open = true;

        private File(Path target, Instance instance) throws IOException {
            this.target = target;
            this.incoming = Files.createTempFile(directory, PREFIX, SUFFIX);
            FileChannel started = null;
            try {
                started = FileChannel.open(incoming, StandardOpenOption.WRITE);
                started.tryLock(); // until it is closed; a file system without locks has leftovers older than a minute only
                this.out = new BufferedOutputStream(Channels.newOutputStream(started), 64 * 1024);
                out.write(Part10.header(
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
            this.channel = started;
        }

        @Override
        public OutputStream dataSet() {
            return out;
        }

        /** On the medium, under its name, before the requestor is told so and forgets its own copy. */
        @Override
        public void complete() throws IOException {
            out.flush();
            channel.force(true);
            out.close();
            try {
                Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(incoming, target, StandardCopyOption.REPLACE_EXISTING);
            }
            open = false;
            forceDirectory();
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

    private void forceDirectory() throws IOException {
        if (java.io.File.separatorChar != '/') {
            return; // Windows opens no directories, and keeps names by itself
        }
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
