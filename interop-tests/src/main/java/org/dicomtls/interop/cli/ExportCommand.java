package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dicomtls.interop.export.CannotExpressException;
import org.dicomtls.interop.export.Export;
import org.dicomtls.interop.export.Format;
import org.dicomtls.interop.export.Outlook;
import org.dicomtls.interop.export.Site;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.interop.report.Json;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code dicom-tls export --profile ID --format FORMAT}. */
@Command(
        name = "export",
        description = {
            "A profile as the configuration of another system, with the rules that the system does not keep.",
            "",
            "Files and addresses are written as they are given; they need not be here. What is not given stands for itself:"
                    + " /etc/dicom-tls/server-rsa.pem and so on."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Formats: ldif (dcm4chee-arc), dcmtk, orthanc, openssl, stunnel, haproxy, nginx (stream)."})
final class ExportCommand implements Callable<Integer> {

    private static final String DIRECTORY = "/etc/dicom-tls/";
    private static final String ARCHIVE =
            "cn=dicom-tls,dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org";

    /** A format by its id. */
    static final class ToFormat implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return Format.named(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "unknown format '" + value + "'; known: " + String.join(", ", Format.ids())));
        }
    }

    /** A kind of key by the name of its files. */
    static final class ToKeyKind implements ITypeConverter<KeyKind> {
        @Override
        public KeyKind convert(String value) {
            return switch (value) {
                case "rsa" -> KeyKind.RSA;
                case "ecdsa" -> KeyKind.ECDSA_P256;
                default -> throw new TypeConversionException("unknown kind of key '" + value + "'; known: rsa, ecdsa");
            };
        }
    }

    @Option(
            names = "--profile",
            paramLabel = "ID",
            required = true,
            converter = Converters.ToProfile.class,
            description = "the profile; 'dicom-tls profiles' lists them")
    private Profile profile;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            converter = ToFormat.class,
            description = "the system")
    private Format format;

    @Option(
            names = "--role",
            paramLabel = "server|client",
            defaultValue = "server",
            description = "of this end in TLS (default server)")
    private Role role;

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            description = "a directory made by 'dicom-tls pki'; the role picks its files, all key types")
    private Path pki;

    @Option(names = "--cert", paramLabel = "PEM", description = "certificate chain; repeatable, one for each --key")
    private List<Path> certificates = new ArrayList<>();

    @Option(names = "--key", paramLabel = "PEM", description = "private key of the --cert at the same place")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--key-type",
            paramLabel = "rsa|ecdsa",
            converter = ToKeyKind.class,
            description = "of the --cert at the same place; needed where its file is not here to be read")
    private List<KeyKind> keyKinds = new ArrayList<>();

    @Option(names = "--trust", paramLabel = "PEM", description = "certificates of trusted authorities")
    private Path trust;

    @Option(names = "--crl", paramLabel = "PEM", description = "list of revoked certificates")
    private Path revoked;

    @Option(names = "--dh-parameters", paramLabel = "PEM", description = "the group of DHE, for profiles that have it")
    private Path dhParameters;

    @Option(names = "--no-client-auth", description = "a server asks for no client certificate, a client presents none")
    private boolean noClientAuthentication;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "",
            description = "where a server listens (default every address); in LDAP its host name")
    private String bind;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "2762",
            description = "the TLS port of a server (default 2762)")
    private int port;

    @Option(
            names = "--peer",
            paramLabel = "HOST:PORT",
            defaultValue = "pacs.example:2762",
            converter = Converters.ToHostPort.class,
            description = "the server that a client connects to (default pacs.example:2762)")
    private Converters.HostPort peer;

    @Option(
            names = "--peer-name",
            paramLabel = "HOST",
            description = "the name in that server's certificate (default the host of --peer)")
    private String peerName;

    @Option(
            names = "--plain",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:11112",
            converter = Converters.ToHostPort.class,
            description = "where stunnel, HAProxy and nginx speak plain DICOM: to the SCP as a server, with the SCU as a"
                    + " client (default 127.0.0.1:11112)")
    private Converters.HostPort plain;

    @Option(names = "--ae-title", paramLabel = "AET", description = "of this end (default STORESCP or ECHOSCU)")
    private String aeTitle;

    @Option(
            names = "--peer-ae-title",
            paramLabel = "AET",
            defaultValue = "ANY-SCP",
            description = "of the other end (default ANY-SCP)")
    private String peerAeTitle;

    @Option(
            names = "--dn",
            paramLabel = "DN",
            defaultValue = ARCHIVE,
            description = "the network connection in LDAP (default the connection dicom-tls of the device dcm4chee-arc)")
    private String connection;

    @Option(
            names = "--peer-dn",
            paramLabel = "DN",
            description = "the network connection of the remote device in LDAP, for clients")
    private String peerConnection;

    @Option(names = "--output", paramLabel = "FILE", description = "write to FILE instead of standard output")
    private String output;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        report.requireWritable(output);
        Export export;
        try {
            export = Export.of(format, profile, role, site());
        } catch (CannotExpressException e) {
            spec.commandLine().getErr().println("dicom-tls: " + e.getMessage());
            return ExitStatus.REFUSED;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        report.writeText(export.text(), output, out);
        report.write(json(export), out);
        return ExitStatus.OK;
    }

    private Site site() {
        String title = aeTitle != null ? aeTitle : role == Role.SERVER ? "STORESCP" : "ECHOSCU";
        return new Site(
                credentials(),
                file(trust, "ca.pem"),
                Optional.ofNullable(revoked).map(Path::toString),
                file(dhParameters, "ffdhe2048.pem"),
                !noClientAuthentication,
                new Site.Endpoint(bind, port),
                new Site.Endpoint(peer.host(), peer.port()),
                peerName != null ? peerName : peer.host(),
                new Site.Endpoint(plain.host(), plain.port()),
                title,
                peerAeTitle,
                connection,
                Optional.ofNullable(peerConnection));
    }

    /** As given, in the test PKI, or where a person will put it. */
    private String file(Path given, String name) {
        return given != null ? given.toString() : pki != null ? pki.resolve(name).toString() : DIRECTORY + name;
    }

    private List<Site.Credential> credentials() {
        if (pki != null && !(certificates.isEmpty() && keys.isEmpty() && trust == null)) {
            throw new UsageException("--pki stands instead of --cert, --key and --trust, not beside them");
        }
        if (certificates.size() != keys.size()) {
            throw new UsageException(certificates.size() + " times --cert and " + keys.size()
                    + " times --key; they belong together in pairs");
        }
        if (!keyKinds.isEmpty() && keyKinds.size() != certificates.size()) {
            throw new UsageException(keyKinds.size() + " times --key-type and " + certificates.size()
                    + " times --cert; give it for each or for none");
        }
        if (role == Role.CLIENT && noClientAuthentication) {
            return List.of();
        }
        if (pki != null) {
            return fromPki();
        }
        if (certificates.isEmpty()) {
            return Stream.of("rsa", "ecdsa").map(kind -> placed(DIRECTORY, kind)).toList();
        }
        List<Site.Credential> credentials = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            KeyKind kind = keyKinds.isEmpty() ? kind(certificates.get(i)) : keyKinds.get(i);
            credentials.add(new Site.Credential(certificates.get(i).toString(), keys.get(i).toString(), kind));
        }
        return credentials;
    }

    private Site.Credential placed(String directory, String kind) {
        String name = directory + role.title() + "-" + kind;
        return new Site.Credential(name + ".pem", name + ".key", new ToKeyKind().convert(kind));
    }

    private List<Site.Credential> fromPki() {
        if (!Files.isDirectory(pki)) {
            throw new UsageException(pki + ": no such directory; 'dicom-tls pki " + pki + "' makes one");
        }
        List<Site.Credential> credentials = Stream.of("rsa", "ecdsa")
                .filter(kind -> Files.exists(pki.resolve(role.title() + "-" + kind + ".pem")))
                .map(kind -> placed(pki + "/", kind))
                .toList();
        if (credentials.isEmpty()) {
            throw new UsageException(pki + ": holds no " + role.title() + "-rsa.pem and no " + role.title() + "-ecdsa.pem");
        }
        return credentials;
    }

    private static KeyKind kind(Path certificate) {
        if (!Files.exists(certificate)) {
            throw new UsageException(certificate + ": is not here to be read; say what key it has by --key-type rsa|ecdsa");
        }
        try {
            return KeyKind.of(PemCredential.certificates(certificate).get(0).getPublicKey());
        } catch (IOException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private ObjectNode json(Export export) {
        ObjectNode json = Json.object()
                .put("schema", "dicom-tls/export/1")
                .put("profile", profile.id())
                .put("format", format.id())
                .put("role", role.title())
                .put("text", export.text());
        ArrayNode releases = json.putArray("releases");
        for (Outlook outlook : export.outlooks()) {
            ObjectNode release = releases.addObject().put("release", outlook.release().title());
            if (!outlook.part().isEmpty()) {
                release.put("part", outlook.part());
            }
            release.set("notKept", rules(outlook, outlook.notKept(), true));
            release.set("open", rules(outlook, outlook.open(), false));
        }
        return json;
    }

    private static ArrayNode rules(Outlook outlook, List<Finding> findings, boolean reasons) {
        ArrayNode rules = Json.array();
        for (Finding finding : findings) {
            ObjectNode rule = rules.addObject()
                    .put("rule", finding.rule().id())
                    .put("strength", RuleText.strength(finding.rule()))
                    .put("clause", finding.rule().clause())
                    .put("statement", finding.rule().statement());
            if (reasons) {
                rule.put("actual", finding.actual()).put("why", outlook.why(finding));
            }
        }
        return rules;
    }
}
