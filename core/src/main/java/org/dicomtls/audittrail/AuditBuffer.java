package org.dicomtls.audittrail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages on disk, numbered and in order: files that only grow, and a note of the last number that is known to be
 * delivered. One thread appends, one forces, one reads. Opening it finds whatever a crash has left.
 */
final class AuditBuffer implements Closeable {

    /** Is told of records that were there once and can no longer be read. */
    interface DamageListener {
        void damaged(long from, long to, Path file);
    }

    private static final Logger LOG = LoggerFactory.getLogger(AuditBuffer.class);

    /** Larger files were not written by this class, whatever their name. */
    private static final long LARGEST_FILE = 64 << 20;

    private static final Pattern NAME = Pattern.compile("audit-(\\d{19})\\.segment");
    private static final Pattern DELIVERED = Pattern.compile("dicom-tls audit delivered (\\d{1,19}) ([0-9a-f]{8})\n");

    private static final class Part {
        private final Path file;
        private final long first;
        private long last;
        private long length;
        private boolean damaged;

        Part(Path file, long first, long last, long length) {
            this.file = file;
            this.first = first;
            this.last = last;
            this.length = length;
        }
    }

    /** Of this JVM. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final Path real;
    private final Disk disk;
    private final long budget;
    private final long partSize;
    private final FileChannel lockFile;
    private final Deque<Part> parts = new ArrayDeque<>();
    private volatile long last;
    private volatile long delivered;

    /** The largest number that was ever given, as far as is known; larger than the last if that can no longer be read. */
    private long numbered;

    private volatile long size;

    /** The file that grows; set by the writing thread, guarded by this. Its part is never removed. */
    private Disk.Appender appender;

    private Part active;

    /** Files that no longer grow and are to be forced and closed; guarded by this. */
    private final Deque<Disk.Appender> ended = new ArrayDeque<>();

    private volatile boolean distrusted;

    private Part reading;
    private Segment.Reader reader;
    private long readFrom;
    private long loadedTo;
    private long read;

    private AuditBuffer(Path directory, Path real, Disk disk, long budget, FileChannel lockFile) {
        this.directory = directory;
        this.real = real;
        this.disk = disk;
        this.budget = budget;
        this.partSize = Math.min(1 << 20, budget / 8);
        this.lockFile = lockFile;
    }

    /**
     * Opens the buffer in that directory, which is made if it is not there.
     *
     * @param budget how many octets the messages may take on disk
     * @throws IOException when the directory cannot be used, or another process uses it; the message says so on one line
     */
    static AuditBuffer open(Path directory, long budget, Disk disk) throws IOException {
        if (budget < 64 << 10) {
            throw new IllegalArgumentException("a budget of " + budget + " octets, at least 65536");
        }
        try {
            Files.createDirectories(directory, Disk.ownerOnly("rwx------"));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("audit buffer " + directory + " is not a directory", e);
        } catch (IOException e) {
            throw new IOException("audit buffer " + directory + " cannot be made: " + reason(e), e);
        }
        // POSIX lets go of a process's locks of a file when the process closes any descriptor of it, so it must not
        // even be opened a second time.
        Path real = directory.toRealPath();
        if (!OPEN.add(real)) {
            throw inUse(directory, "process " + ProcessHandle.current().pid());
        }
        FileChannel lock = null;
        try {
            lock = lock(directory);
            AuditBuffer buffer = new AuditBuffer(directory, real, disk, budget, lock);
            buffer.recover();
            return buffer;
        } catch (IOException | RuntimeException e) {
            if (lock != null) {
                lock.close();
            }
            OPEN.remove(real);
            throw e;
        }
    }

    private static IOException inUse(Path directory, String holder) {
        return new IOException("audit buffer " + directory + " is in use by " + holder);
    }

