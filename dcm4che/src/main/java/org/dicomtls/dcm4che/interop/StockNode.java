package org.dicomtls.dcm4che.interop;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.data.UID;
import org.dcm4che3.io.DicomInputStream;
import org.dcm4che3.io.DicomOutputStream;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.AssociationMonitor;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.DimseRSP;
import org.dcm4che3.net.IncompatibleConnectionException;
import org.dcm4che3.net.InputStreamDataWriter;
import org.dcm4che3.net.PDVInputStream;
import org.dcm4che3.net.SSLManagerFactory;
import org.dcm4che3.net.Status;
import org.dcm4che3.net.TransferCapability;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dcm4che3.net.service.BasicCEchoSCP;
import org.dcm4che3.net.service.BasicCStoreSCP;
import org.dcm4che3.net.service.DicomServiceException;
import org.dcm4che3.net.service.DicomServiceRegistry;
import org.dcm4che3.util.UIDUtils;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.rule.Role;

/** A device of dcm4che with nothing of this library in it: C-ECHO and C-STORE in either role. */
final class StockNode implements AutoCloseable {

    private static final String TITLE = "DCM4CHE";
    private static final String CALLED = "ANY-SCP";
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final long ENDING_NANOS = 5_000_000_000L;

    private final Dcm4che.Configuration configuration;
    private final Bench bench;
    private final Device device = new Device(TITLE);
    private final ApplicationEntity ae = new ApplicationEntity("*");
    private final Connection connection;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);

    private StockNode(Dcm4che.Configuration configuration, Bench bench, Role role, int port) throws IOException {
        this.configuration = configuration;
        this.bench = bench;
        this.connection = connection("own", InetAddress.getLoopbackAddress().getHostAddress(), port);
        timers.setRemoveOnCancelPolicy(true);
        device.setExecutor(threads);
        device.setScheduledExecutor(timers);
        try {
            KeyKind kind = configuration.key();
            Credential credential =
                    PemCredential.read(kind.id(), bench.certificate(role, kind), bench.key(role, kind));
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("own", credential.key(), PASSWORD, credential.chain().toArray(X509Certificate[]::new));
            device.setKeyManager(SSLManagerFactory.createKeyManager(keys, PASSWORD));
            device.setTrustManager(SSLManagerFactory.createTrustManager(
                    PemCredential.certificates(bench.authority()).toArray(X509Certificate[]::new)));
        } catch (GeneralSecurityException e) {
            throw new IOException("dcm4che takes no such key: " + e.getMessage(), e);
        }
        device.addConnection(connection);
        device.addApplicationEntity(ae);
        device.setAssociationMonitor(new Monitor(bench.log()));
        ae.addConnection(connection);
        ae.setAssociationAcceptor(true);
        ae.setAssociationInitiator(true);
        ae.addTransferCapability(new TransferCapability(null, "*", TransferCapability.Role.SCP, "*"));
    }

    /** A connection as the tools make it; both that of this end and that which stands for the other need the lists. */
    private Connection connection(String name, String host, int port) {
        Connection made = new Connection(name, host, port);
        made.setTlsProtocols(configuration.protocols().toArray(String[]::new));
        made.setTlsCipherSuites(configuration.suites().toArray(String[]::new));
        int millis = (int) bench.timeout().toMillis();
        made.setConnectTimeout(millis);
        made.setRequestTimeout(millis);
        made.setAcceptTimeout(millis);
        made.setResponseTimeout(millis);
        made.setReleaseTimeout(millis);
        return made;
    }

    static PeerServer serve(Dcm4che.Configuration configuration, Bench bench) throws IOException {
        StockNode node = new StockNode(configuration, bench, Role.SERVER, bench.freePort());
        Path directory = Files.createDirectories(bench.directory().resolve("kept"));
        DicomServiceRegistry services = new DicomServiceRegistry();
        services.addDicomService(new BasicCEchoSCP());
        services.addDicomService(new Keeper(directory));
        node.ae.setDimseRQHandler(services);
        try {
            node.device.bindConnections();
        } catch (IOException | GeneralSecurityException e) {
            node.close();
            throw new IOException("dcm4che does not listen: " + e.getMessage(), e);
        }
        return new PeerServer() {
            @Override
            public int port() {
                return node.connection.getPort();
            }

            @Override
            public Optional<Path> stored(String sopInstance) {
                return Optional.of(directory.resolve(sopInstance)).filter(Files::exists);
            }

            @Override
            public void close() {
                node.close();
            }
        };
    }

    static PeerClient client(Dcm4che.Configuration configuration, Bench bench) throws IOException {
        StockNode node = new StockNode(configuration, bench, Role.CLIENT, Connection.NOT_LISTENING);
        return new PeerClient() {
            @Override
            public Outcome echo(String host, int port) throws InterruptedException {
                return node.call(host, port, UID.Verification, UID.ImplicitVRLittleEndian, Association::cecho);
            }

            @Override
            public Outcome store(String host, int port, Path file) throws IOException, InterruptedException {
                return node.store(host, port, file);
            }

            @Override
            public void close() {
                node.close();
            }
        };
    }

    private interface Operation {
        DimseRSP on(Association association) throws IOException, InterruptedException;
    }

    private PeerClient.Outcome store(String host, int port, Path file) throws IOException, InterruptedException {
        try (DicomInputStream in = new DicomInputStream(file.toFile());
                InputStream dataSet = Files.newInputStream(file)) {
            Attributes meta = in.readFileMetaInformation();
            dataSet.skipNBytes(in.getPosition());
            String sopClass = meta.getString(Tag.MediaStorageSOPClassUID);
            String syntax = meta.getString(Tag.TransferSyntaxUID);
            return call(host, port, sopClass, syntax, association -> association.cstore(
                    sopClass,
                    meta.getString(Tag.MediaStorageSOPInstanceUID),
                    0,
                    new InputStreamDataWriter(dataSet),
                    syntax));
        }
    }

    private PeerClient.Outcome call(String host, int port, String sopClass, String syntax, Operation operation)
            throws InterruptedException {
        AAssociateRQ request = new AAssociateRQ();
        request.setCallingAET(TITLE);
        request.setCalledAET(CALLED);
        request.addPresentationContext(new PresentationContext(1, sopClass, syntax));
        try {
            Association association = ae.connect(connection, connection("peer", host, port), request);
            try {
                DimseRSP response = operation.on(association);
                response.next();
                int status = response.getCommand().getInt(Tag.Status, -1);
                association.release();
                return status == Status.Success
                        ? PeerClient.Outcome.SUCCEEDED
                        : PeerClient.Outcome.failed(String.format("status %04X", status));
            } finally {
                association.waitForSocketClose();
            }
        } catch (IOException | GeneralSecurityException | IncompatibleConnectionException | IllegalArgumentException e) {
            // JSSE answers a suite that it does not know with an IllegalArgumentException.
            bench.log().say(e.toString());
            return PeerClient.Outcome.failed(String.valueOf(e.getMessage()));
        }
    }

    /** A socket is closed by a timer, a moment after the association has ended; so the timers end last. */
    @Override
    public void close() {
        device.unbindConnections();
        long end = System.nanoTime() + ENDING_NANOS;
        while (device.getNumberOfOpenAssociations() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        timers.shutdown();
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    /** Keeps objects as files that are named by their SOP Instance UID. */
    private static final class Keeper extends BasicCStoreSCP {
        private final Path directory;

        Keeper(Path directory) {
            super("*");
            this.directory = directory;
        }

        @Override
        protected void store(
                Association association,
                PresentationContext context,
                Attributes request,
                PDVInputStream data,
                Attributes response)
                throws IOException {
            String instance = request.getString(Tag.AffectedSOPInstanceUID, "");
            if (!UIDUtils.isValid(instance)) {
                throw new DicomServiceException(Status.InvalidObjectInstance);
            }
            Path part = directory.resolve(instance + ".part");
            try (DicomOutputStream out = new DicomOutputStream(part.toFile())) {
                out.writeFileMetaInformation(association.createFileMetaInformation(
                        instance, request.getString(Tag.AffectedSOPClassUID), context.getTransferSyntax()));
                data.copyTo(out);
            }
            Files.move(part, directory.resolve(instance));
        }
    }

    private record Monitor(PeerLog log) implements AssociationMonitor {
        @Override
        public void onAssociationEstablished(Association association) {
            log.say(association + " established");
        }

        @Override
        public void onAssociationFailed(Association association, Throwable e) {
            log.say(association + " failed: " + e);
        }

        @Override
        public void onAssociationRejected(Association association, AAssociateRJ rejection) {
            log.say(association + " rejected: " + rejection);
        }

        @Override
        public void onAssociationAccepted(Association association) {
            log.say(association + " accepted");
        }
    }
}
