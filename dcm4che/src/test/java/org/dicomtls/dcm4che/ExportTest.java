package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.SSLManagerFactory;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.export.Export;
import org.dicomtls.interop.export.Format;
import org.dicomtls.interop.export.Outlook;
import org.dicomtls.interop.export.Site;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * A connection of dcm4che with the attributes of an LDIF export, set as LdapDicomConfiguration sets them: the SHALLs that
 * an audit finds broken are exactly those that the export lists.
 */
@Timeout(60)
class ExportTest {

    private static Export export(Profile profile, int port) {
        return Export.of(
                Format.LDIF,
                profile,
                Role.SERVER,
                new Site(
                        List.of(
                                new Site.Credential("rsa.pem", "rsa.key", KeyKind.RSA),
                                new Site.Credential("ecdsa.pem", "ecdsa.key", KeyKind.ECDSA_P256)),
                        "ca.pem",
                        Optional.empty(),
                        "dh.pem",
                        true,
                        new Site.Endpoint("127.0.0.1", port),
                        new Site.Endpoint("127.0.0.1", port),
                        "127.0.0.1",
                        new Site.Endpoint("127.0.0.1", 104),
                        "SCP",
                        "SCU",
                        "cn=in,dicomDeviceName=archive",
                        Optional.empty()));
    }

    private static List<String> values(Export export, String attribute) {
        return export.text().lines()
                .filter(line -> line.startsWith(attribute + ": "))
                .map(line -> line.substring(attribute.length() + 2))
                .toList();
    }

    private static Connection connection(Export export) {
        Connection connection = new Connection();
        connection.setCommonName("in");
        connection.setHostname(values(export, "dicomHostname").get(0));
        connection.setPort(Integer.parseInt(values(export, "dicomPort").get(0)));
        connection.setTlsCipherSuites(values(export, "dicomTLSCipherSuite").toArray(String[]::new));
        connection.setTlsNeedClientAuth(Boolean.parseBoolean(values(export, "dcmTLSNeedClientAuth").get(0)));
        connection.setTlsProtocols(values(export, "dcmTLSProtocol").toArray(String[]::new));
        return connection;
    }

    @TestFactory
    Stream<DynamicTest> connections() {
        return Keys.ENFORCEABLE.stream()
                .map(profile -> DynamicTest.dynamicTest(profile.id(), () -> isAsExported(profile)));
    }

    private static void isAsExported(Profile profile) throws Exception {
        Export export = export(profile, Ports.free());
        String java = Integer.toString(Runtime.version().feature());
        Optional<Outlook> outlook =
                export.outlooks().stream().filter(o -> o.release().covers(java, "0")).findFirst();
        assumeTrue(outlook.isPresent(), "skipped: exports say nothing of Java " + java);
        Device device = new Device("archive");
        device.setKeyManager(Stock.keyManager(Keys.PKI, Role.SERVER));
        device.setTrustManager(SSLManagerFactory.createTrustManager(Keys.PKI.authority()));
        try (Node scp = Node.of(device, "SCP", connection(export))) {
            device.bindConnections();
            Target target =
                    new Target("127.0.0.1", scp.port(), Duration.ofSeconds(5), Duration.ZERO, "DICOM-TLS", "SCP");
            Audit audit = Audit.of(target, profile, Presented.of(Keys.PKI), Manner.DEFAULT);
            Set<String> undecided = ids(audit.findings(), f -> f.verdict() == Verdict.INCONCLUSIVE);
            assertThat(ids(audit.broken(), f -> true))
                    .as(audit.words())
                    .isEqualTo(ids(outlook.orElseThrow().notKept(), f -> f.rule().strength() == Strength.SHALL
                            && !undecided.contains(f.rule().id())));
        }
    }

    private static Set<String> ids(List<Finding> findings, Predicate<Finding> which) {
        return findings.stream().filter(which).map(f -> f.rule().id()).collect(Collectors.toSet());
    }
}
