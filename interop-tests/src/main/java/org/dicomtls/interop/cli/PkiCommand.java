package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.PkiException;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.report.Json;
import org.dicomtls.rule.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dicom-tls pki DIR}. */
@Command(
        name = "pki",
        description = "Makes a throw-away test PKI: ca, {server,client}-{rsa,ecdsa}, and under flaws/ one pair per named flaw.",
        mixinStandardHelpOptions = true)
final class PkiCommand implements Runnable {

    @Parameters(paramLabel = "DIR", description = "an empty directory, or one made by this command before")
    private Path directory;

    @Option(
            names = "--name",
            paramLabel = "DNS",
            description = "a DNS name that the good certificates are issued for besides localhost; repeatable")
    private List<String> names = List.of();

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "an IP address that the good certificates are issued for besides 127.0.0.1 and ::1; repeatable")
    private List<String> addresses = List.of();

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        report.requireWritable();
        PrintWriter out = spec.commandLine().getOut();
        TestPki pki = TestPki.create(options());
        try (Terminal.Progress progress = new Terminal.Progress(spec.commandLine().getErr())) {
            pki.write(directory, progress::at);
        } catch (PkiException e) {
            throw new UsageException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UsageException(directory + ": cannot be written: " + e.getMessage(), e);
        }
        report.write(json(), out);
        if (report.jsonOnStandardOutput()) {
            return;
        }
        out.println(directory + ": ca.pem, ca.key, ca.crl, {server,client}-{rsa,ecdsa}.{pem,key}, flaws/ (see flaws/README)");
        out.println("For tests only: the keys are not protected, and the certificates end in 30 days.");
    }

    private PkiOptions options() {
        PkiOptions options = PkiOptions.defaults();
        List<String> dns = new ArrayList<>(options.dnsNames());
        dns.addAll(names);
        List<String> ip = new ArrayList<>(options.addresses());
        ip.addAll(addresses);
        try {
            return options.withDnsNames(dns).withAddresses(ip);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** What there is in the directory: schema {@code dicom-tls/pki/1}. */
    private ObjectNode json() {
        ObjectNode json = Json.object().put("schema", "dicom-tls/pki/1").put("directory", directory.toString());
        json.put("authority", "ca.pem").put("revocations", "ca.crl");
        ArrayNode good = json.putArray("good");
        ArrayNode flaws = json.putArray("flaws");
        for (Role role : Role.values()) {
            for (KeyKind kind : KeyKind.values()) {
                good.add(pair(role, "", kind.id()));
            }
            for (Flaw flaw : Flaw.values()) {
                if (flaw.concerns(role)) {
                    flaws.add(pair(role, "flaws/", flaw.id())
                            .put("flaw", flaw.id())
                            .put("acceptable", flaw.isAcceptable())
                            .put("description", flaw.description()));
                }
            }
        }
        return json;
    }

    private static ObjectNode pair(Role role, String folder, String name) {
        String stem = folder + role.title() + "-" + name;
        return Json.object().put("role", role.title()).put("certificate", stem + ".pem").put("key", stem + ".key");
    }
}
