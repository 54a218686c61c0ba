package org.dicomtls.interop.association;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.association.Pdu.ContextResult;
import org.dicomtls.interop.association.Pdu.PresentationDataValue;
import org.dicomtls.interop.association.Pdu.UserInformation;

/**
 * The octets of PDUs, strictly: whatever the octets, decoding yields a PDU or a {@link PduException}, in time and memory
 * proportional to their number. Reserved fields are not tested, unrecognised items of an association PDU are let pass,
 * both as PS3.8 §9.3.1 demands.
 */
final class PduCodec {
    /** The longest association PDU, in octets without its header. */
    static final int MAX_ASSOCIATION_LENGTH = 64 * 1024;

    /** The most presentation data values in one P-DATA-TF. */
    static final int MAX_VALUES = 1024;

    private static final int MAX_ITEMS = 512;
    private static final int FIXED_ASSOCIATE_LENGTH = 68;

    private static final int APPLICATION_CONTEXT = 0x10;
    private static final int PRESENTATION_CONTEXT_RQ = 0x20;
    private static final int PRESENTATION_CONTEXT_AC = 0x21;
    private static final int ABSTRACT_SYNTAX = 0x30;
    private static final int TRANSFER_SYNTAX = 0x40;
    private static final int USER_INFORMATION = 0x50;
    private static final int MAX_LENGTH = 0x51;
    private static final int IMPLEMENTATION_CLASS = 0x52;
    private static final int IMPLEMENTATION_VERSION = 0x55;

    private PduCodec() {}

    /** What may stand in the length field of a PDU of that type; the type must be known. */
    static void requireLength(int type, long length, int maxDataLength) throws PduException {
        switch (type) {
            case Pdu.ASSOCIATE_RQ, Pdu.ASSOCIATE_AC -> {
                if (length < FIXED_ASSOCIATE_LENGTH || length > MAX_ASSOCIATION_LENGTH) {
                    throw PduException.invalid("an association PDU of " + length + " octets; "
                            + FIXED_ASSOCIATE_LENGTH + " to " + MAX_ASSOCIATION_LENGTH + " are taken");
                }
            }
            case Pdu.P_DATA_TF -> {
                if (length < 6 || length > maxDataLength) {
                    throw PduException.invalid(
                            "a P-DATA-TF of " + length + " octets; 6 to " + maxDataLength + " are taken");
                }
            }
            case Pdu.ASSOCIATE_RJ, Pdu.RELEASE_RQ, Pdu.RELEASE_RP, Pdu.ABORT -> {
                if (length != 4) {
                    throw PduException.invalid("a PDU of type " + type + " of " + length + " octets instead of 4");
                }
            }
            default -> throw new PduException(AbortReason.UNRECOGNIZED_PDU, "a PDU of unknown type " + type);
        }
    }

    /** The PDU in these octets, which follow a header; fragments of a P-DATA-TF are views of the same array. */
    static Pdu decode(int type, byte[] octets, int offset, int length) throws PduException {
        requireLength(type, length, Integer.MAX_VALUE);
        ByteBuffer in = ByteBuffer.wrap(octets, offset, length).slice();
        return switch (type) {
            case Pdu.ASSOCIATE_RQ -> associateRequest(in);
            case Pdu.ASSOCIATE_AC -> associateAccept(in);
            case Pdu.ASSOCIATE_RJ -> associateReject(in);
            case Pdu.P_DATA_TF -> data(in);
            case Pdu.RELEASE_RQ -> new Pdu.ReleaseRequest();
            case Pdu.RELEASE_RP -> new Pdu.ReleaseReply();
            default -> abort(in);
        };
    }

