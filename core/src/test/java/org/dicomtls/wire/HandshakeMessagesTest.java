package org.dicomtls.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeMessagesTest {

    private final List<String> seen = new ArrayList<>();
    private final HandshakeMessages messages = new HandshakeMessages();
    private final HandshakeMessages.Sink sink = new HandshakeMessages.Sink() {
        @Override
        public void message(int type, byte[] body) {
            seen.add(type + ":" + body.length);
        }

        @Override
        public void alert(int level, int description) {
            seen.add("alert " + level + "/" + description);
        }
    };

    private void feed(byte[] data) throws IOException {
        messages.feed(data, 0, data.length, sink);
    }

    @Test
    void cutsSeveralMessagesOutOfOneRecord() throws IOException {
        feed(Bytes.handshake(new Bytes()
                .raw(Bytes.message(2, new byte[3]))
                .raw(Bytes.message(14, new byte[0]))
                .get()));
        assertThat(seen).containsExactly("2:3", "14:0");
    }

    @Test
    void joinsAMessageOfSeveralRecords() throws IOException {
        byte[] message = Bytes.message(11, new byte[100]);
        for (int at = 0; at < message.length; at += 30) {
            feed(Bytes.handshake(java.util.Arrays.copyOfRange(message, at, Math.min(message.length, at + 30))));
        }
        assertThat(seen).containsExactly("11:100");
    }

    @Test
    void tellsAlertsInTheClear() throws IOException {
        feed(Bytes.record(HandshakeMessages.ALERT, 0x0303, new byte[] {2, 70}));
        assertThat(seen).containsExactly("alert 2/70");
    }

    @Test
    void takesAnAlertOfAnotherLengthForAnEncryptedOne() throws IOException {
        feed(Bytes.record(HandshakeMessages.ALERT, 0x0303, new byte[26]));
        assertThat(seen).isEmpty();
    }

    @Test
    void endsWithApplicationData() throws IOException {
        feed(Bytes.record(HandshakeMessages.APPLICATION_DATA, 0x0303, new byte[5]));
        assertThat(messages.ended()).isTrue();
        feed("anything".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(seen).isEmpty();
    }

    @Test
    void endsWhereItIsTold() throws IOException {
        messages.feed(
                Bytes.handshake(new Bytes()
                        .raw(Bytes.message(2, new byte[3]))
                        .raw(Bytes.message(14, new byte[0]))
                        .get()),
                0,
                16,
                new HandshakeMessages.Sink() {
                    @Override
                    public void message(int type, byte[] body) {
                        seen.add(type + ":" + body.length);
                        messages.end();
                    }

                    @Override
                    public void alert(int level, int description) {}
                });
        assertThat(seen).containsExactly("2:3");
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThatThrownBy(() -> feed("GET / HTTP/1.1".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isInstanceOf(WireException.class)
                .hasMessage("not a TLS record: it begins with 47 45 54");
    }

    @Test
    void refusesARecordThatIsTooLong() {
        assertThatThrownBy(() -> feed(new byte[] {22, 3, 3, (byte) 0xFF, (byte) 0xFF}))
                .isInstanceOf(WireException.class)
                .hasMessage("record of 65535 octets, at most 18432 are allowed");
    }

    @Test
    void refusesAMessageThatSaysItIsTooLongBeforeItIsRead() {
        assertThatThrownBy(() -> feed(Bytes.handshake(new byte[] {11, 2, 0, 1})))
                .isInstanceOf(WireException.class)
                .hasMessage("handshake message of 131073 octets, at most 131072 are allowed");
    }

    @Test
    void takesAMessageOfTheGreatestLengthThatIsAllowed() throws IOException {
        feed(Bytes.handshake(new byte[] {11, 2, 0, 0}));
        for (int sent = 0; sent < HandshakeMessages.MAX_MESSAGE; sent += 16_384) {
            assertThat(seen).isEmpty();
            feed(Bytes.handshake(new byte[16_384]));
        }
        assertThat(seen).hasSize(1);
    }

    @Test
    void whatTheSinkThrowsComesOut() {
        IOException ours = new IOException("ours");
        byte[] record = Bytes.handshake(Bytes.message(1, new byte[1]));
        assertThatThrownBy(() -> messages.feed(record, 0, record.length, new HandshakeMessages.Sink() {
                    @Override
                    public void message(int type, byte[] body) throws IOException {
                        throw ours;
                    }

                    @Override
                    public void alert(int level, int description) {}
                }))
                .isSameAs(ours);
    }
}
