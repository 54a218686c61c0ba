package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.data.UID;
import org.dcm4che3.data.VR;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.DataWriter;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.Dimse;
import org.dcm4che3.net.DimseRSP;
import org.dcm4che3.net.IncompatibleConnectionException;
import org.dcm4che3.net.Status;
import org.dcm4che3.net.TransferCapability;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dcm4che3.net.service.BasicCFindSCP;
import org.dcm4che3.net.service.BasicCMoveSCP;
import org.dcm4che3.net.service.BasicQueryTask;
import org.dcm4che3.net.service.BasicRetrieveTask;
import org.dcm4che3.net.service.DicomServiceException;
import org.dcm4che3.net.service.DicomServiceRegistry;
import org.dcm4che3.net.service.InstanceLocator;
import org.dcm4che3.net.service.QueryTask;
import org.dcm4che3.net.service.RetrieveTask;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.SecureTransport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C-FIND and C-MOVE: the sub-association that an archive opens is under the policy as well. */
class QueryRetrieveTest {

    private static final Profile PROFILE = DicomProfiles.BCP195_RFC9325;
    private static final String FIND = UID.StudyRootQueryRetrieveInformationModelFind;
    private static final String MOVE = UID.StudyRootQueryRetrieveInformationModelMove;
    private static final byte[] PIXELS = new byte[1_000_000];

    /** An archive with three studies: a port for those who ask, and a client for where the objects go. */
    private static final class Archive implements AutoCloseable {
        final Node node;
        final Device destination = new Device("destination");

        Archive(Engine engine) throws Exception {
            SecureTransport outwards = Keys.transport(PROFILE, engine, Role.CLIENT).build();
            node = Node.of(
                    new PolicyDevice("archive", Keys.transport(PROFILE, engine, Role.SERVER).build()),
                    "ARCHIVE",
                    new Connection("in", "127.0.0.1", Ports.free()));
            TlsConnections.secure(((PolicyDevice) node.device).transport(), node.connection);
            PolicyConnection out = new PolicyConnection("out", "127.0.0.1", Connection.NOT_LISTENING, outwards);
            node.device.addConnection(out);
            node.ae.addConnection(out);
            for (String sopClass : new String[] {FIND, MOVE}) {
                node.ae.addTransferCapability(new TransferCapability(
                        null, sopClass, TransferCapability.Role.SCP, UID.ImplicitVRLittleEndian));
            }
            DicomServiceRegistry services = new DicomServiceRegistry();
            services.addDicomService(new Finding());
            services.addDicomService(new Moving(node.ae, out, destination));
            node.ae.setDimseRQHandler(services);
            node.device.bindConnections();
        }

