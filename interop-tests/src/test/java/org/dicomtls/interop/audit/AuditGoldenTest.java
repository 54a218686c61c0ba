package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.report.Json;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;

/** The JSON that scripts of labs read, octet for octet. */
class AuditGoldenTest {

    private static final Path GOLDEN =
            Path.of("src", "test", "resources", "org", "dicomtls", "interop", "audit", "audit-golden.json");

    private static Acceptance audit() {
        Facts facts = Facts.of(Role.SERVER)
                .condition(Condition.TLS_1_2, true)
                .condition(Condition.TLS_1_3, false)
                .condition(Condition.DHE, false)
                .condition(Condition.CBC, true)
                .supportsExactly(Dimension.VERSION, List.of(TlsVersion.TLS_1_1, TlsVersion.TLS_1_2))
                .evidence(Dimension.VERSION, "TLS 1.1 hello → TLSv1.1 TLS_RSA_WITH_AES_128_CBC_SHA")
                .supportsExactly(
                        Dimension.SUITE_TLS12,
                        List.of(
                                CipherSuite.require("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                                CipherSuite.require("TLS_RSA_WITH_AES_128_CBC_SHA")))
                .evidence(Dimension.SUITE_TLS12, "TLS 1.2 → \"quotes\", <markup> & é")
                .supportsExactly(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.SHA256))
                .measured(Metric.RSA_CERTIFICATE_BITS, 2048, true)
                .holds(Property.EXTENDED_MASTER_SECRET, true)
                .holds(Property.RENEGOTIATION_INFO, false)
                .holds(Property.RECOMMENDED_PORT, false)
                .holds(Property.CLIENT_AUTHENTICATION_SUPPORTED, false)
                .build();
        Survey survey = new Survey(
                facts,
                facts,
                Map.of(Metric.EC_CERTIFICATE_BITS, "no such certificate was presented"),
                Map.of(Dimension.GROUP, "the server answered no question about groups"),
                List.of("an unknown extension (GREASE) ends the handshake"),
                95,
                1234,
                false);
        Audit audit = Audit.of("pacs.example:2762", DicomProfiles.BCP195_RFC9325, survey);
        LocalDate day = LocalDate.of(2026, 11, 23);
        return new Acceptance(
                audit,
                new OnRecord(
                        List.of(
                                new Waiver(
                                        "RFC9325/renegotiation-info",
                                        "the modality is replaced in spring",
                                        "radiology IT",
                                        Optional.of(LocalDate.of(2027, 3, 31))),
                                new Waiver(
                                        "RFC9325/extended-master-secret",
                                        "not needed any more",
                                        "radiology IT",
                                        Optional.empty()),
                                new Waiver(
                                        "RFC8996/tls11-forbidden",
                                        "ended",
                                        "radiology IT",
                                        Optional.of(LocalDate.of(2026, 11, 22)))),
                        Optional.of(new Baseline(
                                "bcp195-rfc9325",
                                Role.SERVER,
                                "pacs.example:2762",
                                new java.util.LinkedHashSet<>(List.of(
                                        "B12/port-2762", "RFC9325/server-rsa-certificate-2048", "RFC9325/ocsp-stapling")))),
                        day));
    }

    @Test
    void jsonIsTheSameOctetForOctet() throws IOException {
        String json = Json.text(AuditJson.of(audit()));
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, json);
        }
        assertThat(json)
                .as("%s; where the change is meant, write it anew with: mvn -pl interop-tests -am test"
                        + " -Dtest=AuditGoldenTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true", GOLDEN)
                .isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void theGoldenAuditShowsEveryKeyThatThereIs() {
        String golden = Json.text(AuditJson.of(audit()));
        for (String key : Set.of(
                "accepted", "waived", "new", "remarks", "waiversExpired", "waiversNotNeeded", "mended", "undecidedSince")) {
            assertThat(golden).contains("\"" + key + "\" : ");
        }
        for (String verdict : Set.of("SATISFIED", "VIOLATED", "INCONCLUSIVE", "NOT_APPLICABLE")) {
            assertThat(golden).contains("\"verdict\" : \"" + verdict + "\"");
        }
    }
}