    private static Pdu.AssociateRequest associateRequest(ByteBuffer in) throws PduException {
        int version = unsigned16(in);
        in.position(4);
        String called = aeTitle(in, "called");
        String calling = aeTitle(in, "calling");
        in.position(FIXED_ASSOCIATE_LENGTH);
        String applicationContext = null;
        UserInformation user = null;
        List<PresentationContext> contexts = new ArrayList<>();
        BitSet ids = new BitSet();
        for (int items = 0; in.hasRemaining(); items++) {
            requireFewItems(items);
            int type = in.get() & 0xFF;
            ByteBuffer item = item(in);
            switch (type) {
                case APPLICATION_CONTEXT -> {
                    requireOnce(applicationContext, "application context");
                    applicationContext = uid(item, "application context");
                }
                case PRESENTATION_CONTEXT_RQ -> {
                    if (contexts.size() == PresentationContext.MAX_CONTEXTS) {
                        throw PduException.invalid(
                                "more than " + PresentationContext.MAX_CONTEXTS + " presentation contexts");
                    }
                    PresentationContext context = presentationContext(item);
                    requireNew(ids, context.id());
                    contexts.add(context);
                }
                case USER_INFORMATION -> {
                    requireOnce(user, "user information");
                    user = userInformation(item);
                }
                default -> {
                    // PS3.8 §9.3.1: items of unrecognised types are ignored.
                }
            }
        }
        requirePresent(applicationContext, "application context");
        requirePresent(user, "user information");
        if (contexts.isEmpty()) {
            throw PduException.invalid("an A-ASSOCIATE-RQ without a presentation context");
        }
        return new Pdu.AssociateRequest(version, called, calling, applicationContext, contexts, user);
    }

    private static Pdu.AssociateAccept associateAccept(ByteBuffer in) throws PduException {
        int version = unsigned16(in);
        in.position(4);
        String called = untestedTitle(in);
        String calling = untestedTitle(in);
        in.position(FIXED_ASSOCIATE_LENGTH);
        String applicationContext = null;
        UserInformation user = null;
        List<ContextResult> results = new ArrayList<>();
        BitSet ids = new BitSet();
        for (int items = 0; in.hasRemaining(); items++) {
            requireFewItems(items);
            int type = in.get() & 0xFF;
            ByteBuffer item = item(in);
            switch (type) {
                case APPLICATION_CONTEXT -> {
                    requireOnce(applicationContext, "application context");
                    applicationContext = uid(item, "application context");
                }
                case PRESENTATION_CONTEXT_AC -> {
                    ContextResult result = contextResult(item);
                    requireNew(ids, result.id());
                    results.add(result);
                }
                case USER_INFORMATION -> {
                    requireOnce(user, "user information");
                    user = userInformation(item);
                }
                default -> {
                    // PS3.8 §9.3.1: items of unrecognised types are ignored.
                }
            }
        }
        requirePresent(applicationContext, "application context");
        requirePresent(user, "user information");
        return new Pdu.AssociateAccept(version, called, calling, applicationContext, results, user);
    }

    private static PresentationContext presentationContext(ByteBuffer in) throws PduException {
        int id = contextId(in);
        in.position(4);
        String abstractSyntax = null;
        List<String> transferSyntaxes = new ArrayList<>();
        for (int items = 0; in.hasRemaining(); items++) {
            requireFewItems(items);
            int type = in.get() & 0xFF;
            ByteBuffer item = item(in);
            if (type == ABSTRACT_SYNTAX) {
                requireOnce(abstractSyntax, "abstract syntax");
                abstractSyntax = uid(item, "abstract syntax");
            } else if (type == TRANSFER_SYNTAX) {
                if (transferSyntaxes.size() == PresentationContext.MAX_TRANSFER_SYNTAXES) {
                    throw PduException.invalid("presentation context " + id + " with more than "
                            + PresentationContext.MAX_TRANSFER_SYNTAXES + " transfer syntaxes");
                }
                transferSyntaxes.add(uid(item, "transfer syntax"));
            }
        }
        requirePresent(abstractSyntax, "abstract syntax");
        if (transferSyntaxes.isEmpty()) {
            throw PduException.invalid("presentation context " + id + " without a transfer syntax");
        }
        return new PresentationContext(id, abstractSyntax, transferSyntaxes);
    }

    private static ContextResult contextResult(ByteBuffer in) throws PduException {
        int id = contextId(in);
        int result = in.get(2) & 0xFF;
        if (result > 4) {
            throw PduException.invalid("presentation context " + id + " with result " + result);
        }
        in.position(4);
        String transferSyntax = null;
        // Only of an accepted context is the transfer syntax significant; many acceptors leave it out or empty elsewhere.
        for (int items = 0; result == 0 && in.hasRemaining(); items++) {
            requireFewItems(items);
            int type = in.get() & 0xFF;
            ByteBuffer item = item(in);
            if (type == TRANSFER_SYNTAX) {
                requireOnce(transferSyntax, "transfer syntax");
                transferSyntax = uid(item, "transfer syntax");
            }
        }
        if (result == 0) {
            requirePresent(transferSyntax, "transfer syntax");
        }
        return new ContextResult(id, result, Optional.ofNullable(transferSyntax));
    }

