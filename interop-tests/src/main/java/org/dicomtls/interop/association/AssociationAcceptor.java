package org.dicomtls.interop.association;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dicomtls.interop.association.AssociationSummary.Ending;

/**
 * The accepting end of one association: Verification always, the Storage service class when there is a sink. Whatever
 * the requestor does, serving ends within the deadlines of the options and leaves the socket closed.
 */
public final class AssociationAcceptor {
    private static final Set<String> VERIFICATION_SYNTAXES =
            Set.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN, Uid.EXPLICIT_VR_LITTLE_ENDIAN);

    private final UpperLayer layer;
    private final Socket socket;
    private final AcceptorOptions options;
    private final Optional<StoreSink> sink;
    private final Consumer<AssociationDescription> opened;
    private final Supplier<Optional<IOException>> endOfKeys;

    private AssociationDescription association;
    private IOException why;
    private int echoes;
    private int stored;

    /**
     * @param endOfKeys why the association should be ended now, if the keys of the connection below are nearly used up;
     *     asked before each operation
     */
    AssociationAcceptor(
            UpperLayer layer,
            Socket socket,
            AcceptorOptions options,
            Optional<StoreSink> sink,
            Consumer<AssociationDescription> opened,
            Supplier<Optional<IOException>> endOfKeys) {
        this.layer = layer;
        this.socket = socket;
        this.options = options;
        this.sink = sink;
        this.opened = opened;
        this.endOfKeys = endOfKeys;
    }

    /**
     * Serves one connection to its end, on the calling thread; a handshake below, if any, is done. A requestor that
     * breaks PS3.8 gets an A-ABORT with source 2 and the reason, before the association too, where PS3.8 would leave
     * the reason out.
     *
     * @throws IOException when the socket is not usable to begin with; all that the requestor does is in the summary
     */
    public static AssociationSummary serve(Socket socket, AcceptorOptions options, StoreSink sink) throws IOException {
        return serve(socket, options, Optional.of(sink));
    }

    /** Serves one connection for Verification only. */
    public static AssociationSummary serve(Socket socket, AcceptorOptions options) throws IOException {
        return serve(socket, options, Optional.empty());
    }

    private static AssociationSummary serve(Socket socket, AcceptorOptions options, Optional<StoreSink> sink)
            throws IOException {
        Objects.requireNonNull(options, "options");
        UpperLayer layer;
        try {
            layer = new UpperLayer(socket, new Deadline(socket), options.maxPduLength());
        } catch (IOException e) {
            Deadline.closeQuietly(socket);
            throw e;
        }
        return new AssociationAcceptor(layer, socket, options, sink, description -> {}, Optional::empty).serve();
    }

    AssociationSummary serve() {
        try {
            return summary(associate(), why);
        } catch (PduException e) {
            layer.abort(2, e.reason(), options.artim());
            return summary(Ending.PROTOCOL_ERROR, e);
        } catch (AssociationAbortedException e) {
            return summary(Ending.ABORTED_BY_PEER, e);
        } catch (SocketTimeoutException e) {
            if (layer.abortedFromAside()) {
                return summary(Ending.ABORTED_HERE, e);
            }
            // Without an association, ARTIM's end is the end (AA-2); with one, the peer is told.
            if (association != null) {
                layer.abort(0, AbortReason.NOT_SPECIFIED, options.artim());
            }
            SocketTimeoutException late = new SocketTimeoutException(
                    association == null
                            ? "no A-ASSOCIATE-RQ within " + options.artim().toMillis() + " ms"
                            : "no PDU within " + options.idle().toMillis() + " ms");
            late.initCause(e);
            return summary(Ending.TIMED_OUT, late);
        } catch (IOException e) {
            if (layer.abortedFromAside()) {
                return summary(Ending.ABORTED_HERE, e);
            }
            if (endOfKeys.get().isPresent()) {
                // In the middle of an operation: what the keys have left is for this.
                layer.abort(0, AbortReason.NOT_SPECIFIED, options.artim());
                return summary(Ending.KEYS_USED_UP, e);
            }
            return summary(Ending.CONNECTION_LOST, e);
        } finally {
            layer.close();
        }
    }

    private AssociationSummary summary(Ending ending, IOException failure) {
        return new AssociationSummary(
                ending, Optional.ofNullable(association), echoes, stored, Optional.ofNullable(failure));
    }

    private Ending associate() throws IOException {
        layer.arm(options.artim());
        Pdu first = layer.read();
        if (!(first instanceof Pdu.AssociateRequest request)) {
            throw PduException.unexpected("an " + first.title() + " where an A-ASSOCIATE-RQ was expected");
        }
        Optional<Pdu.AssociateReject> refusal = refusal(request);
        if (refusal.isPresent()) {
            layer.write(refusal.get());
            layer.awaitClose(options.artim());
            return Ending.REJECTED;
        }
        layer.peerMaxLength(request.userInformation().maxLength());
        List<AcceptedContext> agreed = new ArrayList<>();
        List<Pdu.ContextResult> results = new ArrayList<>();
        for (PresentationContext context : request.presentationContexts()) {
            Pdu.ContextResult result = answer(context);
            results.add(result);
            result.transferSyntax()
                    .ifPresent(syntax ->
                            agreed.add(new AcceptedContext(context.id(), context.abstractSyntax(), syntax)));
        }
        layer.write(new Pdu.AssociateAccept(
                1,
                request.calledAeTitle(),
                request.callingAeTitle(),
                Uid.APPLICATION_CONTEXT,
                results,
                new Pdu.UserInformation(
                        options.maxPduLength(),
                        Optional.of(Uid.IMPLEMENTATION_CLASS),
                        Optional.of(Uid.IMPLEMENTATION_VERSION))));
        association = new AssociationDescription(
                socket.getRemoteSocketAddress(),
                request.callingAeTitle(),
                request.calledAeTitle(),
                agreed,
                request.userInformation()
                        .implementationVersion()
                        .or(request.userInformation()::implementationClass));
        opened.accept(association);
        while (true) {
            Optional<UpperLayer.Command> command = layer.nextCommand(options.idle());
            if (command.isEmpty()) {
                layer.write(new Pdu.ReleaseReply());
                layer.awaitClose(options.artim());
                return Ending.RELEASED;
            }
            Optional<IOException> end = endOfKeys.get();
            if (end.isPresent()) {
                // Before the operation and not after the last one, so that a requestor which is done can release.
                why = end.get();
                layer.abort(0, AbortReason.NOT_SPECIFIED, options.artim());
                return Ending.KEYS_USED_UP;
            }
            carryOut(command.get());
        }
    }

    private Optional<Pdu.AssociateReject> refusal(Pdu.AssociateRequest request) {
        if ((request.protocolVersion() & 1) == 0) {
            return Optional.of(new Pdu.AssociateReject(1, 2, 2));
        }
        if (!request.applicationContext().equals(Uid.APPLICATION_CONTEXT)) {
            return Optional.of(new Pdu.AssociateReject(1, 1, 2));
        }
        if (!options.calledAeTitles().isEmpty() && !options.calledAeTitles().contains(request.calledAeTitle())) {
            return Optional.of(new Pdu.AssociateReject(1, 1, 7));
        }
        Optional<IOException> objection = options.admission().objection(socket, request.callingAeTitle());
        if (objection.isPresent()) {
            why = objection.get();
            return Optional.of(new Pdu.AssociateReject(1, 1, 3));
        }
        return Optional.empty();
    }

    private Pdu.ContextResult answer(PresentationContext context) {
        if (context.abstractSyntax().equals(Uid.VERIFICATION)) {
            Optional<String> syntax = context.transferSyntaxes().stream()
                    .filter(VERIFICATION_SYNTAXES::contains)
                    .findFirst();
            return new Pdu.ContextResult(context.id(), syntax.isPresent() ? 0 : 4, syntax);
        }
        if (sink.isPresent() && context.abstractSyntax().startsWith(Uid.STORAGE_PREFIX)) {
            return new Pdu.ContextResult(
                    context.id(), 0, Optional.of(context.transferSyntaxes().get(0)));
        }
        return new Pdu.ContextResult(context.id(), 3, Optional.empty());
    }

    private void carryOut(UpperLayer.Command command) throws IOException {
        AcceptedContext context = association.contexts().stream()
                .filter(c -> c.id() == command.contextId())
                .findFirst()
                .orElseThrow(() -> PduException.invalid(
                        "a message on presentation context " + command.contextId() + ", which was not accepted"));
        CommandSet set = command.set();
        int operation = set.integer(CommandSet.COMMAND_FIELD);
        if (operation == CommandSet.C_CANCEL_RQ) {
            return;
        }
        if ((operation & CommandSet.RESPONSE) != 0) {
            throw PduException.invalid("a DIMSE response that answers nothing");
        }
        int id = set.integer(CommandSet.MESSAGE_ID);
        DimseStatus status;
        if (operation == CommandSet.C_STORE_RQ) {
            status = store(context, set);
        } else {
            if (set.isFollowedByDataSet()) {
                layer.receiveDataSet(context.id(), options.idle(), (octets, offset, length) -> {});
            }
            status = operation == CommandSet.C_ECHO_RQ ? DimseStatus.SUCCESS : DimseStatus.UNRECOGNIZED_OPERATION;
        }
        CommandSet response = new CommandSet()
                .with(CommandSet.COMMAND_FIELD, CommandSet.RESPONSE | operation)
                .with(CommandSet.MESSAGE_ID_RESPONDED_TO, id)
                .with(CommandSet.DATA_SET_TYPE, CommandSet.NO_DATA_SET)
                .with(CommandSet.STATUS, status.code());
        for (int element : new int[] {CommandSet.AFFECTED_SOP_CLASS, CommandSet.AFFECTED_SOP_INSTANCE}) {
            if (Uid.isValid(set.uid(element))) {
                response.with(element, set.uid(element));
            }
        }
        layer.arm(options.idle());
        layer.sendCommand(context.id(), response);
        if (operation == CommandSet.C_ECHO_RQ) {
            echoes++;
        } else if (operation == CommandSet.C_STORE_RQ && status.isSuccess()) {
            stored++;
        }
    }

    private DimseStatus store(AcceptedContext context, CommandSet set) throws IOException {
        if (!set.isFollowedByDataSet()) {
            throw PduException.invalid("a C-STORE request without a data set");
        }
        String sopClass = set.uid(CommandSet.AFFECTED_SOP_CLASS);
        String sopInstance = set.uid(CommandSet.AFFECTED_SOP_INSTANCE);
        Optional<DimseStatus> refused = Optional.empty();
        if (sink.isEmpty() || !sopClass.equals(context.abstractSyntax())) {
            refused = Optional.of(DimseStatus.SOP_CLASS_NOT_SUPPORTED);
        } else if (!Uid.isValid(sopInstance)) {
            refused = Optional.of(DimseStatus.INVALID_SOP_INSTANCE);
        }
        // A refused data set still has to be taken off the connection before it can be answered.
        Intake intake = new Intake(options.maxInstanceLength(), refused);
        try {
            if (refused.isEmpty()) {
                intake.begin(
                        sink.get(),
                        new StoreSink.Instance(
                                sopClass, sopInstance, context.transferSyntax(), association.callingAeTitle()));
            }
            layer.receiveDataSet(context.id(), options.idle(), intake);
            return intake.finish();
        } finally {
            intake.discard();
        }
    }

    /** Passes fragments on to a reception, and remembers its first failure instead of failing. */
    private static final class Intake implements UpperLayer.Fragments {
        private long left;
        private Optional<DimseStatus> failed;
        private StoreSink.Reception reception;

        private Intake(long most, Optional<DimseStatus> failed) {
            this.left = most;
            this.failed = failed;
        }

        private interface Step {
            void run() throws IOException;
        }

        private void attempt(Step step) {
            try {
                step.run();
            } catch (IOException e) {
                failed = Optional.of(DimseStatus.OUT_OF_RESOURCES);
            } catch (RuntimeException e) {
                // A sink of somebody else's: its faults are the requestor's to know, not the server's to die of.
                failed = Optional.of(DimseStatus.PROCESSING_FAILURE);
            }
        }

        private void begin(StoreSink sink, StoreSink.Instance instance) {
            attempt(() -> reception = sink.receive(instance));
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            if (failed.isPresent()) {
                return;
            }
            left -= length;
            if (left < 0) {
                failed = Optional.of(DimseStatus.OUT_OF_RESOURCES);
                return;
            }
            attempt(() -> reception.dataSet().write(octets, offset, length));
        }

        private DimseStatus finish() {
            if (failed.isEmpty()) {
                attempt(() -> reception.complete());
            }
            return failed.orElse(DimseStatus.SUCCESS);
        }

        private void discard() {
            if (reception != null) {
                attempt(() -> reception.close());
            }
        }
    }
}
