package org.dicomtls.interop.export;

import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Role;

/** nginx with its stream module: TLS on one side, plain DICOM on the other. */
final class NginxExport implements Exporter {

    /** Measured: 1.22.1 with OpenSSL 3.0.22, 1.26.3 with OpenSSL 3.5.9. ssl_conf_command came with 1.19.4. */
    private static final Release.Range VERSIONS = Release.Range.from("1.20");

    @Override
    public Export export(Policy policy, Role role, Site site) {
        Settings settings = new Settings(policy);
        StringBuilder text = new StringBuilder("stream {\n    server {\n");
        if (role == Role.SERVER) {
            server(text, settings, site);
        } else {
            client(text, settings, site);
        }
        text.append("    }\n}\n");
        List<Outlook> outlooks = Stream.of(OpenSslLibrary.values())
                .map(library -> new Outlook(
                        Release.of("nginx 1.20 and later", VERSIONS, library), "", policy.profile(),
                        end(policy, role, site, library).model()))
                .toList();
        Comments comments = Comments.of("#", policy, role, "the stream module of nginx, beside its http block", outlooks);
        if (role == Role.SERVER && settings.dhe()) {
            comments.line("").line(Settings.dhParametersNote(site));
        }
        return new Export(comments + "\n" + text, outlooks);
    }

    private static ProgramEnd end(Policy policy, Role role, Site site, OpenSslLibrary library) {
        ProgramEnd end = OpenSslEnd.of(policy, role, site, library);
        return role == Role.SERVER ? end.withoutResumption().answersServerNames() : end;
    }

    private static void server(StringBuilder text, Settings settings, Site site) {
        directive(text, "listen", site.listen().host().isEmpty() ? site.listen().port() + " ssl" : site.listen() + " ssl");
        directive(text, "proxy_pass", site.plain().toString());
        for (Site.Credential credential : site.credentials()) {
            directive(text, "ssl_certificate", quoted(credential.certificate()));
            directive(text, "ssl_certificate_key", quoted(credential.key()));
        }
        tls(text, "ssl_", settings);
        if (settings.dhe()) {
            directive(text, "ssl_dhparam", quoted(site.dhParameters()));
        }
        directive(text, "ssl_prefer_server_ciphers", "on");
        directive(text, "ssl_session_tickets", "off");
        directive(text, "ssl_session_cache", "off");
        if (site.clientAuthentication()) {
            directive(text, "ssl_verify_client", "on");
            directive(text, "ssl_verify_depth", "4");
            directive(text, "ssl_client_certificate", quoted(site.trust()));
            site.revoked().ifPresent(file -> directive(text, "ssl_crl", quoted(file)));
        }
    }

    private static void client(StringBuilder text, Settings settings, Site site) {
        directive(text, "listen", site.plain().toString());
        directive(text, "proxy_pass", site.peer().toString());
        directive(text, "proxy_ssl", "on");
        site.credentials().stream().findFirst().ifPresent(credential -> {
            directive(text, "proxy_ssl_certificate", quoted(credential.certificate()));
            directive(text, "proxy_ssl_certificate_key", quoted(credential.key()));
        });
        tls(text, "proxy_ssl_", settings);
        directive(text, "proxy_ssl_conf_command", "Options NoRenegotiation");
        directive(text, "proxy_ssl_session_reuse", "off");
        directive(text, "proxy_ssl_verify", "on");
        directive(text, "proxy_ssl_verify_depth", "4");
        directive(text, "proxy_ssl_trusted_certificate", quoted(site.trust()));
        site.revoked().ifPresent(file -> directive(text, "proxy_ssl_crl", quoted(file)));
        directive(text, "proxy_ssl_name", site.peerName());
        directive(text, "proxy_ssl_server_name", site.named() ? "on" : "off");
    }

    private static void tls(StringBuilder text, String prefix, Settings settings) {
        directive(
                text,
                prefix + "protocols",
                String.join(" ", settings.versions().stream().map(OpenSslNames::name).sorted().toList()));
        directive(text, prefix + "ciphers", settings.ciphers());
        if (settings.tls13()) {
            directive(text, prefix + "conf_command", "Ciphersuites " + settings.ciphersuites());
        }
        directive(text, prefix + "conf_command", "Groups " + settings.groups());
        directive(text, prefix + "conf_command", "SignatureAlgorithms " + settings.schemes());
        directive(text, prefix + "conf_command", "ClientSignatureAlgorithms " + settings.schemes());
    }

    private static void directive(StringBuilder text, String name, String value) {
        text.append("        ").append(name).append(' ').append(value).append(";\n");
    }

    /** In quotes a backslash escapes; a dollar sign would be a variable, wherever it stands. */
    private static String quoted(String value) {
        if (value.contains("$")) {
            throw new IllegalArgumentException("nginx cannot be told of a file with $ in its name: " + value);
        }
        return Settings.plain(value) ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