    private static int contextId(ByteBuffer in) throws PduException {
        if (in.remaining() < 4) {
            throw PduException.invalid("a presentation context item of " + in.remaining() + " octets");
        }
        int id = in.get(0) & 0xFF;
        if ((id & 1) == 0) {
            throw PduException.invalid("presentation context id " + id + " is not odd");
        }
        return id;
    }

    private static UserInformation userInformation(ByteBuffer in) throws PduException {
        Long maxLength = null;
        String implementationClass = null;
        String implementationVersion = null;
        for (int items = 0; in.hasRemaining(); items++) {
            requireFewItems(items);
            int type = in.get() & 0xFF;
            ByteBuffer item = item(in);
            switch (type) {
                case MAX_LENGTH -> {
                    requireOnce(maxLength, "maximum length");
                    if (item.remaining() != 4) {
                        throw PduException.invalid("a maximum length of " + item.remaining() + " octets instead of 4");
                    }
                    maxLength = item.getInt() & 0xFFFFFFFFL;
                }
                case IMPLEMENTATION_CLASS -> {
                    requireOnce(implementationClass, "implementation class UID");
                    implementationClass = uid(item, "implementation class UID");
                }
                case IMPLEMENTATION_VERSION -> {
                    requireOnce(implementationVersion, "implementation version name");
                    implementationVersion = versionName(item);
                }
                default -> {
                    // Role selection, user identity and the like: negotiation that is not answered is not agreed.
                }
            }
        }
        return new UserInformation(
                maxLength == null ? 0 : maxLength,
                Optional.ofNullable(implementationClass),
                Optional.ofNullable(implementationVersion));
    }

    private static Pdu.AssociateReject associateReject(ByteBuffer in) throws PduException {
        int result = in.get(1) & 0xFF;
        int source = in.get(2) & 0xFF;
        if (result < 1 || result > 2 || source < 1 || source > 3) {
            throw PduException.invalid("an A-ASSOCIATE-RJ with result " + result + " and source " + source);
        }
        return new Pdu.AssociateReject(result, source, in.get(3) & 0xFF);
    }

    private static Pdu.Abort abort(ByteBuffer in) throws PduException {
        int source = in.get(2) & 0xFF;
        if (source > 2) {
            throw PduException.invalid("an A-ABORT with source " + source);
        }
        return new Pdu.Abort(source, in.get(3) & 0xFF);
    }

    private static Pdu.Data data(ByteBuffer in) throws PduException {
        List<PresentationDataValue> values = new ArrayList<>(2);
        while (in.hasRemaining()) {
            if (values.size() == MAX_VALUES) {
                throw PduException.invalid("a P-DATA-TF of more than " + MAX_VALUES + " presentation data values");
            }
            if (in.remaining() < 6) {
                throw PduException.invalid("a presentation data value cut off after " + in.remaining() + " octets");
            }
            long length = in.getInt() & 0xFFFFFFFFL;
            if (length < 2 || length > in.remaining()) {
                throw PduException.invalid(
                        "a presentation data value of " + length + " octets where " + in.remaining() + " remain");
            }
            int id = in.get() & 0xFF;
            int control = in.get();
            int fragmentLength = (int) length - 2;
            values.add(new PresentationDataValue(
                    id, (control & 1) != 0, (control & 2) != 0, in.slice(in.position(), fragmentLength)));
            in.position(in.position() + fragmentLength);
        }
        return new Pdu.Data(values);
    }

    /** The item whose type octet has been read. */
    private static ByteBuffer item(ByteBuffer in) throws PduException {
        if (in.remaining() < 3) {
            throw PduException.invalid("an item header cut off");
        }
        in.get();
        int length = unsigned16(in);
        if (length > in.remaining()) {
            throw PduException.invalid("an item of " + length + " octets where " + in.remaining() + " remain");
        }
        ByteBuffer item = in.slice(in.position(), length);
        in.position(in.position() + length);
        return item;
    }

    private static int unsigned16(ByteBuffer in) {
        return in.getShort() & 0xFFFF;
    }

