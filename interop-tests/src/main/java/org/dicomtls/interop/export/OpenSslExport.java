package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Role;

/** A configuration file of OpenSSL, for every program that loads it, and the command that tries it. */
final class OpenSslExport implements Exporter {

    @Override
    public Export export(Policy policy, Role role, Site site) {
        Settings settings = new Settings(policy);
        List<String> command = role == Role.SERVER ? server(settings, site) : client(settings, site);
        String section = "dicom_tls_" + role.title();
        StringBuilder text = new StringBuilder();
        text.append("openssl_conf = dicom_tls\n\n[dicom_tls]\nssl_conf = dicom_tls_sections\n\n");
        text.append("# Programs that load this file take system_default; those that ask for it by name, ").append(section);
        text.append(".\n[dicom_tls_sections]\nsystem_default = dicom_tls_policy\n");
        text.append(section).append(" = ").append(section).append("\n\n[dicom_tls_policy]\n");
        policy(text, settings, role);
        text.append("\n[").append(section).append("]\n");
        policy(text, settings, role);
        site(text, settings, role, site);
        String line = Settings.shell(command);
        List<Outlook> outlooks = Stream.of(OpenSslLibrary.values())
                .map(library -> new Outlook(
                        Release.of(library.title(), library.versions()), line, policy.profile(),
                        OpenSslEnd.of(policy, role, site, library).model()))
                .toList();
        Comments comments = Comments.of("#", policy, role, "programs that use OpenSSL", outlooks);
        if (role == Role.SERVER && settings.dhe()) {
            comments.line("").line(Settings.dhParametersNote(site));
        }
        comments.line("");
        comments.line("To try it, with this file named in the environment variable OPENSSL_CONF:");
        comments.line("  " + line);
        return new Export(comments + "\n" + text, outlooks);
    }

    private static void policy(StringBuilder text, Settings settings, Role role) {
        option(text, "MinProtocol", OpenSslNames.name(settings.oldest()));
        option(text, "MaxProtocol", OpenSslNames.name(settings.newest()));
        option(text, "CipherString", settings.ciphers());
        if (settings.tls13()) {
            option(text, "Ciphersuites", settings.ciphersuites());
        }
        option(text, "Groups", settings.groups());
        option(text, "SignatureAlgorithms", settings.schemes());
        option(text, "ClientSignatureAlgorithms", settings.schemes());
        option(
                text,
                "Options",
                role == Role.SERVER ? "ServerPreference,NoRenegotiation,-SessionTicket" : "NoRenegotiation");
    }

    private static void site(StringBuilder text, Settings settings, Role role, Site site) {
        for (Site.Credential credential : site.credentials()) {
            // A prefix keeps the name apart from its twin; OpenSSL does not look at it.
            String prefix = credential.kind().algorithm().startsWith("RSA") ? "RSA" : "ECDSA";
            option(text, prefix + ".Certificate", quoted(credential.certificate()));
            option(text, prefix + ".PrivateKey", quoted(credential.key()));
        }
        if (role == Role.SERVER && settings.dhe()) {
            option(text, "DHParameters", quoted(site.dhParameters()));
        }
        if (role == Role.CLIENT) {
            option(text, "VerifyCAFile", quoted(site.trust()));
            option(text, "VerifyMode", "Peer");
        } else if (site.clientAuthentication()) {
            option(text, "VerifyCAFile", quoted(site.trust()));
            option(text, "RequestCAFile", quoted(site.trust()));
            option(text, "VerifyMode", "Require");
        }
    }

    /** What s_server and s_client do not take from the file is on their command line. */
    private static List<String> server(Settings settings, Site site) {
        List<String> words = new ArrayList<>(List.of(
                "openssl", "s_server", "-accept",
                site.listen().host().isEmpty() ? Integer.toString(site.listen().port()) : site.listen().toString(),
                "-ssl_config", "dicom_tls_server", "-nocert"));
        if (settings.dhe()) {
            words.addAll(List.of("-dhparam", site.dhParameters()));
        }
        if (site.clientAuthentication()) {
            words.addAll(List.of("-Verify", "4", "-verify_return_error", "-verifyCAfile", site.trust()));
            revoked(words, site);
        }
        return words;
    }

    private static List<String> client(Settings settings, Site site) {
        List<String> words = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", site.peer().toString(), "-ssl_config", "dicom_tls_client",
                "-verify_return_error", "-verifyCAfile", site.trust()));
        if (site.named()) {
            words.addAll(List.of("-servername", site.peerName()));
        }
        if (settings.hostChecked()) {
            words.addAll(List.of(site.named() ? "-verify_hostname" : "-verify_ip", site.peerName()));
        }
        revoked(words, site);
        return words;
    }

    private static void revoked(List<String> words, Site site) {
        site.revoked().ifPresent(file -> words.addAll(List.of("-CRL", file, "-crl_check")));
    }

    private static void option(StringBuilder text, String name, String value) {
        text.append(name).append(" = ").append(value).append('\n');
    }

    /** In quotes a backslash escapes, and a dollar sign is nothing but itself. */
    private static String quoted(String value) {
        return Settings.plain(value) ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