    /** One process at a time: two would give two messages one number. The system lets go of the lock when a process ends. */
    private static FileChannel lock(Path directory) throws IOException {
        Path file = directory.resolve("lock");
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("audit buffer " + directory + " cannot be written: " + reason(e), e);
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
                return channel;
            }
        } catch (IOException e) {
            channel.close();
            throw new IOException("audit buffer " + directory + " cannot be locked: " + reason(e), e);
        }
        ByteBuffer holder = ByteBuffer.allocate(20);
        channel.read(holder, 0);
        channel.close();
        String process = new String(holder.array(), 0, holder.position(), StandardCharsets.US_ASCII);
        throw inUse(directory, process.matches("\\d+") ? "process " + process : "another process");
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "no such directory"
                : e instanceof java.nio.file.AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    private void recover() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(f -> NAME.matcher(f.getFileName().toString()).matches()).sorted().toList();
        }
        for (Path file : files) {
            recover(file, file.equals(files.get(files.size() - 1)));
        }
        Note noted = deliveredNote();
        if (!noted.readable()) {
            LOG.warn("audit buffer {}: the note of what is delivered cannot be read; everything is sent again", directory);
        } else if (!parts.isEmpty() && noted.number() > last) {
            LOG.warn(
                    "audit buffer {}: message {} is noted as delivered, the last is {}; everything is sent again",
                    directory,
                    noted.number(),
                    last);
        }
        boolean believed = noted.readable() && (parts.isEmpty() || noted.number() <= last);
        delivered = believed ? noted.number() : parts.isEmpty() ? 0 : parts.getFirst().first - 1;
        numbered = Math.max(last, noted.number());
        if (parts.isEmpty()) {
            last = numbered;
        }
        read = delivered;
        removeDelivered();
    }

    private void recover(Path file, boolean newest) throws IOException {
        long length = Files.size(file);
        byte[] octets = length > LARGEST_FILE ? new byte[0] : octets(file, 0, length);
        Segment.Reader records = new Segment.Reader(octets, last);
        long first = 0;
        for (Optional<Segment.Record> record = records.next(); record.isPresent(); record = records.next()) {
            first = first == 0 ? record.get().number() : first;
            last = record.get().number();
        }
        if (first == 0) {
            if (length > Segment.heading().length && Segment.ofAnotherVersion(octets)) {
                throw new IOException("audit buffer " + directory + ": " + file.getFileName()
                        + " was written by another version of this library");
            }
            if (length <= Segment.heading().length) {
                Files.delete(file);
            } else {
                setAside(file, "holds no whole message");
            }
            return;
        }
        if (newest && records.end() < octets.length) {
            LOG.warn(
                    "audit buffer {}: the last {} octets of {} are no whole message, as after a crash in the middle of one",
                    directory,
                    octets.length - records.end(),
                    file.getFileName());
        }
        long whole = newest ? records.end() : length;
        parts.add(new Part(file, first, last, whole));
        size += whole;
    }

    private void setAside(Path file, String why) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        LOG.error("audit buffer {}: {} {}; it is kept as {}", directory, file.getFileName(), why, aside.getFileName());
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.error("audit buffer {}: {} cannot be renamed: {}", directory, file.getFileName(), reason(e));
        }
    }

    // ---- writing

    /**
     * Appends a message. When this returns the operating system has it, so that it outlives this process.
     *
     * @throws IOException when there is no room or the disk fails; nothing is appended then
     */
    void append(byte[] message) throws IOException {
        int length = Segment.size(message);
        if (active != null && (distrusted || active.length + length > partSize)) {
            endPart();
        }
        makeRoom(length);
        if (active == null) {
            beginPart();
        }
        long number = numbered + 1;
        try {
            appender.append(Segment.encode(number, message));
        } catch (IOException e) {
            takeBack();
            throw new IOException("audit buffer " + directory + " cannot be written: " + reason(e), e);
        } catch (OutOfMemoryError e) {
            takeBack();
            throw new IOException("audit buffer " + directory + " cannot be written: no memory is left", e);
        }
        synchronized (this) {
            active.length += length;
            active.last = number;
            size += length;
            numbered = number;
            last = number;
        }
    }

    private synchronized void makeRoom(int length) throws IOException {
        if (active != null && active.last <= delivered && size + length > budget) {
            endPart();
        }
        removeDelivered();
        long needed = length + (active == null ? Segment.heading().length : 0);
        if (size + needed > budget) {
            throw new IOException("audit buffer " + directory + " is full: " + size + " of " + budget + " octets");
        }
    }

    private void beginPart() throws IOException {
        Path file = directory.resolve(String.format("audit-%019d.segment", numbered + 1));
        dropEmpty(file);
        Disk.Appender made = null;
        try {
            made = disk.create(file);
            made.append(ByteBuffer.wrap(Segment.heading()));
        } catch (IOException e) {
            if (made != null) {
                close(made);
                Files.deleteIfExists(file);
            }
            throw new IOException("audit buffer " + directory + " cannot be written: " + reason(e), e);
        }
        distrusted = false;
        synchronized (this) {
            appender = made;
            int heading = Segment.heading().length;
            active = new Part(file, numbered + 1, numbered, heading);
            parts.add(active);
            size += heading;
        }
    }

    /** A file in which the first message failed, and that could not be cut, has the name that the next one needs. */
    private synchronized void dropEmpty(Path file) throws IOException {
        for (Part part : parts) {
            if (part.file.equals(file)) {
                parts.remove(part);
                size -= part.length;
                Files.deleteIfExists(file);
                return;
            }
        }
    }

    /** Without it a file may be gone after a loss of power, however well its content was forced. */
    private void forceDirectory() {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows does not open directories; there its file system sees to it.
        }
    }

    /** Half a record must not stand before the next. */
    private void takeBack() {
        try {
            appender.truncate(active.length);
        } catch (IOException e) {
            endPart();
        }
    }

    private synchronized void endPart() {
        ended.add(appender);
        appender = null;
        active = null;
    }

    private void close(Disk.Appender which) {
        try {
            which.close();
        } catch (IOException e) {
            LOG.warn("audit buffer {}: a file cannot be closed: {}", directory, reason(e));
        }
    }

    /**
     * Waits until what was appended is on the medium, so that it outlives a loss of power. For a thread of its own: a
     * medium that takes its time must not keep the writing thread from the next message.
     */
    void force() throws IOException {
        List<Disk.Appender> old;
        Disk.Appender growing;
        synchronized (this) {
            old = List.copyOf(ended);
            ended.clear();
            growing = appender;
        }
        IOException failure = null;
        for (Disk.Appender which : old) {
            try {
                which.force();
            } catch (IOException e) {
                failure = e;
            }
            close(which);
        }
        try {
            if (growing != null) {
                growing.force();
            }
        } catch (IOException e) {
            failure = e;
            // What the system could not write it may have thrown away; new messages do not stand behind that.
            distrusted = true;
        }
        forceDirectory();
        if (failure != null) {
            throw new IOException("audit buffer " + directory + " cannot be forced to disk: " + reason(failure), failure);
        }
    }

    // ---- reading

    /** The next message that was not read, in order. */
    synchronized Optional<Segment.Record> next(DamageListener listener) throws IOException {
        while (true) {
            if (reading == null) {
                Optional<Part> part = parts.stream().filter(p -> p.last > read).findFirst();
                if (part.isEmpty()) {
                    return Optional.empty();
                }
                reading = part.get();
                readFrom = 0;
                reader = null;
            }
            if (reader == null) {
                loadedTo = reading.length;
                reader = new Segment.Reader(octets(reading.file, readFrom, loadedTo), read);
            }
            Optional<Segment.Record> record = reader.next();
            if (record.isPresent()) {
                missing(record.get().number(), listener);
                read = record.get().number();
                return record;
            }
            if (loadedTo < reading.length) { // it has grown since
                readFrom += reader.end();
                reader = null;
            } else if (read < reading.last) {
                missing(reading.last + 1, listener);
                read = reading.last;
                readFrom = reading.length;
                reader = null;
            } else if (reading == parts.peekLast()) {
                return Optional.empty();
            } else {
                reading = null;
            }
        }
    }

    private void missing(long found, DamageListener listener) {
        if (found > read + 1) {
            reading.damaged = true;
            listener.damaged(read + 1, found - 1, reading.file);
        }
    }

    /** What stands in a file between two places; nothing if the medium does not give it back. */
    private byte[] octets(Path file, long from, long to) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            LOG.error("audit buffer {}: {} is gone", directory, file.getFileName());
            return new byte[0];
        } catch (IOException e) {
            // For want of descriptors, for one: it is there, and can be read later.
            throw new IOException("audit buffer " + directory + " cannot be read: " + reason(e), e);
        }
        try (channel) {
            long length = Math.min(to, channel.size()) - from;
            ByteBuffer octets = ByteBuffer.allocate((int) Math.max(0, length));
            while (octets.hasRemaining() && channel.read(octets, from + octets.position()) >= 0) {
                // until it is full
            }
            return octets.array();
        } catch (IOException e) {
            // A bad sector must not keep what stands behind it; what is not read of this file is told of as damaged.
            LOG.error("audit buffer {}: {} cannot be read: {}", directory, file.getFileName(), reason(e));
            return new byte[0];
        }
    }

    /** Reads again from the first message that is not known to be delivered. */
    synchronized void rewind() {
        read = delivered;
        reading = null;
        reader = null;
    }

    /** Notes that all messages up to that one are delivered, and frees the disk of them. */
    synchronized void delivered(long number) throws IOException {
        if (number <= delivered) {
            return;
        }
        if (!lockFile.isOpen()) {
            // Another process may use the directory by now.
            throw new IOException("audit buffer " + directory + " is closed");
        }
        delivered = number;
        if (read < number) {
            rewind();
        }
        // First the note: files that are gone without it look lost after a restart. On a disk that is full there is no room
        // for it, so it is tried again when there is.
        boolean noted = noted(number).isEmpty();
        removeDelivered();
        if (!noted) {
            noted(number).ifPresent(why -> LOG.warn(
                    "audit buffer {}: what is delivered cannot be noted, and may be sent again after a restart: {}",
                    directory,
                    why));
        }
    }

    /** Why it could not be noted; empty if it was. */
    private Optional<String> noted(long number) {
        try {
            note(number);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(reason(e));
        }
    }

    private synchronized void removeDelivered() {
        while (!parts.isEmpty() && parts.getFirst().last <= delivered && parts.getFirst() != active) {
            Part part = parts.removeFirst();
            if (part == reading) {
                reading = null;
                reader = null;
            }
            size -= part.length;
            if (part.damaged) {
                setAside(part.file, "was damaged");
                continue;
            }
            try {
                Files.deleteIfExists(part.file);
            } catch (IOException e) {
                LOG.warn("audit buffer {}: {} cannot be deleted: {}", directory, part.file.getFileName(), reason(e));
            }
        }
    }

    private record Note(boolean readable, long number) {}

    private Note deliveredNote() {
        try {
            String text = Files.readString(directory.resolve("delivered"), StandardCharsets.ISO_8859_1);
            Matcher matcher = DELIVERED.matcher(text);
            if (matcher.matches() && matcher.group(2).equals(check(matcher.group(1)))) {
                return new Note(true, Long.parseLong(matcher.group(1)));
            }
            return new Note(false, 0);
        } catch (NoSuchFileException e) {
            return new Note(true, parts.isEmpty() ? 0 : parts.getFirst().first - 1);
        } catch (IOException | NumberFormatException e) {
            return new Note(false, 0);
        }
    }

    private void note(long number) throws IOException {
        String digits = Long.toString(number);
        Path fresh = directory.resolve("delivered.new");
        Files.writeString(
                fresh, "dicom-tls audit delivered " + digits + " " + check(digits) + "\n", StandardCharsets.US_ASCII);
        Files.move(fresh, directory.resolve("delivered"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String check(String digits) {
        CRC32C crc = new CRC32C();
        crc.update(digits.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    // ---- state

    /** The number of the last message; 0 for none ever. */
    long last() {
        return last;
    }

    /** The number of the last message that is known to be delivered. */
    long delivered() {
        return delivered;
    }

    /** How many octets the files take. */
    long size() {
        return size;
    }

    /** Lets go of the files. Not to be called while a thread still appends or forces. */
    @Override
    public void close() throws IOException {
        if (active != null) {
            endPart();
        }
        try {
            force();
        } finally {
            synchronized (this) {
                lockFile.close();
                OPEN.remove(real);
            }
        }
    }
}
