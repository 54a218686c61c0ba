package org.dicomtls.transport;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Something that is read from files and read again when they change: an {@link Identity}, a {@link Trust}, a {@link
 * Revocation}, or {@link Peers}. Every transport that is given one looks at the files for itself, checks what it reads
 * against its own profile, and goes on with what it had where that is not in order. Immutable.
 *
 * <p>Files may be renamed into place, be reached through symbolic links that are changed (certbot, Kubernetes), or be
 * written over where they lie. What is half-written, or does not go together, is not taken.
 *
 * @param <T> what is read
 */
public final class Watched<T> {

    /** Reads the files, all of them each time. */
    @FunctionalInterface
    public interface Source<T> {
        /**
         * What the files hold now.
         *
         * @throws CredentialException when they cannot be used; its message is what logs and listeners are told
         */
        T read() throws CredentialException;
    }

    private final Source<T> source;
    private final List<Path> files;
    private final FileState state;
    private final T value;

    private Watched(Source<T> source, List<Path> files, FileState state, T value) {
        this.source = source;
        this.files = files;
        this.state = state;
        this.value = value;
    }

    /**
     * What that source reads, from now on.
     *
     * @param files the files that the source reads; a change of any of them is a reason to read again
     * @throws CredentialException when they cannot be used now
     */
    public static <T> Watched<T> of(Source<T> source, Path... files) throws CredentialException {
        return of(source, List.of(files));
    }

    /** As {@link #of(Source, Path...)}. */
    public static <T> Watched<T> of(Source<T> source, List<Path> files) throws CredentialException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("nothing to watch: no file was named");
        }
        List<Path> all = List.copyOf(files);
        // The state is taken before the files are read, so that a change in between is seen as one afterwards.
        FileState before = FileState.of(all);
        return new Watched<>(
                Objects.requireNonNull(source, "source"), all, before, Objects.requireNonNull(source.read(), "value"));
    }

    /** Something that never changes. */
    public static <T> Watched<T> unchanging(T value) {
        Objects.requireNonNull(value, "value");
        return new Watched<>(() -> value, List.of(), FileState.of(List.of()), value);
    }

    /** What the files held when this object was made. */
    public T first() {
        return value;
    }

    /** The files, in the order in which they were named. */
    public List<Path> files() {
        return files;
    }

    Source<T> source() {
        return source;
    }

    FileState state() {
        return state;
    }

    @Override
    public String toString() {
        return files.isEmpty() ? value.toString() : value + " from " + files;
    }
}
