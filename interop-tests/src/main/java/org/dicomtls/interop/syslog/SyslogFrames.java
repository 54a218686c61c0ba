package org.dicomtls.interop.syslog;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Takes a stream apart by the counts of octets of RFC 5425 §4.3. */
public final class SyslogFrames {

    /** More than the 32768 octets that PS3.15 A.6 demands of a repository. */
    public static final int MOST_OCTETS = 65_536;

    private static final int MOST_DIGITS = Integer.toString(MOST_OCTETS).length();

    private final InputStream in;

    public SyslogFrames(InputStream in) {
        this.in = in;
    }

    /**
     * The next SYSLOG-MSG; empty at an end between two.
     *
     * @throws IOException when the stream ends within one, or is no such stream
     */
    public Optional<byte[]> next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = 0;
        int digits = 0;
        for (int octet = first; octet != ' '; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the stream ends within a length");
            }
            boolean digit = octet >= '0' && octet <= '9' && (octet != '0' || digits > 0);
            if (!digit || ++digits > MOST_DIGITS) {
                throw new IOException("no length of a syslog message (RFC 5425 §4.3)");
            }
            length = 10 * length + octet - '0';
        }
        if (digits == 0 || length > MOST_OCTETS) {
            throw new IOException(digits == 0
                    ? "no length of a syslog message (RFC 5425 §4.3)"
                    : "a message of " + length + " octets, at most " + MOST_OCTETS);
        }
        byte[] message = in.readNBytes(length);
        if (message.length < length) {
            throw new EOFException("the stream ends within a message");
        }
        return Optional.of(message);
    }
}
