package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.policy.Policy;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;

/** HAProxy in TCP mode: TLS on one side, plain DICOM on the other. */
final class HaproxyExport implements Exporter {

    /** Measured: 2.6.12 with OpenSSL 3.0.22. */
    private static final Release OLD =
            Release.of("HAProxy 2.4 to 2.7", Release.Range.of("2.4", "2.8"), OpenSslLibrary.V3_0);

    /** Measured: 3.0.11 with OpenSSL 3.5.9. */
    private static final Release.Range NEW = Release.Range.from("2.8");

    private static final String NO_SCHEMES = "HAProxy has no option for signature schemes before 2.8";
    private static final String FIRST_ONLY = "HAProxy shows its first certificate only to clients that send no server name";

    @Override
    public Export export(Policy policy, Role role, Site site) {
        Settings settings = new Settings(policy);
        List<Site> orders = role == Role.CLIENT || site.credentials().isEmpty()
                ? List.of(site)
                : site.credentials().stream().map(first -> firstOf(site, first)).toList();
        Site ordered = Settings.best(orders, order -> outlooks(policy, role, order));
        List<Outlook> outlooks = outlooks(policy, role, ordered);
        Comments comments = Comments.of("#", policy, role, "HAProxy in TCP mode", outlooks);
        comments.line("");
        if (role == Role.SERVER && settings.dhe()) {
            comments.line(Settings.dhParametersNote(site));
        }
        comments.line("HAProxy looks for the key of CERT in CERT.key, or in the file of the certificate itself.");
        ordered.credentials().stream()
                .filter(c -> !c.key().equals(c.certificate()) && !c.key().equals(c.certificate() + ".key"))
                .forEach(c -> comments.line("  ln -s " + Settings.shell(List.of(c.key(), c.certificate() + ".key"))));
        return new Export(
                comments + "\n" + (role == Role.SERVER ? server(settings, ordered) : client(settings, ordered)), outlooks);
    }

    private static List<Outlook> outlooks(Policy policy, Role role, Site site) {
        List<Outlook> outlooks = new ArrayList<>();
        outlooks.add(new Outlook(
                OLD, "", policy.profile(), end(policy, role, site, true, OpenSslLibrary.V3_0).model()));
        for (OpenSslLibrary library : OpenSslLibrary.values()) {
            outlooks.add(new Outlook(
                    Release.of("HAProxy 2.8 and later", NEW, library), "", policy.profile(),
                    end(policy, role, site, false, library).model()));
        }
        return outlooks;
    }

    private static Site firstOf(Site site, Site.Credential first) {
        List<Site.Credential> order = new ArrayList<>(List.of(first));
        site.credentials().stream().filter(c -> !c.equals(first)).forEach(order::add);
        return site.with(order);
    }

    private static ProgramEnd end(Policy policy, Role role, Site site, boolean old, OpenSslLibrary library) {
        ProgramEnd end = OpenSslEnd.of(policy, role, site, library);
        if (old) {
            end.schemes(OpenSslEnd.DEFAULT_SCHEMES, NO_SCHEMES);
        }
        if (role == Role.SERVER) {
            List<KeyKind> first = site.credentials().stream().limit(1).map(Site.Credential::kind).toList();
            return end.keys(first, FIRST_ONLY)
                    .withoutResumption()
                    .answersServerNames()
                    .refuses(
                            Property.OCSP_STAPLING,
                            "HAProxy staples what lies beside the certificate (CERT.ocsp), if somebody renews it");
        }
        if (old) {
            end.groups(OpenSslEnd.DEFAULT_GROUPS, "HAProxy has no option for the groups of a client before 2.8");
        }
        return end.refuses(
                Property.RENEGOTIATION_REFUSED, "HAProxy has no option against it for its connections to servers");
    }

    private static String server(Settings settings, Site site) {
        StringBuilder text = new StringBuilder("global\n");
        if (settings.dhe()) {
            line(text, "ssl-dh-param-file", quoted(site.dhParameters()));
        }
        line(text, "tune.ssl.cachesize", "0");
        text.append("\nfrontend dicom-tls\n");
        line(text, "mode", "tcp");
        line(text, "timeout client", "10m");
        String bind = (site.listen().host().isEmpty() ? "*:" + site.listen().port() : site.listen()) + " ssl"
                + crt(site.credentials().stream().toList())
                + tls(settings)
                + " curves " + settings.groups()
                + " no-tls-tickets"
                + (site.clientAuthentication() ? " verify required" + trust(site) : " verify none");
        text.append(".if version_atleast(2.8)\n");
        line(text, "bind", bind + schemes(settings));
        text.append(".else\n");
        line(text, "bind", bind);
        text.append(".endif\n");
        line(text, "default_backend", "dicom");
        text.append("\nbackend dicom\n");
        line(text, "mode", "tcp");
        line(text, "timeout connect", "10s");
        line(text, "timeout server", "10m");
        line(text, "server", "scp " + site.plain());
        return text.toString();
    }

    private static String client(Settings settings, Site site) {
        StringBuilder text = new StringBuilder("frontend dicom\n");
        line(text, "mode", "tcp");
        line(text, "timeout client", "10m");
        line(text, "bind", site.plain().toString());
        line(text, "default_backend", "dicom-tls");
        text.append("\nbackend dicom-tls\n");
        line(text, "mode", "tcp");
        line(text, "retries", "0");
        line(text, "timeout connect", "10s");
        line(text, "timeout server", "10m");
        String server = "scp " + site.peer() + " ssl"
                + crt(site.credentials().stream().limit(1).toList())
                + tls(settings)
                + " no-tls-tickets no-ssl-reuse verify required"
                + trust(site)
                + (settings.hostChecked() ? " verifyhost " + site.peerName() : "")
                + (site.named() ? " sni str(" + site.peerName() + ")" : "");
        text.append(".if version_atleast(2.8)\n");
        line(text, "server", server + " curves " + settings.groups() + schemes(settings));
        text.append(".else\n");
        line(text, "server", server);
        text.append(".endif\n");
        return text.toString();
    }

    private static String crt(List<Site.Credential> credentials) {
        StringBuilder words = new StringBuilder();
        credentials.forEach(c -> words.append(" crt ").append(quoted(c.certificate())));
        return words.toString();
    }

    private static String tls(Settings settings) {
        return " ssl-min-ver " + OpenSslNames.name(settings.oldest()) + " ssl-max-ver "
                + OpenSslNames.name(settings.newest()) + " ciphers " + settings.ciphers()
                + (settings.tls13() ? " ciphersuites " + settings.ciphersuites() : "");
    }

    private static String schemes(Settings settings) {
        return " sigalgs " + settings.schemes() + " client-sigalgs " + settings.schemes();
    }

    private static String trust(Site site) {
        return " ca-file " + quoted(site.trust())
                + Optional.of(site).flatMap(Site::revoked).map(file -> " crl-file " + quoted(file)).orElse("");
    }

    private static void line(StringBuilder text, String keyword, String value) {
        text.append("    ").append(keyword).append(' ').append(value).append('\n');
    }

    /** Between single quotes nothing is special, and a single quote cannot stand. */
    private static String quoted(String value) {
        if (value.contains("'")) {
            throw new IllegalArgumentException("HAProxy cannot be told of a file with ' in its name: " + value);
        }
        return Settings.plain(value) ? value : "'" + value + "'";
    }
}
