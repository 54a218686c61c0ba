package org.dicomtls.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What files look like from outside, cheap to ask for, and what they hold. Two states that look alike may still differ
 * where a file was written within the granularity of its time stamp; {@link #settled()} tells.
 *
 * @param faces of each file, in order: where it really lies, its size and its times
 * @param youngest the latest time of modification, in milliseconds of the file system's clock
 * @param taken when this was looked at, in milliseconds of this machine's clock
 * @param contents the SHA-256 of all contents; empty when only the faces were looked at
 */
record FileState(List<String> faces, long youngest, long taken, String contents) {

    /** More than the granularity of any file system's time stamps. */
    private static final long GRANULARITY_MILLIS = 2_500;

    /** Faces and contents as they are now. */
    static FileState of(List<Path> files) {
        FileState faces = facesOf(files);
        return new FileState(faces.faces, faces.youngest, faces.taken, digest(files));
    }

    /** The faces as they are now. */
    static FileState facesOf(List<Path> files) {
        List<String> faces = new ArrayList<>();
        long youngest = 0;
        long now = System.currentTimeMillis();
        for (Path file : files) {
            try {
                Path real = file.toRealPath();
                BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
                FileTime time = attributes.lastModifiedTime();
                faces.add(real + " " + attributes.fileKey() + " " + attributes.size() + " " + time);
                youngest = Math.max(youngest, time.toMillis());
            } catch (IOException e) {
                faces.add(file + " cannot be read");
            }
        }
        return new FileState(faces, youngest, now, "");
    }

    /** Whether the files look as they did. */
    boolean looksLike(FileState other) {
        return faces.equals(other.faces);
    }

    /** Whether everything in the files was old enough when this was taken for their times to tell of any later change. */
    boolean settled() {
        return Math.abs(taken - youngest) > GRANULARITY_MILLIS;
    }

    boolean holdsTheSameAs(FileState other) {
        return contents.equals(other.contents);
    }

    private static String digest(List<Path> files) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest(file, sha);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    private static void digest(Path file, MessageDigest sha) {
        long octets = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 14];
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                sha.update(buffer, 0, got);
                octets += got;
            }
        } catch (IOException e) {
            sha.update(e.getClass().getName().getBytes(StandardCharsets.US_ASCII));
        }
        // What a file ends with must not pass for what the next one begins with.
        sha.update((";" + octets + ";").getBytes(StandardCharsets.US_ASCII));
    }
}
