package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.association.AssociationSummary.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection, both of its ends. */
@Timeout(30)
class AssociationTest {
    private static final String JPEG = "1.2.840.10008.1.2.4.50";
    private static final AcceptorOptions QUICK = AcceptorOptions.defaults()
            .withArtim(Duration.ofMillis(400))
            .withIdle(Duration.ofMillis(400));

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private interface Serving {
        AssociationSummary serve(Socket accepted) throws IOException;
    }

    private interface Script {
        void run(Socket accepted, PduReader in, OutputStream out) throws Exception;
    }

    /** Serves the one connection that the caller then opens. */
    private Future<AssociationSummary> serving(ServerSocket listening, Serving serving) {
        return threads.submit(() -> serving.serve(listening.accept()));
    }

    /** A peer that does as it is told by the test. */
    private Future<?> scripted(ServerSocket listening, Script script) {
        return threads.submit(() -> {
            try (Socket socket = listening.accept()) {
                socket.setSoTimeout(10_000);
                script.run(socket, new PduReader(socket.getInputStream(), 1 << 20), socket.getOutputStream());
                Loopback.toTheEnd(socket.getInputStream());
            }
            return null;
        });
    }

    private static Pdu.AssociateAccept accepting(int contextId, long maxLength) {
        return new Pdu.AssociateAccept(
                1, "ANY", "TEST", Uid.APPLICATION_CONTEXT,
                List.of(new Pdu.ContextResult(contextId, 0, Optional.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN))),
                new Pdu.UserInformation(maxLength, Optional.empty(), Optional.empty()));
    }

    private static Association open(Socket socket, List<PresentationContext> contexts) throws IOException {
        return Association.open(socket, "TEST", "ANY", contexts, Loopback.TIMEOUT);
    }

    @Test
    void echoesAndReleases() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served =
                    serving(listening, s -> AssociationAcceptor.serve(s, AcceptorOptions.defaults()));
            Association association =
                    open(Loopback.connect(listening.getLocalPort()), PresentationContext.verification());
            assertThat(association.contexts())
                    .containsExactly(new AcceptedContext(1, Uid.VERIFICATION, Uid.IMPLICIT_VR_LITTLE_ENDIAN));
            assertThat(association.peerImplementation()).contains("DICOM_TLS_0_1");
            assertThat(association.peerMaxPduLength()).isEqualTo(256 * 1024);
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            assertThat(association.echo()).hasToString("0000");
            association.release();
            AssociationSummary summary = served.get(10, TimeUnit.SECONDS);
            assertThat(summary.ending()).isEqualTo(Ending.RELEASED);
            assertThat(summary.echoes()).isEqualTo(2);
            assertThat(summary.failure()).isEmpty();
            assertThat(summary.association().orElseThrow().callingAeTitle()).isEqualTo("TEST");
            assertThatThrownBy(association::echo).hasMessage("the association is over");
        }
    }

    @Test
    void eachPresentationContextGetsItsOwnAnswer() throws Exception {
        List<PresentationContext> proposed = List.of(
                new PresentationContext(1, Uid.VERIFICATION, List.of(JPEG, Uid.EXPLICIT_VR_LITTLE_ENDIAN)),
                new PresentationContext(3, Uid.VERIFICATION, List.of(JPEG)),
                new PresentationContext(5, Uid.SECONDARY_CAPTURE, List.of(JPEG, Uid.IMPLICIT_VR_LITTLE_ENDIAN)),
                new PresentationContext(255, "1.2.840.10008.5.1.4.31", List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN)));
        try (ServerSocket listening = Loopback.listen()) {
            serving(listening, s -> AssociationAcceptor.serve(s, AcceptorOptions.defaults(), StoreSink.discarding()));
            Socket socket = Loopback.connect(listening.getLocalPort());
            socket.getOutputStream().write(PduCodec.encode(Requests.proposing(proposed)));
            Pdu answer = new PduReader(socket.getInputStream(), 1 << 20).read();
            assertThat(((Pdu.AssociateAccept) answer).results())
                    .containsExactly(
                            new Pdu.ContextResult(1, 0, Optional.of(Uid.EXPLICIT_VR_LITTLE_ENDIAN)),
                            new Pdu.ContextResult(3, 4, Optional.empty()),
                            new Pdu.ContextResult(5, 0, Optional.of(JPEG)),
                            new Pdu.ContextResult(255, 3, Optional.empty()));
            socket.close();
        }
    }

    @Test
    void storageIsNotAcceptedWithoutASink() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            serving(listening, s -> AssociationAcceptor.serve(s, AcceptorOptions.defaults()));
            try (Association association = open(
                    Loopback.connect(listening.getLocalPort()),
                    List.of(new PresentationContext(1, Uid.SECONDARY_CAPTURE, List.of(JPEG))))) {
                assertThat(association.accepts(Uid.SECONDARY_CAPTURE, JPEG)).isFalse();
                assertThatThrownBy(() -> association.store(
                                Uid.SECONDARY_CAPTURE, "1.2.3", JPEG, InputStream.nullInputStream()))
                        .isInstanceOf(AssociationException.class)
                        .hasMessage("the peer accepted no presentation context for SOP class "
                                + "1.2.840.10008.5.1.4.1.1.7 in transfer syntax 1.2.840.10008.1.2.4.50");
                assertThatThrownBy(association::echo)
                        .hasMessage("the peer accepted no presentation context for Verification (1.2.840.10008.1.1)");
            }
        }
    }

    @Test
    void anUnknownCalledTitleIsRejected() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served = serving(
                    listening,
                    s -> AssociationAcceptor.serve(
                            s, AcceptorOptions.defaults().withCalledAeTitles(Set.of("ARCHIVE"))));
            Socket socket = Loopback.connect(listening.getLocalPort());
            assertThatThrownBy(() -> open(socket, PresentationContext.verification()))
                    .isInstanceOfSatisfying(AssociationRejectedException.class, e -> {
                        assertThat(e.result()).isEqualTo(1);
                        assertThat(e.source()).isEqualTo(1);
                        assertThat(e.reason()).isEqualTo(7);
                    })
                    .hasMessage("the peer rejected the association (permanent): called AE title not recognized");
            assertThat(socket.isClosed()).isTrue();
            assertThat(served.get(10, TimeUnit.SECONDS).ending()).isEqualTo(Ending.REJECTED);
        }
    }

    @Test
    void whoMayNotCallItselfSoIsRejectedAndTheAcceptorSaysWhy() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Admission onlyCt = (connection, callingAeTitle) -> callingAeTitle.equals("CT1")
                    ? Optional.empty()
                    : Optional.of(new IOException(callingAeTitle + " is not CT1"));
            Future<AssociationSummary> served = serving(
                    listening, s -> AssociationAcceptor.serve(s, AcceptorOptions.defaults().withAdmission(onlyCt)));
            Socket socket = Loopback.connect(listening.getLocalPort());
            assertThatThrownBy(() -> open(socket, PresentationContext.verification()))
                    .isInstanceOfSatisfying(AssociationRejectedException.class, e -> {
                        assertThat(e.result()).isEqualTo(1);
                        assertThat(e.source()).isEqualTo(1);
                        assertThat(e.reason()).isEqualTo(3);
                    });
            AssociationSummary summary = served.get(10, TimeUnit.SECONDS);
            assertThat(summary.ending()).isEqualTo(Ending.REJECTED);
            assertThat(summary.failure().orElseThrow()).hasMessageEndingWith(" is not CT1");
        }
    }

    @Test
    void anAbortReachesTheAcceptor() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served =
                    serving(listening, s -> AssociationAcceptor.serve(s, AcceptorOptions.defaults()));
            open(Loopback.connect(listening.getLocalPort()), PresentationContext.verification()).close();
            AssociationSummary summary = served.get(10, TimeUnit.SECONDS);
            assertThat(summary.ending()).isEqualTo(Ending.ABORTED_BY_PEER);
            assertThat(summary.failure().orElseThrow()).hasMessage("the peer aborted the association: service user");
        }
    }

    @Test
    void anAbortReachesTheRequestorEvenInTheMiddleOfAStore() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<?> peer = scripted(listening, (socket, in, out) -> {
                in.read();
                out.write(PduCodec.encode(accepting(1, 16384)));
                in.read();
                in.read();
                out.write(PduCodec.encode(new Pdu.Abort(2, 6)));
            });
            Association association = open(
                    Loopback.connect(listening.getLocalPort()),
                    List.of(new PresentationContext(
                            1, Uid.SECONDARY_CAPTURE, List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN))));
            assertThatThrownBy(() -> association.store(
                            Uid.SECONDARY_CAPTURE, "1.2.3", Uid.IMPLICIT_VR_LITTLE_ENDIAN,
                            new ByteArrayInputStream(new byte[100_000])))
                    .isInstanceOf(AssociationAbortedException.class)
                    .hasMessage("the peer aborted the association: provider, invalid PDU parameter value");
            peer.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aReleaseCollisionEndsInOrder() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<?> peer = scripted(listening, (socket, in, out) -> {
                in.read();
                out.write(PduCodec.encode(accepting(1, 0)));
                assertThat(in.read()).isEqualTo(new Pdu.ReleaseRequest());
                out.write(PduCodec.encode(new Pdu.ReleaseRequest()));
                assertThat(in.read()).isEqualTo(new Pdu.ReleaseReply());
                out.write(PduCodec.encode(new Pdu.ReleaseReply()));
            });
            Association association =
                    open(Loopback.connect(listening.getLocalPort()), PresentationContext.verification());
            association.release();
            peer.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPeerThatBreaksTheProtocolGetsAnAbort() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<?> peer = scripted(listening, (socket, in, out) -> {
                in.read();
                out.write(PduCodec.encode(accepting(7, 0)));
                assertThat(in.read()).isEqualTo(new Pdu.Abort(2, 6));
            });
            assertThatThrownBy(() ->
                            open(Loopback.connect(listening.getLocalPort()), PresentationContext.verification()))
                    .isInstanceOf(PduException.class)
                    .hasMessage("presentation context 7 accepted that was never proposed");
            peer.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSilentPeerIsGivenUp() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            scripted(listening, (socket, in, out) -> in.read());
            assertThatThrownBy(() -> Association.open(
                            Loopback.connect(listening.getLocalPort()), "TEST", "ANY",
                            PresentationContext.verification(), Duration.ofMillis(200)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no answer to the A-ASSOCIATE-RQ within 200 ms");
        }
    }

    @Test
    void aPeerThatDoesNotReadIsGivenUp() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            scripted(listening, (socket, in, out) -> {
                in.read();
                out.write(PduCodec.encode(accepting(1, 0)));
                threads.awaitTermination(20, TimeUnit.SECONDS);
            });
            Association association = Association.open(
                    Loopback.connect(listening.getLocalPort()), "TEST", "ANY",
                    List.of(new PresentationContext(
                            1, Uid.SECONDARY_CAPTURE, List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN))),
                    Duration.ofMillis(300));
            InputStream endless = new InputStream() {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    return length;
                }
            };
            assertThatThrownBy(() -> association.store(
                            Uid.SECONDARY_CAPTURE, "1.2.3", Uid.IMPLICIT_VR_LITTLE_ENDIAN, endless))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no answer to the C-STORE within 300 ms");
            threads.shutdownNow();
        }
    }

    /** Sends octets in place of an A-ASSOCIATE-RQ and yields what comes back. */
    private byte[] answerTo(byte[] octets, Ending ending) throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served = serving(listening, s -> AssociationAcceptor.serve(s, QUICK));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                socket.getOutputStream().write(octets);
                socket.shutdownOutput();
                byte[] answer = Loopback.toTheEnd(socket.getInputStream());
                assertThat(served.get(10, TimeUnit.SECONDS).ending()).isEqualTo(ending);
                return answer;
            }
        }
    }

    @Test
    void protocolErrorsAreAnsweredWithAnAbortAndItsReason() throws Exception {
        byte[] oversize = ByteBuffer.allocate(6).put((byte) 1).put((byte) 0).putInt(1 << 30).array();
        assertThat(answerTo(oversize, Ending.PROTOCOL_ERROR)).isEqualTo(PduCodec.encode(new Pdu.Abort(2, 6)));
        byte[] unknown = {9, 0, 0, 0, 0, 4, 0, 0, 0, 0};
        assertThat(answerTo(unknown, Ending.PROTOCOL_ERROR)).isEqualTo(PduCodec.encode(new Pdu.Abort(2, 1)));
        byte[] early = PduCodec.encode(new Pdu.ReleaseRequest());
        assertThat(answerTo(early, Ending.PROTOCOL_ERROR)).isEqualTo(PduCodec.encode(new Pdu.Abort(2, 2)));
    }

    @Test
    void aConnectionThatEndsInsideAPduIsLostWithoutAWord() throws Exception {
        byte[] request = PduCodec.encode(Requests.verification());
        assertThat(answerTo(Arrays.copyOf(request, 40), Ending.CONNECTION_LOST)).isEmpty();
        assertThat(answerTo(new byte[0], Ending.CONNECTION_LOST)).isEmpty();
    }

    @Test
    void anUnsupportedProtocolVersionIsRejected() throws Exception {
        byte[] request = PduCodec.encode(Requests.verification());
        request[7] = 2;
        assertThat(answerTo(request, Ending.REJECTED)).isEqualTo(PduCodec.encode(new Pdu.AssociateReject(1, 2, 2)));
    }

    @Test
    void aPDataLongerThanAnnouncedIsAbortedInAnEstablishedAssociation() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            serving(listening, s -> AssociationAcceptor.serve(s, QUICK.withMaxPduLength(4096)));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                PduReader in = new PduReader(socket.getInputStream(), 1 << 20);
                socket.getOutputStream().write(PduCodec.encode(Requests.verification()));
                assertThat(in.read()).isInstanceOf(Pdu.AssociateAccept.class);
                socket.getOutputStream().write(new byte[] {4, 0, 0, 0, 0x10, 1});
                assertThat(in.read()).isEqualTo(new Pdu.Abort(2, 6));
            }
        }
    }

    @Test
    void aDataFragmentWhereACommandIsDueIsAborted() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            serving(listening, s -> AssociationAcceptor.serve(s, QUICK));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                PduReader in = new PduReader(socket.getInputStream(), 1 << 20);
                socket.getOutputStream().write(PduCodec.encode(Requests.verification()));
                assertThat(in.read()).isInstanceOf(Pdu.AssociateAccept.class);
                socket.getOutputStream()
                        .write(PduCodec.encode(new Pdu.Data(List.of(new Pdu.PresentationDataValue(
                                1, false, true, ByteBuffer.wrap(new byte[2]))))));
                assertThat(in.read()).isEqualTo(new Pdu.Abort(2, 5));
            }
        }
    }

    @Test
    void aSilentClientIsCutOffWhenArtimEnds() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served = serving(listening, s -> AssociationAcceptor.serve(s, QUICK));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                assertThat(Loopback.toTheEnd(socket.getInputStream())).isEmpty();
                AssociationSummary summary = served.get(10, TimeUnit.SECONDS);
                assertThat(summary.ending()).isEqualTo(Ending.TIMED_OUT);
                assertThat(summary.failure().orElseThrow()).hasMessage("no A-ASSOCIATE-RQ within 400 ms");
            }
        }
    }

    @Test
    void aClientThatSendsOneOctetAtATimeIsCutOffAllTheSame() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served = serving(listening, s -> AssociationAcceptor.serve(s, QUICK));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                socket.setSoTimeout(50);
                byte[] request = PduCodec.encode(Requests.verification());
                long start = System.nanoTime();
                // The read's own timeout is the pace: an octet each 50 ms, until the other end closes.
                assertThat(trickle(socket, request)).isLessThan(request.length);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
                assertThat(served.get(10, TimeUnit.SECONDS).ending()).isEqualTo(Ending.TIMED_OUT);
            }
        }
    }

    private static int trickle(Socket socket, byte[] octets) {
        for (int sent = 0; sent < octets.length; sent++) {
            try {
                socket.getOutputStream().write(octets[sent]);
                if (socket.getInputStream().read() < 0) {
                    return sent;
                }
            } catch (SocketTimeoutException next) {
                // Not closed yet.
            } catch (IOException closed) {
                return sent;
            }
        }
        return octets.length;
    }

    @Test
    void anIdleAssociationIsAborted() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served = serving(listening, s -> AssociationAcceptor.serve(s, QUICK));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                PduReader in = new PduReader(socket.getInputStream(), 1 << 20);
                socket.getOutputStream().write(PduCodec.encode(Requests.verification()));
                assertThat(in.read()).isInstanceOf(Pdu.AssociateAccept.class);
                assertThat(in.read()).isEqualTo(new Pdu.Abort(0, 0));
                socket.shutdownOutput();
                AssociationSummary summary = served.get(10, TimeUnit.SECONDS);
                assertThat(summary.ending()).isEqualTo(Ending.TIMED_OUT);
                assertThat(summary.failure().orElseThrow()).hasMessage("no PDU within 400 ms");
            }
        }
    }

    @Test
    void aClientThatDoesNotCloseAfterItsReleaseIsCutOff() throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            Future<AssociationSummary> served = serving(listening, s -> AssociationAcceptor.serve(s, QUICK));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                PduReader in = new PduReader(socket.getInputStream(), 1 << 20);
                socket.getOutputStream().write(PduCodec.encode(Requests.verification()));
                in.read();
                socket.getOutputStream().write(PduCodec.encode(new Pdu.ReleaseRequest()));
                assertThat(in.read()).isEqualTo(new Pdu.ReleaseReply());
                assertThatThrownBy(in::read).isInstanceOf(EOFException.class);
                assertThat(served.get(10, TimeUnit.SECONDS).ending()).isEqualTo(Ending.RELEASED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4090, 4091, 4096, 8180, 5 * 1024 * 1024 + 1})
    void aDataSetArrivesOctetForOctet(int length) throws Exception {
        byte[] dataSet = new byte[length];
        new Random(length).nextBytes(dataSet);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        boolean[] completed = new boolean[1];
        StoreSink sink = instance -> new StoreSink.Reception() {
            @Override
            public OutputStream dataSet() {
                return received;
            }

            @Override
            public void complete() {
                completed[0] = true;
            }

            @Override
            public void close() {}
        };
        for (int maxLength : new int[] {4096, 256 * 1024}) {
            received.reset();
            try (ServerSocket listening = Loopback.listen()) {
                Future<AssociationSummary> served = serving(
                        listening,
                        s -> AssociationAcceptor.serve(
                                s, AcceptorOptions.defaults().withMaxPduLength(maxLength), sink));
                Association association = open(
                        Loopback.connect(listening.getLocalPort()),
                        List.of(new PresentationContext(1, Uid.SECONDARY_CAPTURE, List.of(JPEG))));
                assertThat(association.store(
                                Uid.SECONDARY_CAPTURE, "1.2.3", JPEG, new ByteArrayInputStream(dataSet)))
                        .isEqualTo(DimseStatus.SUCCESS);
                association.release();
                assertThat(served.get(10, TimeUnit.SECONDS).stored()).isEqualTo(1);
                assertThat(completed[0]).isTrue();
                assertThat(Arrays.equals(received.toByteArray(), dataSet)).isTrue();
            }
        }
    }

    @Test
    void aDataSetIsKeptAsAFileThatCanBeStoredAgain(@TempDir Path directory) throws Exception {
        byte[] dataSet = new byte[100_000];
        new Random(1).nextBytes(dataSet);
        try (ServerSocket listening = Loopback.listen()) {
            StoreSink sink = StoreSink.toDirectory(directory.resolve("kept"));
            serving(listening, s -> AssociationAcceptor.serve(s, AcceptorOptions.defaults(), sink));
            Association association = open(
                    Loopback.connect(listening.getLocalPort()),
                    List.of(new PresentationContext(1, Uid.SECONDARY_CAPTURE, List.of(JPEG))));
            assertThat(association.store(Uid.SECONDARY_CAPTURE, "1.2.3", JPEG, new ByteArrayInputStream(dataSet)))
                    .isEqualTo(DimseStatus.SUCCESS);
            Part10 file = Part10.read(directory.resolve("kept/1.2.3.dcm"));
            assertThat(file.sopClass()).isEqualTo(Uid.SECONDARY_CAPTURE);
            assertThat(file.sopInstance()).isEqualTo("1.2.3");
            assertThat(file.transferSyntax()).isEqualTo(JPEG);
            try (InputStream in = file.dataSet()) {
                assertThat(in.readAllBytes()).isEqualTo(dataSet);
            }
            assertThat(association.store(file)).isEqualTo(DimseStatus.SUCCESS);
            association.release();
            assertThat(names(directory.resolve("kept"))).containsExactly("1.2.3.dcm");
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void anInstanceUidThatWouldLeaveTheDirectoryIsRefused(@TempDir Path directory) throws Exception {
        try (ServerSocket listening = Loopback.listen()) {
            StoreSink sink = StoreSink.toDirectory(directory.resolve("kept"));
            serving(listening, s -> AssociationAcceptor.serve(s, AcceptorOptions.defaults(), sink));
            try (Socket socket = Loopback.connect(listening.getLocalPort())) {
                UpperLayer layer = new UpperLayer(socket, new Deadline(socket), UpperLayer.DEFAULT_PDU_LENGTH);
                layer.arm(Loopback.TIMEOUT);
                layer.write(Requests.proposing(
                        List.of(new PresentationContext(1, Uid.SECONDARY_CAPTURE, List.of(JPEG)))));
                layer.read();
                for (String uid : List.of("../1.2.3", "/etc/passwd", "1..2", "", ".", "1".repeat(65), "1.2\0/x")) {
                    layer.sendCommand(
                            1,
                            new CommandSet()
                                    .with(CommandSet.AFFECTED_SOP_CLASS, Uid.SECONDARY_CAPTURE)
                                    .with(CommandSet.COMMAND_FIELD, CommandSet.C_STORE_RQ)
                                    .with(CommandSet.MESSAGE_ID, 1)
                                    .with(CommandSet.DATA_SET_TYPE, 0)
                                    .with(CommandSet.AFFECTED_SOP_INSTANCE, uid));
                    layer.sendDataSet(1, new ByteArrayInputStream(new byte[10]), Loopback.TIMEOUT);
                    CommandSet response =
                            layer.nextCommand(Loopback.TIMEOUT).orElseThrow().set();
                    assertThat(response.integer(CommandSet.STATUS)).as(uid).isEqualTo(0x0117);
                }
            }
            assertThat(names(directory)).containsExactly("kept");
            assertThat(names(directory.resolve("kept"))).isEmpty();
        }
    }

    @Test
    void aSinkThatFailsOrADataSetThatIsTooLongIsAnsweredAndTheAssociationGoesOn(@TempDir Path directory)
            throws Exception {
        StoreSink full = instance -> {
            throw new IOException("no space left");
        };
        StoreSink broken = instance -> {
            throw new IllegalStateException("broken");
        };
        AcceptorOptions small = AcceptorOptions.defaults().withMaxInstanceLength(1000);
        assertThat(statusOf(AcceptorOptions.defaults(), full)).isEqualTo(DimseStatus.OUT_OF_RESOURCES);
        assertThat(statusOf(AcceptorOptions.defaults(), broken)).isEqualTo(DimseStatus.PROCESSING_FAILURE);
        assertThat(statusOf(small, StoreSink.toDirectory(directory))).isEqualTo(DimseStatus.OUT_OF_RESOURCES);
        assertThat(names(directory)).isEmpty();
    }

    private DimseStatus statusOf(AcceptorOptions options, StoreSink sink) throws IOException {
        try (ServerSocket listening = Loopback.listen()) {
            serving(listening, s -> AssociationAcceptor.serve(s, options, sink));
            Association association = open(
                    Loopback.connect(listening.getLocalPort()),
                    List.of(
                            new PresentationContext(1, Uid.SECONDARY_CAPTURE, List.of(JPEG)),
                            new PresentationContext(3, Uid.VERIFICATION, List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN))));
            DimseStatus status = association.store(
                    Uid.SECONDARY_CAPTURE, "1.2.3", JPEG, new ByteArrayInputStream(new byte[500_000]));
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            association.release();
            return status;
        }
    }

    @Test
    void argumentsAreCheckedBeforeAnythingIsSent() {
        Socket unused = new Socket();
        assertThatThrownBy(() -> open(unused, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Association.open(
                        unused, "A TITLE THAT IS TOO LONG", "ANY", PresentationContext.verification(),
                        Loopback.TIMEOUT))
                .hasMessage("not an AE title (1 to 16 printable ASCII characters, no backslash): "
                        + "'A TITLE THAT IS TOO LONG'");
        assertThatThrownBy(() -> Association.open(
                        unused, "A", "B", PresentationContext.verification(), Loopback.TIMEOUT, 100))
                .hasMessage("a maximum PDU length of 100 is outside 4096…1048576");
        assertThatCode(unused::close).doesNotThrowAnyException();
    }
}
