package org.dicomtls.dcm4che.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.io.DicomOutputStream;
import org.dcm4che3.net.*;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dcm4che3.net.service.*;
import org.dcm4che3.util.UIDUtils;
import org.dicomtls.dcm4che.*;
import org.dicomtls.rule.Profiles;
import org.dicomtls.transport.*;

/** Keeps what it is sent: {@code StoreScp PROFILE PORT CERTIFICATES KEY TRUSTED DIRECTORY}, all of them PEM files. */
public final class StoreScp {
    public static void main(String[] args) throws Exception {
        start(args);
    }

    static Device start(String... args) throws Exception {
        SecureTransport transport = SecureTransport.of(Profiles.named(args[0]))
                .identity(Identity.pem(Path.of(args[2]), Path.of(args[3])))
                .trust(Trust.pem(Path.of(args[4])))
                .build();
        Device device = new PolicyDevice("storescp", transport);
        device.setExecutor(Executors.newCachedThreadPool());
        device.setScheduledExecutor(Executors.newSingleThreadScheduledExecutor());
        Connection connection = new Connection("dicom-tls", "0.0.0.0", Integer.parseInt(args[1]));
        device.addConnection(TlsConnections.secure(transport, connection));
        ApplicationEntity ae = new ApplicationEntity("*");
        ae.setAssociationAcceptor(true);
        ae.addConnection(connection);
        ae.addTransferCapability(new TransferCapability(null, "*", TransferCapability.Role.SCP, "*"));
        DicomServiceRegistry services = new DicomServiceRegistry();
        services.addDicomService(new BasicCEchoSCP());
        services.addDicomService(new BasicCStoreSCP("*") {
            @Override
            protected void store(Association as, PresentationContext pc, Attributes rq, PDVInputStream data, Attributes rsp)
                    throws IOException {
                String instance = rq.getString(Tag.AffectedSOPInstanceUID, "");
                if (!UIDUtils.isValid(instance)) { // it becomes the name of a file
                    throw new DicomServiceException(Status.InvalidObjectInstance);
                }
                try (var out = new DicomOutputStream(Path.of(args[5], instance + ".dcm").toFile())) {
                    out.writeFileMetaInformation(as.createFileMetaInformation(
                            instance, rq.getString(Tag.AffectedSOPClassUID), pc.getTransferSyntax()));
                    data.copyTo(out);
                }
            }
        });
        ae.setDimseRQHandler(services);
        device.addApplicationEntity(ae);
        device.bindConnections();
        return device;
    }
}
