package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.dicomtls.interop.association.Pdu.ContextResult;
import org.dicomtls.interop.association.Pdu.PresentationDataValue;
import org.dicomtls.interop.association.Pdu.UserInformation;

class PduCodecPropertyTest {
    private static final int MAX_DATA = 16 * 1024;

    @Property(tries = 3000, seed = "1")
    void whatIsEncodedIsDecodedTheSame(@ForAll("pdus") Pdu pdu) throws IOException {
        byte[] octets = PduCodec.encode(pdu);
        PduReader reader = new PduReader(new Crumbs(octets), UpperLayer.MAX_PDU_LENGTH);
        assertThat(reader.read()).isEqualTo(pdu);
        assertThatCode(reader::read).isInstanceOf(EOFException.class);
    }

    @Property(tries = 3000, seed = "2")
    void arbitraryOctetsAreAPduOrRefused(@ForAll @Size(max = 300) byte[] octets) {
        readToTheEnd(octets);
    }

    @Property(tries = 5000, seed = "3")
    void arbitraryBodiesUnderAnHonestHeaderAreAPduOrRefused(
            @ForAll @IntRange(max = 9) int type, @ForAll("bodies") byte[] body) {
        byte[] octets = ByteBuffer.allocate(6 + body.length)
                .put((byte) type)
                .put((byte) 0)
                .putInt(body.length)
                .put(body)
                .array();
        readToTheEnd(octets);
    }

