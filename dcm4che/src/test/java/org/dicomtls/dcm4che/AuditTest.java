package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.SSLManagerFactory;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.Conclusion;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.Test;

/** The auditor, which shares no code with the enforcing side, on an SCP of dcm4che. */
class AuditTest {

    private static Audit audit(Node scp) throws Exception {
        Target target =
                new Target("127.0.0.1", scp.port(), Duration.ofSeconds(5), Duration.ZERO, "DICOM-TLS", "SCP");
        return Audit.of(target, DicomProfiles.BCP195_MODIFIED, Presented.of(Keys.PKI), Manner.DEFAULT);
    }

    private static List<String> broken(Audit audit) {
        return audit.broken().stream().map(f -> f.rule().id()).toList();
    }

    @Test
    void underB13NoShallIsViolated() throws Exception {
        try (Node scp = Node.scp(Keys.transport(DicomProfiles.BCP195_MODIFIED, Engine.BC, Role.SERVER).build())) {
            Audit audit = audit(scp);
            assertThat(broken(audit)).isEmpty();
            assertThat(audit.open()).isEmpty();
            assertThat(audit.conclusion()).isEqualTo(Conclusion.CONFORMANT);
        }
    }

    @Test
    void withTheSuitesOfTheOptionTlsItDoesNotConform() throws Exception {
        Device device = new Device("stock");
        Connection connection = new Connection("in", "127.0.0.1", Ports.free());
        // What the option --tls of dcm4che's own tools stands for; the version is the default of Connection.
        connection.setTlsCipherSuites(
                Connection.TLS_RSA_WITH_NULL_SHA,
                Connection.TLS_RSA_WITH_AES_128_CBC_SHA,
                Connection.TLS_RSA_WITH_3DES_EDE_CBC_SHA);
        device.setKeyManager(Stock.keyManager(Keys.PKI, Role.SERVER));
        device.setTrustManager(SSLManagerFactory.createTrustManager(Keys.PKI.authority()));
        try (Node scp = Node.of(device, "SCP", connection)) {
            device.bindConnections();
            Audit audit = audit(scp);
            assertThat(audit.conclusion()).isEqualTo(Conclusion.NON_CONFORMANT);
            // A JDK of today refuses some of those suites by itself, so what is broken besides differs.
            assertThat(broken(audit))
                    .contains("B13/tls12-suites-required", "B13/tls13-suites-required", "B13/server-versions");
        }
    }
}
