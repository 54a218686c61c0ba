package org.dicomtls.dcm4che;

/**
 * Where the stream of PDUs from a peer stands (PS3.8 §9.3): between messages, where a peer may be silent, or within one,
 * where it may not. Follows P-DATA-TF down to the fragments, since a data set goes on after the end of a PDU. Used by the
 * one thread that reads; looked at by others.
 */
final class PduProgress {

    private static final int P_DATA_TF = 4;
    private static final int A_ABORT = 7;
    private static final int COMMAND = 1;
    private static final int LAST = 2;
    private static final int COMMAND_DATA_SET_TYPE = 0x0800;
    private static final int NO_DATA_SET = 0x0101;
    private static final String[] TYPES = {
        "PDU", "A-ASSOCIATE-RQ", "A-ASSOCIATE-AC", "A-ASSOCIATE-RJ", "P-DATA-TF", "A-RELEASE-RQ", "A-RELEASE-RP", "A-ABORT"
    };

    /** What is outstanding of a message when a PDU has ended. */
    private enum Message {
        NONE,
        COMMAND,
        DATA_SET
    }

    private final Header pdu = new Header(6);
    private final Header item = new Header(6);
    private final Header element = new Header(8);

    private volatile int type;
    private volatile long length;
    private volatile long missing;
    private volatile Message message = Message.NONE;
    private volatile boolean pduHeader;

    /** Octets of the presentation data value that are still to come; not looked into any more once it makes no sense. */
    private long fragment;

    private int control;
    private boolean followed = true;

    /** Of the element of the command set that is being read. */
    private long value;

    private int number;
    private int dataSetType = NO_DATA_SET;

    /** Collects octets until so many are there. */
    private static final class Header {
        private final byte[] octets;
        private int filled;

        Header(int length) {
            octets = new byte[length];
        }

        boolean add(byte octet) {
            octets[filled++] = octet;
            if (filled < octets.length) {
                return false;
            }
            filled = 0;
            return true;
        }

        boolean begun() {
            return filled > 0;
        }

        long bigEndian(int at) {
            return (octets[at] & 0xFFL) << 24
                    | (octets[at + 1] & 0xFF) << 16
                    | (octets[at + 2] & 0xFF) << 8
                    | octets[at + 3] & 0xFF;
        }

        int littleEndian(int at) {
            return octets[at] & 0xFF | (octets[at + 1] & 0xFF) << 8;
        }
    }

    /** Takes what has come. */
    void add(byte[] data, int offset, int count) {
        int end = offset + count;
        for (int at = offset; at < end; ) {
            if (missing == 0) {
                beginning(data[at++]);
            } else if (type == P_DATA_TF && followed) {
                at = within(data, at, end);
            } else {
                int taken = (int) Math.min(missing, end - at);
                missing -= taken;
                at += taken;
            }
        }
    }

    private void beginning(byte octet) {
        if (pdu.add(octet)) {
            type = pdu.octets[0];
            length = pdu.bigEndian(2);
            missing = length;
            fragment = 0;
        }
        pduHeader = pdu.begun();
    }

    private int within(byte[] data, int from, int end) {
        if (fragment == 0) {
            missing--;
            if (item.add(data[from])) {
                fragment = item.bigEndian(0) - 2;
                control = item.octets[5];
                // Nonsense ends the association in dcm4che; here it is only not to be followed.
                followed = fragment >= 0 && fragment <= missing;
                if (followed && fragment == 0) {
                    fragmentEnds();
                } else if (!followed) {
                    message = Message.NONE;
                }
            } else if (missing == 0) {
                followed = false;
            }
            return from + 1;
        }
        int taken = (int) Math.min(fragment, end - from);
        if ((control & COMMAND) != 0) {
            for (int i = 0; i < taken; i++) {
                command(data[from + i]);
            }
        }
        missing -= taken;
        fragment -= taken;
        if (fragment == 0) {
            fragmentEnds();
        }
        return from + taken;
    }

    /** A command set is in Implicit VR Little Endian (PS3.7 §6.3.1); whether a data set follows is one of its elements. */
    private void command(byte octet) {
        if (value > 0) {
            value--;
            if (number == COMMAND_DATA_SET_TYPE) {
                dataSetType = dataSetType >> 8 | (octet & 0xFF) << 8;
            }
        } else if (element.add(octet)) {
            number = element.littleEndian(2);
            value = element.littleEndian(4) | (long) element.littleEndian(6) << 16;
        }
    }

    private void fragmentEnds() {
        boolean last = (control & LAST) != 0;
        if ((control & COMMAND) == 0) {
            message = last ? Message.NONE : Message.DATA_SET;
        } else if (!last) {
            message = Message.COMMAND;
        } else {
            message = dataSetType == NO_DATA_SET ? Message.NONE : Message.DATA_SET;
            dataSetType = NO_DATA_SET;
            element.filled = 0;
            value = 0;
        }
    }

    /** Whether the peer has begun something that it has to go on with. */
    boolean within() {
        return pduHeader || missing > 0 || message != Message.NONE;
    }

    /** Whether it has sent anything: who has opened a connection owes an A-ASSOCIATE-RQ, and who accepts one an answer. */
    boolean begun() {
        return pduHeader || type != 0;
    }

    /** Whether the last PDU was an A-ABORT. */
    boolean aborted() {
        return type == A_ABORT;
    }

    @Override
    public String toString() {
        String what = message == Message.NONE
                ? ""
                : message == Message.COMMAND ? "in the middle of a command set" : "in the middle of a data set";
        if (pduHeader) {
            return (what.isEmpty() ? "" : what + ", ") + "in the header of a PDU";
        }
        if (missing > 0) {
            String name = type > 0 && type < TYPES.length ? TYPES[type] : "PDU of type " + (type & 0xFF);
            return (what.isEmpty() ? "in the middle of a PDU" : what) + ", " + missing + " of " + length
                    + " octets of " + name + " missing";
        }
        if (!begun()) {
            return "before the first PDU";
        }
        return what.isEmpty() ? "between messages" : what + ", between two PDUs";
    }
}
