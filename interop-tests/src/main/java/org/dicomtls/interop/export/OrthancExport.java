package org.dicomtls.interop.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.interop.report.Json;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.TlsVersion;

/** The DICOM part of Orthanc's configuration. One certificate serves its SCP and its SCU. */
final class OrthancExport implements Exporter {

    /** Measured: 1.10.1, with DCMTK 3.6.7. */
    private static final Release OLD = Release.of("Orthanc 1.9 to 1.12.3", Release.Range.of("1.9", "1.12.4"));

    /** Measured: 1.12.7, with DCMTK 3.6.9. */
    private static final Release NEW = Release.of("Orthanc 1.12.4 and later", Release.Range.from("1.12.4"));

    private static final String FIXED = "Orthanc is fixed to DCMTK's --profile-bcp195 before 1.12.4";

    /** Of {@code DicomTlsMinimumProtocolVersion}. */
    private static final int TLS_1_2_AND_LATER = 4;

    private static final int TLS_1_3 = 5;

    @Override
    public Export export(Policy policy, Role role, Site site) {
        List<Site> ways = site.credentials().size() < 2
                ? List.of(site)
                : site.credentials().stream().map(c -> site.with(List.of(c))).toList();
        Site chosen = Settings.best(ways, way -> outlooks(policy, role, way));
        List<Outlook> outlooks = outlooks(policy, role, chosen);
        Comments comments = Comments.of("//", policy, role, "Orthanc, besides the rest of its configuration", outlooks);
        return new Export(comments + Json.text(json(policy, role, chosen)), outlooks);
    }

    private static List<Outlook> outlooks(Policy policy, Role role, Site site) {
        return Stream.of(OLD, NEW)
                .map(release -> new Outlook(release, "", policy.profile(), end(policy, role, site, release).model()))
                .toList();
    }

    private static ProgramEnd end(Policy policy, Role role, Site site, Release release) {
        ProgramEnd end = OpenSslEnd.of(policy, role, site).refuses(
                Property.REVOCATION_STRATEGY, "Orthanc has no option for a list of revoked certificates");
        if (release.equals(OLD)) {
            DcmtkRelease.V3_6_7.apply(end, role, DcmtkOption.BCP195, List.of(), FIXED, FIXED);
            return end;
        }
        DcmtkRelease.V3_6_9.habits(end, role, "Orthanc has no option for it");
        end.takesWeakCertificates(
                1024, List.of(HashAlgorithm.MD5, HashAlgorithm.SHA1), "Orthanc has no option against weak certificates");
        Settings settings = new Settings(policy);
        end.suites(negotiated(policy, settings), "Orthanc has no upper limit for the version")
                .ordered("Orthanc takes suites in the order of their names");
        if (!settings.tls13()) {
            end.versions(List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2), "Orthanc has no upper limit for the version");
        }
        return end;
    }

    /** It sorts them by name, whatever the order of the list; without one of TLS 1.3, that version has OpenSSL's own. */
    private static List<CipherSuite> negotiated(Policy policy, Settings settings) {
        List<CipherSuite> suites = new ArrayList<>(policy.suites().stream()
                .filter(OpenSslNames::has)
                .sorted(Comparator.comparing((CipherSuite s) -> OpenSslNames.name(s)))
                .toList());
        if (!settings.tls13()) {
            suites.addAll(0, DcmtkRelease.DEFAULT_TLS13);
        }
        return suites;
    }

    private static ObjectNode json(Policy policy, Role role, Site site) {
        ObjectNode json = Json.object();
        json.put("DicomAet", site.aeTitle());
        if (role == Role.SERVER) {
            json.put("DicomServerEnabled", true)
                    .put("DicomPort", site.listen().requireEveryAddress("Orthanc").port())
                    .put("DicomTlsEnabled", true);
        }
        site.credentials().stream().findFirst().ifPresent(credential -> {
            json.put("DicomTlsCertificate", credential.certificate());
            json.put("DicomTlsPrivateKey", credential.key());
        });
        boolean verified = role == Role.CLIENT || site.clientAuthentication();
        if (verified) {
            json.put("DicomTlsTrustedCertificates", site.trust());
        }
        json.put("DicomTlsRemoteCertificateRequired", verified);
        Settings settings = new Settings(policy);
        json.put(
                "DicomTlsMinimumProtocolVersion",
                settings.oldest().equals(TlsVersion.TLS_1_3) ? TLS_1_3 : TLS_1_2_AND_LATER);
        ArrayNode ciphers = json.putArray("DicomTlsCiphersAccepted");
        policy.suites().stream().filter(OpenSslNames::has).map(OpenSslNames::name).forEach(ciphers::add);
        if (role == Role.CLIENT) {
            json.putObject("DicomModalities")
                    .putObject("peer")
                    .put("AET", site.peerAeTitle())
                    .put("Host", site.peer().host())
                    .put("Port", site.peer().port())
                    .put("UseDicomTls", true);
        }
        return json;
    }
}