    @Property(tries = 5000, seed = "4")
    void aPduWithAFewOctetsChangedIsAPduOrRefused(
            @ForAll("pdus") Pdu pdu,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1 << 20) Integer> places,
            @ForAll byte value) {
        byte[] octets = PduCodec.encode(pdu);
        places.forEach(place -> octets[place % octets.length] = value);
        readToTheEnd(octets);
    }

    @Property(tries = 3000, seed = "5")
    void aPduCutShortIsTheEndOfTheStream(@ForAll("pdus") Pdu pdu, @ForAll @IntRange(max = 1 << 20) int cut) {
        byte[] octets = PduCodec.encode(pdu);
        byte[] part = Arrays.copyOf(octets, cut % octets.length);
        assertThatCode(() -> new PduReader(new ByteArrayInputStream(part), UpperLayer.MAX_PDU_LENGTH).read())
                .isInstanceOf(EOFException.class);
    }

    @Property(tries = 3000, seed = "6")
    void arbitraryCommandSetsAreDecodedOrRefused(@ForAll @Size(max = 200) byte[] octets) {
        try {
            CommandSet.decode(octets, octets.length);
        } catch (PduException expected) {
            assertThat(expected.reason()).isEqualTo(AbortReason.INVALID_PDU_PARAMETER_VALUE);
        }
    }

    /** Ends after at most as many PDUs as the octets can hold: each has a header. */
    private static void readToTheEnd(byte[] octets) {
        PduReader reader = new PduReader(new ByteArrayInputStream(octets), MAX_DATA);
        for (int pdus = 0; pdus <= octets.length / Pdu.HEADER_LENGTH; pdus++) {
            try {
                Pdu pdu = reader.read();
                // What was understood can be said again: no value is out of the range of its field.
                assertThat(PduCodec.encode(pdu)).isNotEmpty();
            } catch (PduException | EOFException expected) {
                return;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("more PDUs than octets");
    }

    /** Yields one octet at a time, as a network may. */
    private static final class Crumbs extends InputStream {
        private final ByteArrayInputStream octets;

        private Crumbs(byte[] octets) {
            this.octets = new ByteArrayInputStream(octets);
        }

        @Override
        public int read() {
            return octets.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return octets.read(into, offset, Math.min(1, length));
        }
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<byte[]> zeros = Arbitraries.of(68, 72, 4, 6).map(byte[]::new);
        Arbitrary<byte[]> titles = Arbitraries.just(new byte[] {0, 1, 0, 0}).map(start -> {
            byte[] body = new byte[68];
            Arrays.fill(body, 4, 36, (byte) 'A');
            System.arraycopy(start, 0, body, 0, 4);
            return body;
        });
        Arbitrary<byte[]> items = Combinators.combine(
                        Arbitraries.of(0x10, 0x20, 0x21, 0x30, 0x40, 0x50, 0x51, 0x52, 0x55, 0x77),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(12))
                .as((type, length, value) -> ByteBuffer.allocate(4 + value.length)
                        .put(type.byteValue())
                        .put((byte) 0)
                        .putShort(length.shortValue())
                        .put(value)
                        .array())
                .list()
                .ofMaxSize(6)
                .map(PduCodecPropertyTest::joined);
        Arbitrary<byte[]> associations = Combinators.combine(titles, items).as((a, b) -> joined(List.of(a, b)));
        return Arbitraries.oneOf(
                zeros, associations, items, Arbitraries.bytes().array(byte[].class).ofMaxSize(200));
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Provide
    Arbitrary<Pdu> pdus() {
        Arbitrary<Pdu> reject = Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(0, 255))
                .as(Pdu.AssociateReject::new);
        Arbitrary<Pdu> abort = Combinators.combine(
                        Arbitraries.integers().between(0, 2), Arbitraries.integers().between(0, 255))
                .as(Pdu.Abort::new);
        return Arbitraries.oneOf(
                requests().map(pdu -> pdu),
                accepts().map(pdu -> pdu),
                data().map(pdu -> pdu),
                reject,
                abort,
                Arbitraries.of(new Pdu.ReleaseRequest(), new Pdu.ReleaseReply()));
    }

    private static Arbitrary<String> uids() {
        return Arbitraries.integers().between(0, 99_999).list().ofMinSize(1).ofMaxSize(10).map(components -> String.join(
                ".", components.stream().map(String::valueOf).toList()));
    }

    private static Arbitrary<String> titles() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .excludeChars('\\')
                .ofMinLength(1)
                .ofMaxLength(16)
                .map(AeTitle::strip)
                .filter(title -> !title.isEmpty());
    }

    private static Arbitrary<UserInformation> users() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 0xFFFFFFFFL),
                        uids().optional(),
                        titles().optional())
                .as(UserInformation::new);
    }

    private static Arbitrary<Pdu.AssociateRequest> requests() {
        Arbitrary<List<PresentationContext>> contexts = Combinators.combine(
                        uids(), uids().list().ofMinSize(1).ofMaxSize(5))
                .as((syntax, transfer) -> new PresentationContext(1, syntax, transfer))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(list -> {
                    List<PresentationContext> numbered = new ArrayList<>();
                    for (PresentationContext context : list) {
                        numbered.add(new PresentationContext(
                                255 - 2 * numbered.size(), context.abstractSyntax(), context.transferSyntaxes()));
                    }
                    return numbered;
                });
        return Combinators.combine(
                        Arbitraries.integers().between(0, 0xFFFF), titles(), titles(), uids(), contexts, users())
                .as(Pdu.AssociateRequest::new);
    }

    private static Arbitrary<Pdu.AssociateAccept> accepts() {
        Arbitrary<List<ContextResult>> results = Combinators.combine(
                        Arbitraries.integers().between(0, 4), uids())
                .as((result, syntax) ->
                        new ContextResult(1, result, result == 0 ? Optional.of(syntax) : Optional.empty()))
                .list()
                .ofMaxSize(8)
                .map(list -> {
                    List<ContextResult> numbered = new ArrayList<>();
                    for (ContextResult result : list) {
                        numbered.add(new ContextResult(
                                2 * numbered.size() + 1, result.result(), result.transferSyntax()));
                    }
                    return numbered;
                });
        return Combinators.combine(
                        Arbitraries.integers().between(0, 0xFFFF), titles(), titles(), uids(), results, users())
                .as(Pdu.AssociateAccept::new);
    }

    private static Arbitrary<Pdu.Data> data() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(100))
                .as((id, command, last, fragment) ->
                        new PresentationDataValue(id, command, last, ByteBuffer.wrap(fragment)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(Pdu.Data::new);
    }
}
