package org.dicomtls.interop.association;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.dicomtls.interop.association.Pdu.PresentationDataValue;

/**
 * What both ends of an association do with its connection: PDUs and DIMSE messages in and out, each within a deadline.
 * One thread reads and writes; only {@link #abortFromAside} may come from another.
 */
final class UpperLayer implements AutoCloseable {
    /** Bounds of the maximum length that an end of ours may announce or use, in octets. */
    static final int MIN_PDU_LENGTH = 4 * 1024;

    static final int MAX_PDU_LENGTH = 1024 * 1024;
    static final int DEFAULT_PDU_LENGTH = 256 * 1024;

    /** A peer that takes less than this would have us cut a command set into crumbs. */
    private static final int MIN_PEER_LENGTH = 256;

    private static final int VALUE_HEADER_LENGTH = 6;
    private static final int MAX_DRAINED = 64 * 1024 * 1024;

    /** A DIMSE command with the context that it came on. */
    record Command(int contextId, CommandSet set) {}

    private final Socket socket;
    private final Deadline deadline;
    private final InputStream in;
    private final OutputStream out;
    private final PduReader reader;
    private final int ownLength;
    private final ReentrantLock writing = new ReentrantLock();
    private final Deque<PresentationDataValue> pending = new ArrayDeque<>();
    private byte[] buffer = new byte[0];
    private int sendLength;
    private volatile boolean abortedFromAside;

