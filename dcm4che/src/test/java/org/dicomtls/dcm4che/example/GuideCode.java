package org.dicomtls.dcm4che.example;

import java.nio.file.Path;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dicomtls.dcm4che.AssociationSecurity;
import org.dicomtls.dcm4che.PolicyConnection;
import org.dicomtls.dcm4che.PolicyDevice;
import org.dicomtls.dcm4che.TlsConnections;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;

/** The lines that docs/dcm4che.md and the README show, so that they compile. What they do is tested in PolicyTest. */
final class GuideCode {

    private GuideCode() {}

    static Device fiveLines(
            Path certificates, Path key, Path hospitalCa, Connection connection, Connection remoteConnection)
            throws Exception {
        SecureTransport transport = SecureTransport.of(DicomProfiles.BCP195_NON_DOWNGRADING)
                .identity(Identity.pem(certificates, key)).trust(Trust.pem(hospitalCa)).build();
        Device device = new PolicyDevice("STORESCP", transport);             // instead of new Device("STORESCP")
        device.addConnection(TlsConnections.secure(transport, connection));  // instead of setTlsCipherSuites and the like
        TlsConnections.secure(transport, remoteConnection);                  // a client also needs the peer's Connection object
        return device;
    }

    static void readme(
            SecureTransport transport, Connection connection, Connection remoteConnection, Association association) {
        Device device = new PolicyDevice("STORESCP", transport);
        device.addConnection(TlsConnections.secure(transport, connection));
        TlsConnections.secure(transport, remoteConnection);
        AssociationSecurity.of(association).peerCertificate();
    }

    static void loaded(Device loaded, Device loadedAgain, SecureTransport transport) throws Exception {
        PolicyDevice device = PolicyDevice.of(loaded, transport);   // then set executors, handlers and monitors on it
        device.reconfigure(loadedAgain);                            // when the configuration was changed
        device.rebindConnections();
    }

    static void renewed(PolicyDevice device, SecureTransport transportWithTheNewCertificate) throws Exception {
        device.reload(transportWithTheNewCertificate);
    }

    static void oldModality(PolicyDevice device, SecureTransport transportForTheOldModality) throws Exception {
        device.addConnection(new PolicyConnection("old modality", "0.0.0.0", 2763, transportForTheOldModality));
    }
}
