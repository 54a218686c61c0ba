package org.dicomtls.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.dicomtls.tls.KeyExchange;

/** Whatever a peer sends, reading it ends in a value or a WireException. */
class WireProperties {

    /** The messages and alerts that were cut out, in words, and how it ended. */
    private static final class Recorder implements HandshakeMessages.Sink {
        final List<String> seen = new ArrayList<>();

        @Override
        public void message(int type, byte[] body) {
            seen.add("message " + type + " " + Arrays.hashCode(body) + " of " + body.length);
        }

        @Override
        public void alert(int level, int description) {
            seen.add("alert " + level + " " + description);
        }
    }

    private interface Reader {
        void read(byte[] octets) throws IOException;
    }

    private static void onlyWireException(Reader reader, byte[] octets) {
        Throwable thrown = catchThrowable(() -> reader.read(octets));
        Statistics.label("outcome").collect(thrown == null ? "read" : "refused");
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(WireException.class);
            assertThat(thrown.getMessage()).isNotBlank().hasSizeLessThan(200);
        }
    }

    /** A real message of which some octets were changed, or that was cut or grew. */
    record Mutation(int base, List<Integer> places, List<Integer> values, int cut, int grow) {
        byte[] of(List<byte[]> bases) {
            byte[] data = bases.get(base % bases.size()).clone();
            for (int i = 0; i < Math.min(places.size(), values.size()); i++) {
                data[places.get(i) % data.length] = values.get(i).byteValue();
            }
            return Arrays.copyOf(data, Math.max(0, data.length - cut) + grow);
        }
    }

    @Provide
    Arbitrary<Mutation> mutations() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(0, 5_000).list().ofMaxSize(4),
                        Arbitraries.integers().between(0, 255).list().ofMaxSize(4),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(4, Arbitraries.just(0)),
                                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 60))),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(4, Arbitraries.just(0)),
                                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 4))))
                .as(Mutation::new);
    }

    private static final List<byte[]> CLIENT_HELLOS = List.of(
            Hello.clientTls12().serverName("pacs.example.org").body(),
            Hello.clientTls13()
                    .with(Extensions.ALPN, new Bytes().vector16(new byte[] {5, 'd', 'i', 'c', 'o', 'm'}).get())
                    .body());
    private static final List<byte[]> SERVER_HELLOS = List.of(
            Hello.serverTls12(0xC030).body(),
            Hello.serverTls13(0x1302, new byte[32], 29, Hello.X25519_BASE_POINT).body());
    private static final List<byte[]> EXCHANGES = List.of(
            new Bytes().u8(3).u16(29).vector8(new byte[32]).u16(0x0804).vector16(new byte[64]).get(),
            new Bytes()
                    .vector16(new byte[64])
                    .vector16(new byte[] {2})
                    .vector16(new byte[64])
                    .u16(0x0401)
                    .vector16(new byte[64])
                    .get());

    @Property(tries = 2_000)
    @Label("arbitrary octets make no ClientHello reader throw anything but a WireException")
    void clientHello(@ForAll @Size(max = 300) byte[] octets) {
        onlyWireException(ClientHello::read, octets);
    }

    @Property(tries = 3_000)
    @Label("nor do changed ClientHellos, and what is read answers every question")
    void changedClientHello(@ForAll("mutations") Mutation mutation) {
        onlyWireException(
                octets -> {
                    ClientHello hello = ClientHello.read(octets);
                    hello.offeredVersions();
                    hello.renegotiationInfo();
                    hello.extendedMasterSecret();
                    hello.pointFormatsUncompressed();
                    assertThat(hello.toString()).isNotEmpty();
                },
                mutation.of(CLIENT_HELLOS));
    }

    @Property(tries = 2_000)
    @Label("arbitrary octets make no ServerHello reader throw anything but a WireException")
    void serverHello(@ForAll @Size(max = 200) byte[] octets) {
        onlyWireException(ServerHello::read, octets);
    }

    @Property(tries = 3_000)
    @Label("nor do changed ServerHellos, and what is read answers every question")
    void changedServerHello(@ForAll("mutations") Mutation mutation) {
        onlyWireException(
                octets -> {
                    ServerHello hello = ServerHello.read(octets);
                    hello.version();
                    hello.helloRetryRequest();
                    hello.downgradeSentinel();
                    hello.renegotiationInfo();
                    hello.extendedMasterSecret();
                },
                mutation.of(SERVER_HELLOS));
    }

    @Property(tries = 2_000)
    @Label("arbitrary octets make no ServerKeyExchange reader throw anything but a WireException")
    void serverKeyExchange(@ForAll @Size(max = 300) byte[] octets, @ForAll KeyExchange exchange) {
        onlyWireException(o -> ServerKeyExchange.read(o, exchange), octets);
    }

    @Property(tries = 2_000)
    @Label("nor do changed ServerKeyExchanges")
    void changedServerKeyExchange(@ForAll("mutations") Mutation mutation) {
        onlyWireException(
                o -> ServerKeyExchange.read(o, mutation.base() % 2 == 0 ? KeyExchange.ECDHE : KeyExchange.DHE),
                mutation.of(EXCHANGES));
    }

    private static String feed(byte[] octets, List<Integer> chunks, Recorder recorder) {
        HandshakeMessages messages = new HandshakeMessages();
        int position = 0;
        try {
            for (int i = 0; position < octets.length; i++) {
                int wanted = chunks.isEmpty() ? octets.length : chunks.get(i % chunks.size());
                int length = Math.min(wanted, octets.length - position);
                messages.feed(octets, position, length, recorder);
                position += length;
            }
            return messages.ended() ? "ended" : "open";
        } catch (WireException e) {
            return e.getMessage();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Streams that are records for the most part: otherwise nearly everything ends at the first octet. */
    @Provide
    Arbitrary<byte[]> streams() {
        Arbitrary<byte[]> message = Combinators.combine(
                        Arbitraries.integers().between(0, 25),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(60))
                .as(Bytes::message);
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(60);
        Arbitrary<byte[]> handshake = message.list().ofMaxSize(3).map(WireProperties::joined);
        Arbitrary<byte[]> record = Combinators.combine(
                        Arbitraries.frequency(
                                net.jqwik.api.Tuple.of(8, 22),
                                net.jqwik.api.Tuple.of(2, 21),
                                net.jqwik.api.Tuple.of(2, 20),
                                net.jqwik.api.Tuple.of(1, 23)),
                        Arbitraries.integers().between(0x0300, 0x03FF),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(4, handshake),
                                net.jqwik.api.Tuple.of(1, noise),
                                net.jqwik.api.Tuple.of(1, Arbitraries.just(new byte[] {2, 40}))))
                .as(Bytes::record);
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(12, record), net.jqwik.api.Tuple.of(1, noise))
                .list()
                .ofMaxSize(6)
                .map(WireProperties::joined);
    }

    private static byte[] joined(List<byte[]> parts) {
        Bytes all = new Bytes();
        parts.forEach(all::raw);
        return all.get();
    }

    @Property(tries = 2_000)
    @Label("a stream fed in chunks is cut as the same stream fed at once, and ends in the same words")
    void chunksDoNotMatter(
            @ForAll("streams") byte[] octets, @ForAll @Size(min = 1, max = 8) List<@net.jqwik.api.constraints.IntRange(min = 1, max = 40) Integer> chunks) {
        Recorder atOnce = new Recorder();
        Recorder chunked = new Recorder();
        String end = feed(octets, List.of(), atOnce);
        Statistics.label("messages").collect(Math.min(atOnce.seen.size(), 3));
        assertThat(feed(octets, chunks, chunked)).isEqualTo(end);
        assertThat(chunked.seen).isEqualTo(atOnce.seen);
    }

    @Property(tries = 1_000)
    @Label("octets that are no records end in a WireException or are waited for")
    void anyStream(@ForAll @Size(max = 500) byte[] octets) {
        String end = feed(octets, List.of(), new Recorder());
        assertThat(end).matches("open|ended|not a TLS record: it begins with .*|record of .*|handshake message of .*");
    }
}
