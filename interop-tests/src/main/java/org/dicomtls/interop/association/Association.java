package org.dicomtls.interop.association;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The requesting end of a DICOM association: C-ECHO and C-STORE over one connection. Not for use by several threads at
 * once. Closing without {@link #release} aborts.
 *
 * <p>Operations fail with {@link AssociationRejectedException}, {@link AssociationAbortedException}, {@link
 * PduException} when the peer breaks PS3.8, {@link SocketTimeoutException} when it is late, {@link EOFException} or {@link
 * SocketException} that names the operation when the connection is lost, and whatever other {@link IOException} the socket
 * throws, unchanged: a TLS alert, for one. After any of these the association is over.
 */
public final class Association implements Closeable {
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final UpperLayer layer;
    private final Duration timeout;
    private final List<AcceptedContext> contexts;
    private final Optional<String> peerImplementation;
    private final int peerMaxLength;
    private int messageId;
    private boolean established = true;

    private Association(
            UpperLayer layer, Duration timeout, List<AcceptedContext> contexts, Pdu.UserInformation peer) {
        this.layer = layer;
        this.timeout = timeout;
        this.contexts = contexts;
        this.peerImplementation = peer.implementationVersion().or(peer::implementationClass);
        this.peerMaxLength = (int) Math.min(Integer.MAX_VALUE, peer.maxLength());
    }

    /**
     * Opens an association that takes P-DATA-TF of up to 256 KiB.
     *
     * @see #open(Socket, String, String, List, Duration, int)
     */
    public static Association open(
            Socket socket,
            String callingAeTitle,
            String calledAeTitle,
            List<PresentationContext> contexts,
            Duration timeout)
            throws IOException {
        return open(socket, callingAeTitle, calledAeTitle, contexts, timeout, UpperLayer.DEFAULT_PDU_LENGTH);
    }

    /**
     * Opens an association on a connected socket, which belongs to it from then on: it is closed when opening fails.
     *
     * @param contexts 1 to {@value PresentationContext#MAX_CONTEXTS}, their ids all different
     * @param timeout how long to wait for each answer, and for each PDU to leave
     * @param maxPduLength the longest P-DATA-TF to take and to send, 4 KiB to 1 MiB
     * @throws IllegalArgumentException when an argument is outside its range, before anything is sent
     */
    public static Association open(
            Socket socket,
            String callingAeTitle,
            String calledAeTitle,
            List<PresentationContext> contexts,
            Duration timeout,
            int maxPduLength)
            throws IOException {
        String calling = AeTitle.require(callingAeTitle);
        String called = AeTitle.require(calledAeTitle);
        requireContexts(contexts);
        UpperLayer.requirePduLength(maxPduLength);
        UpperLayer layer;
        try {
            layer = new UpperLayer(socket, new Deadline(socket), maxPduLength);
        } catch (IOException e) {
            Deadline.closeQuietly(socket);
            throw e;
        }
        boolean opened = false;
        try {
            layer.arm(timeout);
            layer.write(new Pdu.AssociateRequest(
                    1,
                    called,
                    calling,
                    Uid.APPLICATION_CONTEXT,
                    contexts,
                    new Pdu.UserInformation(
                            maxPduLength,
                            Optional.of(Uid.IMPLEMENTATION_CLASS),
                            Optional.of(Uid.IMPLEMENTATION_VERSION))));
            Pdu answer = layer.read();
            if (answer instanceof Pdu.AssociateReject reject) {
                throw new AssociationRejectedException(reject.result(), reject.source(), reject.reason());
            }
            if (!(answer instanceof Pdu.AssociateAccept accept)) {
                throw PduException.unexpected("an " + answer.title() + " in answer to an A-ASSOCIATE-RQ");
            }
            List<AcceptedContext> agreed = agreed(contexts, accept);
            layer.peerMaxLength(accept.userInformation().maxLength());
            opened = true;
            return new Association(layer, timeout, agreed, accept.userInformation());
        } catch (PduException e) {
            layer.abort(2, e.reason(), FAREWELL);
            throw e;
        } catch (SocketTimeoutException e) {
            throw late("no answer to the A-ASSOCIATE-RQ within ", timeout, e);
        } finally {
            if (!opened) {
                layer.close();
            }
        }
    }

    private static void requireContexts(List<PresentationContext> contexts) {
        Set<Integer> ids = new HashSet<>();
        contexts.forEach(context -> ids.add(context.id()));
        if (contexts.isEmpty() || ids.size() != contexts.size()) {
            throw new IllegalArgumentException("an association needs at least one presentation context, each with an id"
                    + " of its own");
        }
    }

    private static List<AcceptedContext> agreed(List<PresentationContext> proposed, Pdu.AssociateAccept accept)
            throws PduException {
        List<AcceptedContext> agreed = new ArrayList<>();
        for (Pdu.ContextResult result : accept.results()) {
            PresentationContext context = proposed.stream()
                    .filter(candidate -> candidate.id() == result.id())
                    .findFirst()
                    .orElseThrow(() -> PduException.invalid(
                            "presentation context " + result.id() + " accepted that was never proposed"));
            if (result.result() == 0) {
                String syntax = result.transferSyntax().orElseThrow();
                if (!context.transferSyntaxes().contains(syntax)) {
                    throw PduException.invalid("transfer syntax " + syntax + " accepted for context " + context.id()
                            + ", which never proposed it");
                }
                agreed.add(new AcceptedContext(context.id(), context.abstractSyntax(), syntax));
            }
        }
        return List.copyOf(agreed);
    }

    private static SocketTimeoutException late(String what, Duration timeout, SocketTimeoutException cause) {
        SocketTimeoutException late = new SocketTimeoutException(what + timeout.toMillis() + " ms");
        late.initCause(cause);
        return late;
    }

    /** The contexts that the peer accepted, in its order. */
    public List<AcceptedContext> contexts() {
        return contexts;
    }

    /** What the peer calls its implementation: the version name or else the class UID. */
    public Optional<String> peerImplementation() {
        return peerImplementation;
    }

    /** The longest P-DATA-TF that the peer takes, in octets; 0 is no limit. */
    public int peerMaxPduLength() {
        return peerMaxLength;
    }

    /** Whether the peer would take a data set of that SOP class in that transfer syntax. */
    public boolean accepts(String sopClass, String transferSyntax) {
        return context(sopClass, transferSyntax).isPresent();
    }

    private Optional<AcceptedContext> context(String sopClass, String transferSyntax) {
        return contexts.stream()
                .filter(c -> c.abstractSyntax().equals(sopClass) && c.transferSyntax().equals(transferSyntax))
                .findFirst();
    }

    /**
     * C-ECHO (PS3.7 §9.1.5).
     *
     * @throws AssociationException when the peer accepted no context for Verification; the association stays
     */
    public DimseStatus echo() throws IOException {
        requireEstablished();
        AcceptedContext context = contexts.stream()
                .filter(c -> c.abstractSyntax().equals(Uid.VERIFICATION))
                .findFirst()
                .orElseThrow(() -> new ContextNotAcceptedException("Verification (" + Uid.VERIFICATION + ")"));
        int id = nextMessageId();
        return exchange("C-ECHO", context, CommandSet.C_ECHO_RQ, id, () -> {
            layer.arm(timeout);
            layer.sendCommand(
                    context.id(),
                    new CommandSet()
                            .with(CommandSet.AFFECTED_SOP_CLASS, Uid.VERIFICATION)
                            .with(CommandSet.COMMAND_FIELD, CommandSet.C_ECHO_RQ)
                            .with(CommandSet.MESSAGE_ID, id)
                            .with(CommandSet.DATA_SET_TYPE, CommandSet.NO_DATA_SET));
        });
    }

    /**
     * C-STORE (PS3.7 §9.1.1) of a data set that is sent as it is, to the end of the stream, which is not closed.
     *
     * @param dataSet the data set encoded in that transfer syntax, without preamble and file meta information
     * @throws AssociationException when the peer accepted no context for this pair; the association stays
     */
    public DimseStatus store(String sopClass, String sopInstance, String transferSyntax, InputStream dataSet)
            throws IOException {
        requireEstablished();
        Uid.require(sopInstance);
        AcceptedContext context = context(sopClass, transferSyntax)
                .orElseThrow(() -> new ContextNotAcceptedException(
                        "SOP class " + sopClass + " in transfer syntax " + transferSyntax));
        int id = nextMessageId();
        return exchange("C-STORE", context, CommandSet.C_STORE_RQ, id, () -> {
            layer.arm(timeout);
            layer.sendCommand(
                    context.id(),
                    new CommandSet()
                            .with(CommandSet.AFFECTED_SOP_CLASS, sopClass)
                            .with(CommandSet.COMMAND_FIELD, CommandSet.C_STORE_RQ)
                            .with(CommandSet.MESSAGE_ID, id)
                            .with(CommandSet.PRIORITY, 0)
                            .with(CommandSet.DATA_SET_TYPE, 1)
                            .with(CommandSet.AFFECTED_SOP_INSTANCE, sopInstance));
            layer.sendDataSet(context.id(), dataSet, timeout);
        });
    }

    /** C-STORE of a file as it is. */
    public DimseStatus store(Part10 file) throws IOException {
        try (InputStream dataSet = file.dataSet()) {
            return store(file.sopClass(), file.sopInstance(), file.transferSyntax(), dataSet);
        }
    }

    private interface Sending {
        void send() throws IOException;
    }

    private DimseStatus exchange(String operation, AcceptedContext context, int request, int id, Sending sending)
            throws IOException {
        boolean answered = false;
        try {
            sending.send();
            Optional<UpperLayer.Command> answer = layer.nextCommand(timeout);
            if (answer.isEmpty()) {
                layer.write(new Pdu.ReleaseReply());
                throw new AssociationException("the peer released the association instead of answering the " + operation);
            }
            CommandSet set = answer.get().set();
            if (answer.get().contextId() != context.id()
                    || set.integer(CommandSet.COMMAND_FIELD) != (CommandSet.RESPONSE | request)
                    || set.integer(CommandSet.MESSAGE_ID_RESPONDED_TO) != id
                    || set.isFollowedByDataSet()) {
                throw PduException.invalid("a message that does not answer the " + operation);
            }
            DimseStatus status = new DimseStatus(set.integer(CommandSet.STATUS));
            answered = true;
            return status;
        } catch (PduException e) {
            layer.abort(2, e.reason(), FAREWELL);
            throw e;
        } catch (SocketTimeoutException e) {
            throw late("no answer to the " + operation + " within ", timeout, e);
        } catch (EOFException e) {
            throw lost(new EOFException(e.getMessage() + ", instead of answering the " + operation), e);
        } catch (SocketException e) {
            throw lost(new SocketException("the connection was lost during the " + operation + ": " + e.getMessage()), e);
        } finally {
            if (!answered) {
                established = false;
                layer.close();
            }
        }
    }

    private static IOException lost(IOException lost, IOException cause) {
        lost.initCause(cause);
        return lost;
    }

    private int nextMessageId() {
        messageId = messageId % 0xFFFF + 1;
        return messageId;
    }

    private void requireEstablished() throws AssociationException {
        if (!established) {
            throw new AssociationException("the association is over");
        }
    }

    /**
     * Releases the association in order and closes the connection. A peer that asks for the release at the same moment
     * gets its answer first (PS3.8 §7.2.2.7).
     */
    public void release() throws IOException {
        requireEstablished();
        established = false;
        try {
            layer.arm(timeout);
            layer.write(new Pdu.ReleaseRequest());
            // Late P-DATA-TF are in order (AR-6), but not without end: the deadline is not moved for them.
            while (true) {
                Pdu pdu = layer.read();
                if (pdu instanceof Pdu.ReleaseReply) {
                    return;
                }
                if (pdu instanceof Pdu.ReleaseRequest) {
                    layer.write(new Pdu.ReleaseReply());
                } else if (!(pdu instanceof Pdu.Data)) {
                    throw PduException.unexpected("an " + pdu.title() + " in answer to an A-RELEASE-RQ");
                }
            }
        } catch (PduException e) {
            layer.abort(2, e.reason(), FAREWELL);
            throw e;
        } catch (SocketTimeoutException e) {
            throw late("no answer to the A-RELEASE-RQ within ", timeout, e);
        } finally {
            layer.close();
        }
    }

    /** Aborts the association as its user, waits a moment for the peer to close, then closes. */
    public void abort() {
        if (established) {
            established = false;
            layer.abort(0, AbortReason.NOT_SPECIFIED, FAREWELL);
        }
        layer.close();
    }

    /** Aborts when the association was neither released nor lost; closes the connection in any case. */
    @Override
    public void close() {
        abort();
    }
}
