package org.dicomtls.dcm4che.example;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.io.DicomInputStream;
import org.dcm4che3.net.*;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dicomtls.dcm4che.*;
import org.dicomtls.rule.Profiles;
import org.dicomtls.transport.*;

/** Sends a file: {@code StoreScu PROFILE HOST PORT CERTIFICATES KEY TRUSTED FILE}. */
public final class StoreScu {
    public static void main(String[] args) throws Exception {
        SecureTransport transport = SecureTransport.of(Profiles.named(args[0]))
                .identity(Identity.pem(Path.of(args[3]), Path.of(args[4])))
                .trust(Trust.pem(Path.of(args[5])))
                .build();
        Device device = new PolicyDevice("storescu", transport);
        var threads = Executors.newCachedThreadPool();
        var timers = Executors.newSingleThreadScheduledExecutor();
        device.setExecutor(threads);
        device.setScheduledExecutor(timers);
        Connection local = TlsConnections.secure(transport, new Connection());
        Connection remote = TlsConnections.secure(
                transport, new Connection("scp", args[1], Integer.parseInt(args[2])));
        ApplicationEntity ae = new ApplicationEntity("STORESCU");
        device.addConnection(local);
        device.addApplicationEntity(ae);
        ae.addConnection(local);

        try (var file = new DicomInputStream(Path.of(args[6]).toFile());
                InputStream data = Files.newInputStream(Path.of(args[6]))) {
            Attributes meta = file.readFileMetaInformation();
            data.skipNBytes(file.getPosition());
            String sopClass = meta.getString(Tag.MediaStorageSOPClassUID);
            String syntax = meta.getString(Tag.TransferSyntaxUID);
            AAssociateRQ request = new AAssociateRQ();
            request.setCalledAET("STORESCP");
            request.addPresentationContext(new PresentationContext(1, sopClass, syntax));
            Association association = ae.connect(remote, request);
            System.out.println(AssociationSecurity.of(association));
            DimseRSP response = association.cstore(sopClass, meta.getString(Tag.MediaStorageSOPInstanceUID), 0,
                    new InputStreamDataWriter(data), syntax);
            response.next();
            System.out.printf("C-STORE status %04X%n", response.getCommand().getInt(Tag.Status, -1));
            association.release();
        } finally {
            threads.shutdown();
            timers.shutdown();
        }
    }
}
