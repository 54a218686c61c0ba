package org.dicomtls.interop.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import org.dicomtls.transport.SecureTransport;

/**
 * First flights that no honest client sends: random octets, and real ClientHellos changed in their octets, lengths, records,
 * extensions and order. The same seed gives the same flight.
 */
final class Flights {

    private static final List<byte[]> OTHER_PROTOCOLS = List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            "SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII),
            new byte[] {1, 0, 0, 0, 0, (byte) 205, 0, 1, 0, 0, 'A', 'N', 'Y'}, // A-ASSOCIATE-RQ
            new byte[] {(byte) 0x80, 46, 1, 0, 2, 0, 21, 0, 0, 0, 16, 1, 0, (byte) 128}, // SSL 2.0
            new byte[0]);

    private final List<byte[]> hellos = new ArrayList<>();

    /** Flights that begin with the hellos of these clients. */
    Flights(SecureTransport... clients) throws IOException {
        for (SecureTransport client : clients) {
            hellos.add(hello(client));
        }
    }

    /** The record with the ClientHello of that client. */
    static byte[] hello(SecureTransport client) throws IOException {
        SSLEngine engine = client.sslContext().createSSLEngine("localhost", 2762);
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(1 << 15);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] hello = new byte[out.flip().remaining()];
        out.get(hello);
        return hello;
    }

    /** The flight of that number. */
    byte[] flight(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        byte[] message = hellos.get(random.nextInt(hellos.size()));
        message = java.util.Arrays.copyOfRange(message, 5, message.length);
        return switch (random.nextInt(16)) {
            case 0 -> octets(random, random.nextInt(2000));
            case 1 -> record(random, 20 + random.nextInt(4), octets(random, random.nextInt(600)));
            case 2 -> OTHER_PROTOCOLS.get(random.nextInt(OTHER_PROTOCOLS.size()));
            case 3, 4, 5 -> record(random, 22, flipped(random, message));
            case 6, 7 -> record(random, 22, withAnotherLength(random, message));
            case 8, 9, 10 -> record(random, 22, withOtherExtensions(random, message));
            case 11 -> cut(random, record(random, 22, message));
            case 12 -> inRecords(random, message);
            case 13 -> inRecords(random, withOtherExtensions(random, message));
            case 14 -> then(record(random, 22, message), record(random, 20 + random.nextInt(4), octets(random, random.nextInt(300))));
            default -> flipped(random, record(random, 22, message));
        };
    }

    private static byte[] octets(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private static byte[] record(Random random, int type, byte[] body) {
        byte[] record = new byte[5 + body.length];
        record[0] = (byte) type;
        record[1] = 3;
        record[2] = (byte) random.nextInt(5);
        record[3] = (byte) (body.length >> 8);
        record[4] = (byte) body.length;
        System.arraycopy(body, 0, record, 5, body.length);
        return record;
    }

    private static byte[] then(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] flipped(Random random, byte[] octets) {
        byte[] changed = octets.clone();
        for (int i = 0; i <= random.nextInt(8); i++) {
            int at = random.nextInt(4) == 0 ? random.nextInt(Math.min(60, changed.length)) : random.nextInt(changed.length);
            changed[at] = switch (random.nextInt(4)) {
                case 0 -> (byte) 0xFF;
                case 1 -> 0;
                case 2 -> (byte) (changed[at] ^ 1 << random.nextInt(8));
                default -> (byte) random.nextInt();
            };
        }
        return changed;
    }

    private static byte[] cut(Random random, byte[] octets) {
        return java.util.Arrays.copyOf(octets, random.nextInt(octets.length));
    }

    /** The message in records of random lengths, some of them empty, some with records of other types in between. */
    private static byte[] inRecords(Random random, byte[] message) {
        ByteArrayOutputStream flight = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; ) {
            int length = Math.min(message.length - at, random.nextInt(1 + (random.nextBoolean() ? 20 : 400)));
            flight.writeBytes(record(random, 22, java.util.Arrays.copyOfRange(message, at, at + length)));
            at += length;
            if (random.nextInt(10) == 0) {
                flight.writeBytes(record(random, 20 + random.nextInt(4), octets(random, random.nextInt(3))));
            }
        }
        return flight.toByteArray();
    }

    /** One of the lengths in the hello says something else: of the message, session id, suites, extensions, or one of them. */
    private static byte[] withAnotherLength(Random random, byte[] message) {
        byte[] changed = message.clone();
        List<Integer> lengths = new ArrayList<>(List.of(2, 38)); // of which each is the last octet of a length
        int suites = 39 + changed[38];
        lengths.add(suites + 1);
        int compression = suites + 2 + u16(changed, suites);
        lengths.add(compression);
        int extensions = compression + 1 + changed[compression];
        lengths.add(extensions + 1);
        for (int at = extensions + 2; at + 4 <= changed.length; at += 4 + u16(changed, at + 2)) {
            lengths.add(at + 3);
            if (u16(changed, at + 2) > 1) {
                lengths.add(at + 5);
            }
        }
        int at = lengths.get(random.nextInt(lengths.size()));
        switch (random.nextInt(5)) {
            case 0 -> changed[at]++;
            case 1 -> changed[at]--;
            case 2 -> changed[at] = (byte) 0xFF;
            case 3 -> changed[at] = 0;
            default -> changed[at - 1] = (byte) random.nextInt();
        }
        return changed;
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xFF) << 8 | octets[at + 1] & 0xFF;
    }

    /** Extensions left out, doubled, in another order, with other contents, or of types that nobody knows. */
    private static byte[] withOtherExtensions(Random random, byte[] message) {
        int suites = 39 + message[38];
        int compression = suites + 2 + u16(message, suites);
        int start = compression + 1 + message[compression];
        List<byte[]> extensions = new ArrayList<>();
        for (int at = start + 2; at + 4 <= message.length; at += 4 + u16(message, at + 2)) {
            extensions.add(java.util.Arrays.copyOfRange(message, at, at + 4 + u16(message, at + 2)));
        }
        for (int i = 0; i <= random.nextInt(3) && !extensions.isEmpty(); i++) {
            int which = random.nextInt(extensions.size());
            switch (random.nextInt(6)) {
                case 0 -> extensions.remove(which);
                case 1 -> extensions.add(extensions.get(which));
                case 2 -> Collections.shuffle(extensions, random);
                case 3 -> extensions.set(which, extension(extensions.get(which), octets(random, random.nextInt(80))));
                case 4 -> {
                    byte[] old = extensions.get(which);
                    byte[] content = java.util.Arrays.copyOfRange(old, 4, old.length);
                    extensions.set(which, extension(old, content.length == 0 ? content : flipped(random, content)));
                }
                default -> extensions.add(random.nextInt(extensions.size() + 1), extension(octets(random, 2), octets(random, random.nextInt(1000))));
            }
        }
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        extensions.forEach(list::writeBytes);
        byte[] changed = java.util.Arrays.copyOf(message, start + 2 + list.size());
        System.arraycopy(list.toByteArray(), 0, changed, start + 2, list.size());
        changed[start] = (byte) (list.size() >> 8);
        changed[start + 1] = (byte) list.size();
        int length = changed.length - 4;
        changed[1] = (byte) (length >> 16);
        changed[2] = (byte) (length >> 8);
        changed[3] = (byte) length;
        return changed;
    }

    private static byte[] extension(byte[] type, byte[] content) {
        byte[] extension = new byte[4 + content.length];
        extension[0] = type[0];
        extension[1] = type[1];
        extension[2] = (byte) (content.length >> 8);
        extension[3] = (byte) content.length;
        System.arraycopy(content, 0, extension, 4, content.length);
        return extension;
    }
}
