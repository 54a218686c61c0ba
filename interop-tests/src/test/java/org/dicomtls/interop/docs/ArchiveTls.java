package org.dicomtls.interop.docs;

import static org.dicomtls.interop.kit.ClientUnderTest.client;
import static org.dicomtls.interop.kit.ServerUnderTest.server;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.dicomtls.interop.kit.ConformanceTests;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.transport.Identity;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What users of the kit write, as the README and docs/junit-kit.md show it. By its name it is no test of ours. */
final class ArchiveTls {

    private ArchiveTls() {}

    private interface Modality {
        void echo(String host, int port) throws Exception;
    }

    private record Shortest(int port, Path pki, Identity identity, Modality modality) {

        @TestFactory
        Stream<DynamicTest> ourArchiveConforms() {
            return ConformanceTests.of(DicomProfiles.BCP195_RFC9325, server("localhost", port).presenting(identity));
        }

        @TestFactory
        Stream<DynamicTest> ourModalityConforms() {
            return ConformanceTests.of(DicomProfiles.BCP195_RFC9325, client(pki, (host, port) -> modality.echo(host, port)));
        }
    }

    private record WithOptions(int port, Modality modality) {

        @TestFactory
        Stream<DynamicTest> ourArchiveConforms() {
            return ConformanceTests.of(
                    DicomProfiles.BCP195_RFC9325,
                    server("localhost", port)
                            .presenting(Path.of("/tmp/pki"))      // made by 'dicom-tls pki'; the archive trusts its ca.pem
                            .trusting(Path.of("/tmp/pki/ca.pem"))
                            .waiving(Path.of("waivers.json")));
        }

        @TestFactory
        Stream<DynamicTest> ourModalityConforms() {
            return ConformanceTests.of(
                    DicomProfiles.BCP195_RFC9325,
                    client(Path.of("/tmp/pki"), (host, port) -> modality.echo(host, port)));
        }
    }
}
