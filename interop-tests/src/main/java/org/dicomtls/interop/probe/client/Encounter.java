package org.dicomtls.interop.probe.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsServerProtocol;
import org.dicomtls.interop.association.AcceptorOptions;
import org.dicomtls.interop.association.AssociationAcceptor;
import org.dicomtls.interop.association.AssociationSummary;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.probe.StreamSocket;
import org.dicomtls.interop.probe.TlsCryptos;
import org.dicomtls.interop.probe.client.Reaction.Outcome;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.tls.AlertDescription;

/** One connection of a client, with one misbehaviour. */
final class Encounter {

    private static final byte[] PROTOCOL_VERSION = {21, 3, 3, 0, 2, 2, 70};
    /** Enough of an A-ASSOCIATE-AC to be taken for one (PS3.8 §9.3.3). */
    private static final int ACCEPT_LENGTH = 68;

    private final Socket socket;
    private final Recorder recorder;
    private final Behaviour behaviour;
    private final Identities identities;

    Encounter(
            Socket socket,
            Recorder recorder,
            Behaviour behaviour,
            Identities identities) {
        this.socket = socket;
        this.recorder = recorder;
        this.behaviour = behaviour;
        this.identities = identities;
    }

    /** Runs it to its end. */
    Reaction run() throws IOException {
        return switch (behaviour.instead()) {
            case NOTHING -> handshake();
            case PROTOCOL_VERSION_ALERT -> {
                socket.getOutputStream().write(PROTOCOL_VERSION);
                socket.shutdownOutput();
                recorder.drain();
                yield clear("the hello was answered with protocol_version(70)");
            }
            case RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
                yield new Reaction(
                        Outcome.REFUSED, Optional.empty(), Optional.empty(), List.of(), false, List.of(), false,
                        "the connection was reset");
            }
            case PLAIN_DICOM -> {
                byte[] accept = new byte[6 + ACCEPT_LENGTH];
                accept[0] = 2;
                accept[5] = ACCEPT_LENGTH;
                accept[7] = 1;
                socket.getOutputStream().write(accept);
                PlainEnd end = new PlainEnd(recorder);
                yield end.reaction();
            }
        };
    }

    private Reaction clear(String what) {
        return new Reaction(
                recorder.wentOn() ? Outcome.WENT_ON : recorder.late() && recorder.alert().isEmpty() ? Outcome.SILENT : Outcome.REFUSED,
                recorder.alert(), Optional.empty(), List.of(), false, List.of(), false,
                what + "; " + recorder.alert().map(a -> "alert " + a).orElse(recorder.late() ? "nothing came" : "it ended the connection"));
    }

    private Reaction handshake() throws IOException {
        List<Credential> credentials = behaviour.flaw()
                .map(flaw -> List.of(identities.flawed(flaw)))
                .orElse(identities.good());
        Bait bait = new Bait(
                TlsCryptos.create(),
                behaviour,
                credentials,
                identities.authority());
        Protocol protocol =
                new Protocol(recorder, Recorder.changing(socket.getOutputStream(), behaviour.wire()), behaviour);
        Optional<AssociationSummary> association = Optional.empty();
        String failure = "";
        try {
            protocol.accept(bait);
            association = Optional.of(associate(protocol));
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            if (!bait.completed()) {
                recorder.drain();
            }
        }
        return reaction(bait, protocol, association, failure);
    }

    private AssociationSummary associate(Protocol protocol) throws IOException {
        switch (behaviour.afterwards()) {
            case HELLO_REQUEST -> protocol.requestHello();
            case KEY_UPDATE -> protocol.updateKeys();
            case NOTHING -> { }
        }
        StreamSocket stream = new StreamSocket(socket, protocol.getInputStream(), protocol.getOutputStream());
        AcceptorOptions options = AcceptorOptions.defaults().withArtim(Duration.ofSeconds(10));
        return AssociationAcceptor.serve(stream, options, StoreSink.discarding());
    }

    private Reaction reaction(Bait bait, Protocol protocol, Optional<AssociationSummary> association, String failure) {
        Optional<AlertDescription> alert = bait.received().or(recorder::alert).filter(a -> a.code() != 0);
        boolean dicom = association.flatMap(AssociationSummary::association).isPresent();
        Outcome outcome;
        if (dicom) {
            outcome = Outcome.SENT_DICOM;
        } else if (bait.completed() && alert.isEmpty()) {
            outcome = Outcome.COMPLETED;
        } else if (alert.isPresent() && late(alert.get())) {
            outcome = Outcome.WENT_ON;
        } else if (recorder.wentOn() && !bait.completed()
                || alert.isEmpty() && !bait.completed() && recorder.protectedRecord()) {
            // One who refuses the ServerHello has no keys to say so under.
            outcome = Outcome.WENT_ON;
        } else if (alert.isPresent() || recorder.ended()) {
            outcome = Outcome.REFUSED;
        } else {
            outcome = recorder.late() ? Outcome.SILENT : Outcome.REFUSED;
        }
        String words = switch (outcome) {
            case SENT_DICOM -> "it finished the handshake and sent DICOM: "
                    + association.map(a -> a.ending() + ", C-ECHO " + a.echoes() + ", C-STORE " + a.stored()).orElse("");
            case COMPLETED -> "it finished the handshake and sent no DICOM";
            case WENT_ON -> "it went on with the handshake" + alert.map(a -> ", then alert " + a).orElse("");
            case REFUSED -> alert.map(a -> "alert " + a).orElse("it ended the connection without an alert");
            case SILENT -> "nothing more came in time";
        };
        return new Reaction(
                outcome,
                alert,
                bait.negotiated(),
                bait.chain(),
                bait.asked(),
                recorder.nonces().seen(protocol.context()),
                protocol.renegotiated,
                PeerText.clean(words
                        + (protocol.renegotiated ? ", having begun a second handshake" : "")
                        + (failure.isEmpty() || alert.isPresent() || outcome == Outcome.SENT_DICOM
                                ? ""
                                : " (" + failure + ")")));
    }

    /** Alerts of one who took the flight and found that keys or Finished do not fit: the case broke them, not the client. */
    private boolean late(AlertDescription alert) {
        return alert.equals(AlertDescription.BAD_RECORD_MAC)
                || alert.equals(AlertDescription.DECRYPT_ERROR) && behaviour.flaw().isEmpty();
    }

    /** What comes after an answer in the clear. */
    private record PlainEnd(Recorder recorder) {
        Reaction reaction() {
            byte[] buffer = new byte[4096];
            boolean dicom = false;
            try {
                recorder.skipHello();
                while (recorder.alert().isEmpty()) {
                    int n = recorder.read(buffer, 0, buffer.length);
                    if (n < 0) {
                        break;
                    }
                    // A PDU of type 1 to 7 where a record of TLS would begin with 20 to 23.
                    if (n > 0 && buffer[0] >= 1 && buffer[0] <= 7) {
                        dicom = true;
                        break;
                    }
                }
            } catch (IOException e) {
                // late or gone: both are remembered
            }
            Outcome outcome = dicom
                    ? Outcome.SENT_DICOM
                    : recorder.late() && recorder.alert().isEmpty() ? Outcome.SILENT : Outcome.REFUSED;
            String words = dicom
                    ? "it sent DICOM in the clear"
                    : recorder.alert().map(a -> "alert " + a).orElse(recorder.late() ? "nothing came" : "it ended the connection");
            return new Reaction(
                    outcome, recorder.alert(), Optional.empty(), List.of(), false, List.of(), false, words);
        }
    }

    /** The engine, with the misbehaviours that have to be in its transcript. */
    private static final class Protocol extends TlsServerProtocol {
        private final Behaviour behaviour;
        private boolean finished;
        private boolean renegotiated;

        Protocol(InputStream in, OutputStream out, Behaviour behaviour) {
            super(in, out);
            this.behaviour = behaviour;
        }

        TlsContext context() {
            return getContext();
        }

        @Override
        protected ServerHello generateServerHello(ClientHello from, HandshakeMessageInput message) throws IOException {
            return changed(super.generateServerHello(from, message));
        }

        @Override
        protected ServerHello generate13ServerHello(ClientHello from, HandshakeMessageInput message, boolean afterRetry)
                throws IOException {
            return changed(super.generate13ServerHello(from, message, afterRetry));
        }

        private ServerHello changed(ServerHello honest) {
            return honest.isHelloRetryRequest() ? honest : behaviour.hello().apply(honest);
        }

        /** To refuse is right, and no reason to end the connection. */
        @Override
        protected void handleAlertWarningMessage(short description) throws IOException {
            if (description != org.bouncycastle.tls.AlertDescription.no_renegotiation) {
                super.handleAlertWarningMessage(description);
            }
        }

        void requestHello() throws IOException {
            finished = true;
            sendHelloRequestMessage();
        }

        void updateKeys() throws IOException {
            send13KeyUpdate(true);
        }

        @Override
        protected void handleHandshakeMessage(short type, HandshakeMessageInput message) throws IOException {
            renegotiated |= finished && type == HandshakeType.client_hello;
            super.handleHandshakeMessage(type, message);
        }
    }
}
