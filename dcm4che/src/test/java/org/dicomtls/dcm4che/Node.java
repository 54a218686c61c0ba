package org.dicomtls.dcm4che;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.data.UID;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.DimseRSP;
import org.dcm4che3.net.PDVInputStream;
import org.dcm4che3.net.TransferCapability;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dcm4che3.net.service.BasicCEchoSCP;
import org.dcm4che3.net.service.BasicCStoreSCP;
import org.dcm4che3.net.service.DicomServiceRegistry;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.transport.SecureTransport;

/** A device of dcm4che with one AE for C-ECHO and C-STORE in both roles. */
final class Node implements AutoCloseable {

    static final String STORAGE = "1.2.840.10008.5.1.4.1.1.7";

    final Device device;
    final ApplicationEntity ae;
    final Connection connection;
    /** SHA-256 of the data set that came first. */
    final CompletableFuture<String> stored = new CompletableFuture<>();

    /** The acceptor's view of the association that came first. */
    final CompletableFuture<AssociationSecurity> accepted = new CompletableFuture<>();

    /** What the acceptor does before it answers a C-STORE. */
    volatile Runnable whenStored = () -> {};

    /** Done when the acceptor begins to read an object. */
    final CompletableFuture<Void> storing = new CompletableFuture<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);

    private Node(Device device, String title, Connection connection) {
        this.device = device;
        this.connection = connection;
        timers.setRemoveOnCancelPolicy(true); // else a timeout that was stopped waits in the queue until its time
        device.setExecutor(threads);
        device.setScheduledExecutor(timers);
        ae = new ApplicationEntity(title);
        ae.setAssociationAcceptor(true);
        ae.setAssociationInitiator(true);
        device.addConnection(connection);
        device.addApplicationEntity(ae);
        ae.addConnection(connection);
        for (String sopClass : new String[] {UID.Verification, STORAGE}) {
            ae.addTransferCapability(new TransferCapability(
                    null, sopClass, TransferCapability.Role.SCP, UID.ImplicitVRLittleEndian));
        }
        DicomServiceRegistry services = new DicomServiceRegistry();
        services.addDicomService(new BasicCEchoSCP() {
            @Override
            public void onDimseRQ(
                    Association as,
                    PresentationContext context,
                    org.dcm4che3.net.Dimse dimse,
                    Attributes command,
                    Attributes data)
                    throws IOException {
                if (device instanceof PolicyDevice) {
                    accepted.complete(AssociationSecurity.of(as));
                }
                super.onDimseRQ(as, context, dimse, command, data);
            }
        });
        services.addDicomService(new BasicCStoreSCP("*") {
            @Override
            protected void store(
                    Association as, PresentationContext context, Attributes rq, PDVInputStream data, Attributes rsp)
                    throws IOException {
                storing.complete(null);
                MessageDigest digest = sha256();
                data.copyTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
                stored.complete(HexFormat.of().formatHex(digest.digest()));
                whenStored.run();
            }
        });
        ae.setDimseRQHandler(services);
    }

    static Node of(Device device, String title, Connection connection) {
        return new Node(device, title, connection);
    }

    /** A node that listens. */
    static Node scp(SecureTransport transport) throws Exception {
        Node node = of(
                new PolicyDevice("scp", transport),
                "SCP",
                TlsConnections.secure(transport, new Connection("dicom-tls", "127.0.0.1", Ports.free())));
        node.device.bindConnections();
        return node;
    }

    /** A node that connects only. */
    static Node scu(SecureTransport transport) {
        return scu(transport, "SCU");
    }

    static Node scu(SecureTransport transport, String title) {
        return of(
                new PolicyDevice("scu", transport),
                title,
                TlsConnections.secure(transport, new Connection("out", "127.0.0.1")));
    }

    int port() {
        return connection.getPort();
    }

    /** A Connection object that stands for that node, as this one sees it. */
    static Connection remote(SecureTransport transport, int port) {
        return TlsConnections.secure(transport, new Connection("remote", "127.0.0.1", port));
    }

    Association open(Connection remote) throws Exception {
        AAssociateRQ request = new AAssociateRQ();
        request.setCalledAET("SCP");
        request.addPresentationContext(new PresentationContext(1, UID.Verification, UID.ImplicitVRLittleEndian));
        request.addPresentationContext(new PresentationContext(3, STORAGE, UID.ImplicitVRLittleEndian));
        return ae.connect(connection, remote, request);
    }

    /** Does a C-ECHO and releases; returns this end's view of the connection. */
    AssociationSecurity echo(Connection remote) throws Exception {
        Association association = open(remote);
        int status = status(association.cecho());
        if (status != 0) {
            throw new IOException("C-ECHO status " + status);
        }
        AssociationSecurity security = device instanceof PolicyDevice ? AssociationSecurity.of(association) : null;
        association.release();
        return security;
    }

    static int status(DimseRSP response) throws Exception {
        response.next();
        return response.getCommand().getInt(Tag.Status, -1);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** dcm4che closes a socket a moment after A-RELEASE-RP and A-ABORT, by a timer; so timers end last. */
    @Override
    public void close() {
        device.unbindConnections();
        long end = System.nanoTime() + 2_000_000_000L;
        while (device.getNumberOfOpenAssociations() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        timers.shutdown();
        threads.shutdownNow();
    }
}
