package org.dicomtls.audittrail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The files that the buffer writes; what a slow, full or broken disk does is put in its place by tests. */
interface Disk {

    /** A file that grows. */
    interface Appender extends Closeable {
        /** Hands the octets to the operating system. */
        void append(ByteBuffer octets) throws IOException;

        /** Waits until what was appended is on the medium. */
        void force() throws IOException;

        /** Takes back what stands behind that length. */
        void truncate(long length) throws IOException;
    }

    /** Makes a file that nobody but its owner can read. */
    Appender create(Path file) throws IOException;

    /** The disk of this machine. */
    Disk LOCAL = file -> {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                ownerOnly("rw-------"));
        return new Appender() {
            @Override
            public void append(ByteBuffer octets) throws IOException {
                while (octets.hasRemaining()) {
                    channel.write(octets);
                }
            }

            @Override
            public void force() throws IOException {
                channel.force(false);
            }

            @Override
            public void truncate(long length) throws IOException {
                channel.truncate(length).position(length);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    };

    /** Those permissions where the file system knows them. */
    static FileAttribute<?>[] ownerOnly(String permissions) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }
}
