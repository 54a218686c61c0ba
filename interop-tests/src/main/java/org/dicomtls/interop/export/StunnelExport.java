package org.dicomtls.interop.export;

import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;

/** A service of stunnel: TLS on one side, plain DICOM on the other. */
final class StunnelExport implements Exporter {

    /** Measured: 5.68 with OpenSSL 3.0.22, 5.75 with OpenSSL 3.5.9. */
    private static final Release.Range VERSIONS = Release.Range.from("5.50");

    @Override
    public Export export(Policy policy, Role role, Site site) {
        Settings settings = new Settings(policy);
        StringBuilder text = new StringBuilder("[dicom-tls]\n");
        if (role == Role.SERVER) {
            option(text, "accept", listener(site.listen()));
            option(text, "connect", site.plain().toString());
        } else {
            option(text, "client", "yes");
            option(text, "accept", listener(site.plain()));
            option(text, "connect", site.peer().toString());
        }
        credentials(text, site);
        if (role == Role.CLIENT || site.clientAuthentication()) {
            option(text, "CAfile", site.trust());
            site.revoked().ifPresent(file -> option(text, "CRLfile", file));
            option(text, "verifyChain", "yes");
        }
        if (role == Role.CLIENT && site.named()) {
            option(text, "sni", site.peerName());
        }
        if (role == Role.CLIENT && settings.hostChecked()) {
            option(text, site.named() ? "checkHost" : "checkIP", site.peerName());
        }
        option(text, "sslVersionMin", version(settings.oldest()));
        option(text, "sslVersionMax", version(settings.newest()));
        option(text, "ciphers", settings.ciphers());
        if (settings.tls13()) {
            option(text, "ciphersuites", settings.ciphersuites());
        }
        option(text, "curves", settings.groups());
        option(text, "config", "SignatureAlgorithms:" + settings.schemes());
        option(text, "config", "ClientSignatureAlgorithms:" + settings.schemes());
        option(text, "options", "NO_RENEGOTIATION");
        option(text, "options", "NO_TICKET");
        if (role == Role.SERVER) {
            if (settings.dhe()) {
                option(text, "config", "DHParameters:" + site.dhParameters());
            }
            option(text, "options", "CIPHER_SERVER_PREFERENCE");
            option(text, "renegotiation", "no");
            option(text, "sessionCacheSize", "1");
        }
        List<Outlook> outlooks = Stream.of(OpenSslLibrary.values())
                .map(library -> new Outlook(
                        Release.of("stunnel 5.50 and later", VERSIONS, library), "", policy.profile(),
                        end(policy, role, site, library).model()))
                .toList();
        Comments comments = Comments.of("#", policy, role, "stunnel, a service of its own", outlooks);
        if (role == Role.SERVER && settings.dhe()) {
            comments.line("").line(Settings.dhParametersNote(site));
        }
        return new Export(comments + "\n" + text, outlooks);
    }

    private static ProgramEnd end(Policy policy, Role role, Site site, OpenSslLibrary library) {
        ProgramEnd end = OpenSslEnd.of(policy, role, site, library);
        return role == Role.SERVER ? end.withoutResumption().answersServerNames() : end;
    }

    /** The first certificate has options of its own; a second kind of key goes to OpenSSL itself. */
    private static void credentials(StringBuilder text, Site site) {
        for (int i = 0; i < site.credentials().size(); i++) {
            Site.Credential credential = site.credentials().get(i);
            if (i == 0) {
                option(text, "cert", credential.certificate());
                option(text, "key", credential.key());
            } else {
                option(text, "config", "Certificate:" + credential.certificate());
                option(text, "config", "PrivateKey:" + credential.key());
            }
        }
    }

    private static String listener(Site.Endpoint endpoint) {
        return endpoint.host().isEmpty() ? ":::" + endpoint.port() : endpoint.toString();
    }

    private static String version(TlsVersion version) {
        return version.name();
    }

    /** The rest of the line is the value as it stands. */
    private static void option(StringBuilder text, String name, String value) {
        text.append(name).append(" = ").append(value).append('\n');
    }
}