    /**
     * @param deadline ends the connection below when it passes unheeded
     * @param ownLength the longest P-DATA-TF to take and to send, in octets
     */
    UpperLayer(Socket socket, Deadline deadline, int ownLength) throws IOException {
        this.socket = socket;
        this.deadline = deadline;
        this.ownLength = requirePduLength(ownLength);
        this.sendLength = MIN_PEER_LENGTH;
        socket.setTcpNoDelay(true);
        this.in = new TimedInput(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.reader = new PduReader(in, ownLength);
    }

    static int requirePduLength(int length) {
        if (length < MIN_PDU_LENGTH || length > MAX_PDU_LENGTH) {
            throw new IllegalArgumentException("a maximum PDU length of " + length + " is outside " + MIN_PDU_LENGTH
                    + "…" + MAX_PDU_LENGTH);
        }
        return length;
    }

    private final class TimedInput extends InputStream {
        private final InputStream from;

        private TimedInput(InputStream from) {
            this.from = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            socket.setSoTimeout(deadline.remainingMillis());
            return from.read(octets, offset, length);
        }

        @Override
        public int available() throws IOException {
            return from.available();
        }
    }

    void arm(Duration timeout) {
        deadline.arm(timeout);
    }

    /** Learns from the peer's user information how long a P-DATA-TF may be. */
    void peerMaxLength(long announced) throws PduException {
        if (announced != 0 && announced < MIN_PEER_LENGTH) {
            throw PduException.invalid("a maximum length of " + announced + " octets; at least " + MIN_PEER_LENGTH
                    + " are needed");
        }
        sendLength = announced == 0 ? ownLength : (int) Math.min(announced, ownLength);
    }

    int sendLength() {
        return sendLength;
    }

    /**
     * The next PDU.
     *
     * @throws AssociationAbortedException when it is an A-ABORT
     * @throws SocketTimeoutException when it is not complete within the deadline
     */
    Pdu read() throws IOException {
        Pdu pdu;
        try {
            pdu = reader.read();
        } catch (IOException e) {
            throw lateOr(e);
        }
        if (abortedFromAside) {
            awaitClose(Duration.ofMillis(500));
            throw aborted();
        }
        if (pdu instanceof Pdu.Abort abort) {
            throw new AssociationAbortedException(abort.source(), abort.reason());
        }
        return pdu;
    }

    private static SocketException aborted() {
        return new SocketException("the association was aborted at this end");
    }

    /** Whether {@link #abortFromAside} ended the association. */
    boolean abortedFromAside() {
        return abortedFromAside;
    }

    private IOException lateOr(IOException e) {
        if (deadline.passed() && !(e instanceof PduException)) {
            SocketTimeoutException late = new SocketTimeoutException("the deadline has passed");
            late.initCause(e);
            return late;
        }
        return e;
    }

    void write(Pdu pdu) throws IOException {
        byte[] octets = PduCodec.encode(pdu);
        write(octets, octets.length);
    }

    /** One write for each PDU: a segment or a TLS record is not spent on a header. */
    private void write(byte[] octets, int length) throws IOException {
        writing.lock();
        try {
            if (abortedFromAside) {
                throw aborted();
            }
            out.write(octets, 0, length);
            out.flush();
        } catch (IOException e) {
            throw whyNotWritten(lateOr(e));
        } finally {
            writing.unlock();
        }
    }

    /** A peer that closes while we write has often said why just before: an A-ABORT, or an alert of the layer below. */
    private IOException whyNotWritten(IOException failure) {
        if (deadline.passed()) {
            return failure;
        }
        try {
            deadline.arm(Duration.ofMillis(500));
            for (int pdus = 0; pdus < 16; pdus++) {
                read();
            }
        } catch (SocketException | EOFException | InterruptedIOException | PduException silent) {
            return failure;
        } catch (IOException said) {
            if (said != failure) {
                said.addSuppressed(failure);
            }
            return said;
        }
        return failure;
    }

    /** Sends a command set, in as many fragments as the peer needs. */
    void sendCommand(int contextId, CommandSet set) throws IOException {
        byte[] octets = set.encode();
        int most = fragmentLength();
        byte[] pdu = buffer();
        for (int sent = 0; sent < octets.length; ) {
            int length = Math.min(most, octets.length - sent);
            System.arraycopy(octets, sent, pdu, Pdu.HEADER_LENGTH + VALUE_HEADER_LENGTH, length);
            sent += length;
            sendFragment(pdu, contextId, length, PduCodec.control(true, sent == octets.length));
        }
    }

    /** Sends a data set to the end of the stream; each PDU must leave within the timeout. */
    void sendDataSet(int contextId, InputStream dataSet, Duration timeout) throws IOException {
        int most = fragmentLength();
        byte[] pdu = buffer();
        int start = Pdu.HEADER_LENGTH + VALUE_HEADER_LENGTH;
        int filled = 0;
        while (true) {
            // One octet more than a fragment holds: whether it is there tells whether the fragment is the last.
            int count = dataSet.readNBytes(pdu, start + filled, most + 1 - filled);
            filled += count;
            boolean last = filled <= most;
            int length = last ? filled : most;
            byte next = pdu[start + most];
            deadline.arm(timeout);
            sendFragment(pdu, contextId, length, PduCodec.control(false, last));
            if (last) {
                return;
            }
            pdu[start] = next;
            filled = 1;
        }
    }

    /** Even, as PS3.8 annex E has it for every fragment but the last. */
    private int fragmentLength() {
        return sendLength - VALUE_HEADER_LENGTH & ~1;
    }

    private byte[] buffer() {
        int needed = Pdu.HEADER_LENGTH + VALUE_HEADER_LENGTH + fragmentLength() + 1;
        if (buffer.length < needed) {
            buffer = new byte[needed];
        }
        return buffer;
    }

    private void sendFragment(byte[] pdu, int contextId, int length, int control) throws IOException {
        pdu[0] = Pdu.P_DATA_TF;
        pdu[1] = 0;
        putInt(pdu, 2, 4 + 2 + length);
        putInt(pdu, 6, 2 + length);
        pdu[10] = (byte) contextId;
        pdu[11] = (byte) control;
        write(pdu, Pdu.HEADER_LENGTH + VALUE_HEADER_LENGTH + length);
    }

    private static void putInt(byte[] octets, int offset, int value) {
        octets[offset] = (byte) (value >>> 24);
        octets[offset + 1] = (byte) (value >>> 16);
        octets[offset + 2] = (byte) (value >>> 8);
        octets[offset + 3] = (byte) value;
    }

    /** The next presentation data value, or nothing when the peer asks for the release of the association. */
    private Optional<PresentationDataValue> nextValue(Duration timeout) throws IOException {
        if (pending.isEmpty()) {
            deadline.arm(timeout);
            Pdu pdu = read();
            if (pdu instanceof Pdu.ReleaseRequest) {
                return Optional.empty();
            }
            if (!(pdu instanceof Pdu.Data data)) {
                throw PduException.unexpected("an " + pdu.title() + " in an established association");
            }
            pending.addAll(data.values());
        }
        return Optional.of(pending.remove());
    }

    /** The next command, or nothing when the peer asks for the release of the association instead. */
    Optional<Command> nextCommand(Duration timeout) throws IOException {
        byte[] octets = new byte[512];
        int length = 0;
        int contextId = -1;
        while (true) {
            Optional<PresentationDataValue> next = nextValue(timeout);
            if (next.isEmpty()) {
                if (contextId >= 0) {
                    throw PduException.unexpected("an A-RELEASE-RQ inside a command");
                }
                return Optional.empty();
            }
            PresentationDataValue value = next.get();
            if (!value.command() || contextId >= 0 && value.contextId() != contextId) {
                throw new PduException(
                        AbortReason.UNEXPECTED_PDU_PARAMETER,
                        "a fragment of a data set or of another context where a command was expected");
            }
            contextId = value.contextId();
            int more = value.fragment().remaining();
            if (more > CommandSet.MAX_LENGTH - length) {
                throw PduException.invalid("a command set of more than " + CommandSet.MAX_LENGTH + " octets");
            }
            if (octets.length < length + more) {
                octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
            }
            value.fragment().get(octets, length, more);
            length += more;
            if (value.last()) {
                return Optional.of(new Command(contextId, CommandSet.decode(octets, length)));
            }
        }
    }

    /** Where fragments of a data set go. */
    interface Fragments {
        void write(byte[] octets, int offset, int length);
    }

    /** Takes the data set that follows a command, to its last fragment. */
    void receiveDataSet(int contextId, Duration timeout, Fragments to) throws IOException {
        while (true) {
            PresentationDataValue value = nextOfDataSet(timeout)
                    .orElseThrow(() -> PduException.unexpected("an A-RELEASE-RQ inside a data set"));
            if (value.command() || value.contextId() != contextId) {
                throw new PduException(
                        AbortReason.UNEXPECTED_PDU_PARAMETER,
                        "a fragment of a command or of another context inside a data set");
            }
            int length = value.fragment().remaining();
            to.write(value.fragment().array(), value.fragment().arrayOffset() + value.fragment().position(), length);
            if (value.last()) {
                return;
            }
        }
    }

    private Optional<PresentationDataValue> nextOfDataSet(Duration timeout) throws IOException {
        try {
            return nextValue(timeout);
        } catch (EOFException e) {
            EOFException cut = new EOFException(e.getMessage() + ", inside a data set");
            cut.initCause(e);
            throw cut;
        }
    }

    /** Sends A-ABORT, as far as the connection still takes it, and waits for the peer to close. */
    void abort(int source, AbortReason reason, Duration artim) {
        try {
            deadline.arm(artim);
            writing.lock();
            try {
                out.write(PduCodec.encode(new Pdu.Abort(source, reason.code())));
                out.flush();
            } finally {
                writing.unlock();
            }
            awaitClose(artim);
        } catch (IOException gone) {
            // There is nobody left to tell.
        }
    }

    /** Sends A-ABORT from a thread other than the one that runs the association, which then comes to its end. */
    void abortFromAside(Duration patience) {
        deadline.arm(patience);
        try {
            // A PDU that is being written must not be torn apart by another.
            if (writing.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    abortedFromAside = true;
                    out.write(PduCodec.encode(new Pdu.Abort(0, 0)));
                    out.flush();
                } finally {
                    writing.unlock();
                }
            }
        } catch (IOException gone) {
            // There is nobody left to tell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        abortedFromAside = true;
    }

    /**
     * Waits for the peer to close the connection (Sta13 of PS3.8 §9.2), so that what was sent last is not lost to a
     * reset. What still comes in is discarded.
     */
    void awaitClose(Duration artim) {
        deadline.arm(artim);
        byte[] discarded = new byte[8192];
        try {
            for (long total = 0; total < MAX_DRAINED; ) {
                int count = in.read(discarded);
                if (count < 0) {
                    return;
                }
                total += count;
            }
        } catch (IOException overOrGone) {
            // Either way the connection is closed next.
        }
    }

    @Override
    public void close() {
        // Still watched: closing a TLS socket writes.
        deadline.arm(Duration.ofSeconds(2));
        Deadline.closeQuietly(socket);
        deadline.close();
    }
}
