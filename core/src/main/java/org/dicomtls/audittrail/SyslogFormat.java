package org.dicomtls.audittrail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message of RFC 5424 around an audit message, as PS3.15 A.6 has it: facility 10, MSGID DICOM+RFC3881, no
 * STRUCTURED-DATA, and the XML as MSG in UTF-8.
 */
final class SyslogFormat {

    /** The size that PS3.15 A.6 demands of every repository. */
    static final int MOST_OCTETS = 32_768;

    private static final int FACILITY_SECURITY = 10;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final String messageId;
    private final boolean byteOrderMark;

    SyslogFormat(String messageId, boolean byteOrderMark) {
        this.messageId = messageId;
        this.byteOrderMark = byteOrderMark;
    }

    /**
     * The SYSLOG-MSG.
     *
     * @throws AuditNotRecordedException when it would be longer than every repository must take
     */
    byte[] of(AuditMessage message) throws AuditNotRecordedException {
        AuditSource source = message.source();
        String header = "<" + priority(message.event().outcome()) + ">1 "
                + AuditXml.time(message.event().time()) + " " + source.node() + " " + source.application() + " "
                + ProcessHandle.current().pid() + " " + messageId + " - ";
        ByteArrayOutputStream octets = new ByteArrayOutputStream(4096);
        octets.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        if (byteOrderMark) {
            octets.writeBytes(BYTE_ORDER_MARK);
        }
        octets.writeBytes(message.octets());
        if (octets.size() > MOST_OCTETS) {
            throw new AuditNotRecordedException("the message has " + octets.size() + " octets, at most " + MOST_OCTETS
                    + " can be sent (PS3.15 A.6)");
        }
        return octets.toByteArray();
    }

    /** Severity 5 (notice) for what is only told, otherwise 4 (warning): the two that PS3.15 A.7 and IHE ITI-20 name. */
    private static int priority(AuditMessage.Outcome outcome) {
        return FACILITY_SECURITY * 8 + (outcome == AuditMessage.Outcome.SUCCESS ? 5 : 4);
    }

    /** MSG-LEN SP SYSLOG-MSG (RFC 5425 §4.3). */
    static byte[] frame(byte[] message) {
        byte[] length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[length.length + message.length];
        System.arraycopy(length, 0, frame, 0, length.length);
        System.arraycopy(message, 0, frame, length.length, message.length);
        return frame;
    }
}