    private static String latin1(ByteBuffer in) {
        byte[] octets = new byte[in.remaining()];
        in.get(octets);
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static String aeTitle(ByteBuffer in, String which) throws PduException {
        byte[] octets = new byte[AeTitle.LENGTH];
        in.get(octets);
        String title = AeTitle.strip(new String(octets, StandardCharsets.ISO_8859_1));
        if (!AeTitle.isValid(title)) {
            throw PduException.invalid("a " + which + " AE title that is blank or has characters that none may have: '"
                    + AeTitle.printable(title) + "'");
        }
        return title;
    }

    private static String untestedTitle(ByteBuffer in) {
        byte[] octets = new byte[AeTitle.LENGTH];
        in.get(octets);
        return AeTitle.strip(AeTitle.printable(new String(octets, StandardCharsets.ISO_8859_1)));
    }

    private static String uid(ByteBuffer in, String what) throws PduException {
        if (in.remaining() > Uid.MAX_LENGTH + 1) {
            throw PduException.invalid("a UID of " + in.remaining() + " octets as " + what);
        }
        String uid = latin1(in);
        // PS3.8 annex F: no padding; but a padding NUL or space is seen in the wild and harmless.
        if (uid.endsWith("\0") || uid.endsWith(" ")) {
            uid = uid.substring(0, uid.length() - 1);
        }
        if (!Uid.isValid(uid)) {
            throw PduException.invalid("not a UID as " + what + ": '" + AeTitle.printable(uid) + "'");
        }
        return uid;
    }

    private static String versionName(ByteBuffer in) throws PduException {
        if (in.remaining() > 16) {
            throw PduException.invalid("an implementation version name of " + in.remaining() + " octets");
        }
        return AeTitle.strip(AeTitle.printable(latin1(in)));
    }

    private static void requireFewItems(int items) throws PduException {
        if (items == MAX_ITEMS) {
            throw PduException.invalid("more than " + MAX_ITEMS + " items");
        }
    }

    private static void requireOnce(Object earlier, String what) throws PduException {
        if (earlier != null) {
            throw new PduException(AbortReason.UNEXPECTED_PDU_PARAMETER, "a second " + what + " item");
        }
    }

    private static void requirePresent(Object value, String what) throws PduException {
        if (value == null) {
            throw PduException.invalid("no " + what + " item");
        }
    }

    private static void requireNew(BitSet ids, int id) throws PduException {
        if (ids.get(id)) {
            throw PduException.invalid("presentation context id " + id + " twice");
        }
        ids.set(id);
    }

    /**
     * The octets of the PDU with its header.
     *
     * @throws IllegalArgumentException when its contents do not fit a PDU
     */
    static byte[] encode(Pdu pdu) {
        if (pdu instanceof Pdu.AssociateRequest request) {
            Octets out = new Octets();
            associateStart(
                    out, request.protocolVersion(), request.calledAeTitle(), request.callingAeTitle());
            uidItem(out, APPLICATION_CONTEXT, request.applicationContext());
            for (PresentationContext context : request.presentationContexts()) {
                int item = out.startItem(PRESENTATION_CONTEXT_RQ);
                out.octets(context.id(), 0, 0, 0);
                uidItem(out, ABSTRACT_SYNTAX, context.abstractSyntax());
                context.transferSyntaxes().forEach(syntax -> uidItem(out, TRANSFER_SYNTAX, syntax));
                out.endItem(item);
            }
            userInformation(out, request.userInformation());
            return out.pdu(Pdu.ASSOCIATE_RQ);
        }
        if (pdu instanceof Pdu.AssociateAccept accept) {
            Octets out = new Octets();
            associateStart(out, accept.protocolVersion(), accept.calledAeTitle(), accept.callingAeTitle());
            uidItem(out, APPLICATION_CONTEXT, accept.applicationContext());
            for (ContextResult result : accept.results()) {
                int item = out.startItem(PRESENTATION_CONTEXT_AC);
                out.octets(result.id(), 0, result.result(), 0);
                // The item is part of the PDU even where its value is not significant (PS3.8 table 9-18).
                uidItem(out, TRANSFER_SYNTAX, result.transferSyntax().orElse(Uid.IMPLICIT_VR_LITTLE_ENDIAN));
                out.endItem(item);
            }
            userInformation(out, accept.userInformation());
            return out.pdu(Pdu.ASSOCIATE_AC);
        }
        if (pdu instanceof Pdu.AssociateReject reject) {
            return fourOctets(Pdu.ASSOCIATE_RJ, reject.result(), reject.source(), reject.reason());
        }
        if (pdu instanceof Pdu.Data data) {
            Octets out = new Octets();
            for (PresentationDataValue value : data.values()) {
                ByteBuffer fragment = value.fragment().duplicate();
                out.int32(fragment.remaining() + 2);
                out.octets(value.contextId(), control(value.command(), value.last()));
                byte[] octets = new byte[fragment.remaining()];
                fragment.get(octets);
                out.octets(octets);
            }
            return out.pdu(Pdu.P_DATA_TF);
        }
        if (pdu instanceof Pdu.ReleaseRequest) {
            return fourOctets(Pdu.RELEASE_RQ, 0, 0, 0);
        }
        if (pdu instanceof Pdu.ReleaseReply) {
            return fourOctets(Pdu.RELEASE_RP, 0, 0, 0);
        }
        Pdu.Abort abort = (Pdu.Abort) pdu;
        return fourOctets(Pdu.ABORT, 0, abort.source(), abort.reason());
    }

    static int control(boolean command, boolean last) {
        return (command ? 1 : 0) | (last ? 2 : 0);
    }

    private static byte[] fourOctets(int type, int second, int third, int fourth) {
        return new byte[] {(byte) type, 0, 0, 0, 0, 4, 0, (byte) second, (byte) third, (byte) fourth};
    }

    private static void associateStart(Octets out, int version, String called, String calling) {
        out.int16(version);
        out.int16(0);
        out.padded(called, AeTitle.LENGTH);
        out.padded(calling, AeTitle.LENGTH);
        out.octets(new byte[32]);
    }

    private static void uidItem(Octets out, int type, String uid) {
        int item = out.startItem(type);
        out.octets(uid.getBytes(StandardCharsets.US_ASCII));
        out.endItem(item);
    }

    private static void userInformation(Octets out, UserInformation user) {
        int item = out.startItem(USER_INFORMATION);
        int maxLength = out.startItem(MAX_LENGTH);
        out.int32((int) user.maxLength());
        out.endItem(maxLength);
        user.implementationClass().ifPresent(uid -> uidItem(out, IMPLEMENTATION_CLASS, uid));
        user.implementationVersion().ifPresent(name -> {
            int version = out.startItem(IMPLEMENTATION_VERSION);
            out.octets(name.getBytes(StandardCharsets.US_ASCII));
            out.endItem(version);
        });
        out.endItem(item);
    }

    /** A PDU in the making: its header is left free until its length is known. */
    private static final class Octets {
        private byte[] octets = new byte[512];
        private int length = Pdu.HEADER_LENGTH;

        private void octets(int... values) {
            reserve(values.length);
            for (int value : values) {
                octets[length++] = (byte) value;
            }
        }

        private void octets(byte[] values) {
            reserve(values.length);
            System.arraycopy(values, 0, octets, length, values.length);
            length += values.length;
        }

        private void int16(int value) {
            octets(value >>> 8, value);
        }

        private void int32(int value) {
            octets(value >>> 24, value >>> 16, value >>> 8, value);
        }

        private void padded(String text, int width) {
            byte[] value = text.getBytes(StandardCharsets.US_ASCII);
            if (value.length > width) {
                throw new IllegalArgumentException("'" + text + "' is longer than " + width + " characters");
            }
            octets(value);
            for (int i = value.length; i < width; i++) {
                octets(' ');
            }
        }

        private int startItem(int type) {
            octets(type, 0, 0, 0);
            return length;
        }

        private void endItem(int start) {
            int itemLength = length - start;
            if (itemLength > 0xFFFF) {
                throw new IllegalArgumentException("an item of " + itemLength + " octets");
            }
            octets[start - 2] = (byte) (itemLength >>> 8);
            octets[start - 1] = (byte) itemLength;
        }

        private void reserve(int more) {
            if (octets.length - length < more) {
                octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
            }
        }

        private byte[] pdu(int type) {
            int body = length - Pdu.HEADER_LENGTH;
            if (type != Pdu.P_DATA_TF && body > MAX_ASSOCIATION_LENGTH) {
                throw new IllegalArgumentException("an association PDU of " + body + " octets");
            }
            ByteBuffer.wrap(octets).put((byte) type).put((byte) 0).putInt(body);
            return Arrays.copyOf(octets, length);
        }
    }
}