        /** Makes an AE known, as a configuration does. */
        void knows(SecureTransport transport, String title, int port) {
            Connection connection =
                    TlsConnections.secure(transport, new Connection("its port", "127.0.0.1", port));
            ApplicationEntity ae = new ApplicationEntity(title);
            destination.addConnection(connection);
            destination.addApplicationEntity(ae);
            ae.addConnection(connection);
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private static final class Finding extends BasicCFindSCP {
        Finding() {
            super(FIND);
        }

        @Override
        protected QueryTask calculateMatches(
                Association association, PresentationContext context, Attributes request, Attributes keys) {
            Iterator<String> studies = List.of("2.25.11", "2.25.12", "2.25.13").iterator();
            return new BasicQueryTask(association, context, request, keys) {
                @Override
                protected boolean hasMoreMatches() {
                    return studies.hasNext();
                }

                @Override
                protected Attributes nextMatch() {
                    Attributes match = new Attributes();
                    match.setString(Tag.StudyInstanceUID, VR.UI, studies.next());
                    return match;
                }
            };
        }
    }

    private static final class Moving extends BasicCMoveSCP {
        private final ApplicationEntity own;
        private final Connection out;
        private final Device destination;

        Moving(ApplicationEntity own, Connection out, Device destination) {
            super(MOVE);
            this.own = own;
            this.out = out;
            this.destination = destination;
        }

        @Override
        protected RetrieveTask calculateMatches(
                Association association, PresentationContext context, Attributes request, Attributes keys)
                throws DicomServiceException {
            ApplicationEntity to = destination.getApplicationEntity(request.getString(Tag.MoveDestination));
            AAssociateRQ sub = new AAssociateRQ();
            sub.setCallingAET(own.getAETitle());
            sub.setCalledAET(to.getAETitle());
            sub.addPresentationContext(new PresentationContext(1, Node.STORAGE, UID.ImplicitVRLittleEndian));
            try {
                Association opened = own.connect(out, to.getConnections().get(0), sub);
                List<InstanceLocator> objects = List.of(
                        new InstanceLocator(Node.STORAGE, "2.25.21", UID.ImplicitVRLittleEndian, "memory:1"),
                        new InstanceLocator(Node.STORAGE, "2.25.22", UID.ImplicitVRLittleEndian, "memory:2"));
                return new BasicRetrieveTask<>(Dimse.C_MOVE_RQ, association, context, request, objects, opened) {
                    @Override
                    protected DataWriter createDataWriter(InstanceLocator object, String transferSyntax) {
                        return (out, syntax) -> out.write(PIXELS);
                    }
                };
            } catch (IOException | GeneralSecurityException | IncompatibleConnectionException e) {
                throw new DicomServiceException(Status.UnableToPerformSubOperations, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DicomServiceException(Status.ProcessingFailure, e);
            }
        }
    }

    private static Association open(Node scu, SecureTransport client, Archive archive, String sopClass) throws Exception {
        AAssociateRQ request = new AAssociateRQ();
        request.setCalledAET("ARCHIVE");
        request.addPresentationContext(new PresentationContext(1, sopClass, UID.ImplicitVRLittleEndian));
        return scu.ae.connect(scu.connection, Node.remote(client, archive.node.port()), request);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void studiesAreFound(Engine engine) throws Exception {
        SecureTransport client = Keys.transport(PROFILE, engine, Role.CLIENT).build();
        try (Archive archive = new Archive(engine);
                Node scu = Node.scu(client)) {
            Association association = open(scu, client, archive, FIND);
            Attributes keys = new Attributes();
            keys.setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY");
            keys.setNull(Tag.StudyInstanceUID, VR.UI);
            List<String> found = new ArrayList<>();
            DimseRSP response = association.cfind(FIND, 0, keys, UID.ImplicitVRLittleEndian, 0);
            while (response.next()) {
                if (Status.isPending(response.getCommand().getInt(Tag.Status, -1))) {
                    found.add(response.getDataset().getString(Tag.StudyInstanceUID));
                }
            }
            association.release();
            assertThat(found).containsExactly("2.25.11", "2.25.12", "2.25.13");
        }
    }

    private static Attributes move(Node scu, SecureTransport client, Archive archive, String destination)
            throws Exception {
        Association association = open(scu, client, archive, MOVE);
        Attributes keys = new Attributes();
        keys.setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY");
        keys.setString(Tag.StudyInstanceUID, VR.UI, "2.25.11");
        DimseRSP response = association.cmove(MOVE, 0, keys, UID.ImplicitVRLittleEndian, destination);
        Attributes last = null;
        while (response.next()) {
            last = response.getCommand();
        }
        association.release();
        return last;
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void objectsAreMovedOverASubAssociationUnderTheProfile(Engine engine) throws Exception {
        SecureTransport client = Keys.transport(PROFILE, engine, Role.CLIENT).build();
        try (Log log = new Log();
                Archive archive = new Archive(engine);
                Node destination = Node.scp(Keys.transport(PROFILE, engine, Role.SERVER).build());
                Node scu = Node.scu(client)) {
            archive.knows(client, "SCP", destination.port());
            Attributes moved = move(scu, client, archive, "SCP");
            assertThat(moved.getInt(Tag.Status, -1)).isZero();
            assertThat(moved.getInt(Tag.NumberOfCompletedSuboperations, -1)).isEqualTo(2);
            MessageDigest sent = Node.sha256();
            sent.update(PIXELS);
            assertThat(destination.stored.get(10, TimeUnit.SECONDS))
                    .isEqualTo(HexFormat.of().formatHex(sent.digest()));
            log.await("ARCHIVE->SCP(", "bcp195-rfc9325 TLSv1.3", "peer CN=dicom-tls test server");
            log.await("SCP<-ARCHIVE(", "bcp195-rfc9325 TLSv1.3", "peer CN=dicom-tls test client");
        }
    }

    /** What has nothing in common with the archive gets nothing; who asked for it is told, and so is the log. */
    @ParameterizedTest
    @EnumSource(Engine.class)
    void nothingIsMovedToAnAeThatThePolicyRefuses(Engine engine) throws Exception {
        SecureTransport client = Keys.transport(PROFILE, engine, Role.CLIENT).build();
        SecureTransport stranger = Keys.transport(PROFILE, engine, Role.SERVER)
                .identity(Keys.identity(Keys.OTHER, Role.SERVER))
                .build();
        try (Log log = new Log();
                Archive archive = new Archive(engine);
                Node destination = Node.scp(stranger);
                Node scu = Node.scu(client)) {
            archive.knows(client, "STRANGER", destination.port());
            assertThat(move(scu, client, archive, "STRANGER").getInt(Tag.Status, -1))
                    .isEqualTo(Status.UnableToPerformSubOperations);
            log.await("its port (127.0.0.1:", "is AE STRANGER, refused: ", "not among the trusted authorities");
            assertThat(destination.stored).isNotDone();
        }
    }
}
