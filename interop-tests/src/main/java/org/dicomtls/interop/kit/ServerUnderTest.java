package org.dicomtls.interop.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Waiver;
import org.dicomtls.transport.Identity;

/**
 * The server that a test suite is about, and how it is asked. Immutable: every method returns another one. Files are read
 * when the server is asked, so they may be made by {@code @BeforeAll}.
 */
public final class ServerUnderTest implements EndUnderTest {

    /** What the client presents; made when it is needed. */
    private interface Source {
        Presented presented() throws IOException;
    }

    private final String host;
    private final int port;
    private final Source source;
    private final List<Path> anchors;
    private final Duration timeout;
    private final String calling;
    private final String called;
    private final boolean gentle;
    private final List<Path> waiverFiles;
    private final List<Waiver> waivers;

    private ServerUnderTest(
            String host,
            int port,
            Source source,
            List<Path> anchors,
            Duration timeout,
            String calling,
            String called,
            boolean gentle,
            List<Path> waiverFiles,
            List<Waiver> waivers) {
        this.host = host;
        this.port = port;
        this.source = source;
        this.anchors = List.copyOf(anchors);
        this.timeout = timeout;
        this.calling = calling;
        this.called = called;
        this.gentle = gentle;
        this.waiverFiles = List.copyOf(waiverFiles);
        this.waivers = List.copyOf(waivers);
    }

    /**
     * A server, asked without a client certificate, with 5 seconds for each answer, from DICOM-TLS to ANY-SCP.
     *
     * @param host name or address; an IPv6 address without brackets
     * @param port 1 to 65535
     * @throws IllegalArgumentException when the port is out of range, or the host blank
     */
    public static ServerUnderTest server(String host, int port) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is blank");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is outside 1…65535");
        }
        return new ServerUnderTest(
                host,
                port,
                () -> Presented.NOTHING,
                List.of(),
                Duration.ofSeconds(5),
                "DICOM-TLS",
                "ANY-SCP",
                false,
                List.of(),
                List.of());
    }

    private ServerUnderTest with(Source value) {
        return new ServerUnderTest(
                host, port, value, anchors, timeout, calling, called, gentle, waiverFiles, waivers);
    }

    /**
     * With a client certificate that the server should take: the first of the identity.
     *
     * @throws IllegalArgumentException when the identity has none
     */
    public ServerUnderTest presenting(Identity identity) {
        if (identity.isEmpty()) {
            throw new IllegalArgumentException("the identity holds no key to present");
        }
        Identity.Entry entry = identity.entries().get(0);
        return with(() -> Presented.only(new Credential("identity", entry.key(), entry.chain())));
    }

    /** With a client certificate that the server should take, from PEM files; the key is not encrypted. */
    public ServerUnderTest presenting(Path certificates, Path key) {
        return with(() -> Presented.only(PemCredential.read("certificate", certificates, key)));
    }

    /**
     * With the client certificates of a directory that {@code dicom-tls pki} made and whose authority the server trusts.
     * Its flawed certificates are tried, too: some rules are about those.
     */
    public ServerUnderTest presenting(Path pki) {
        return with(() -> Presented.directory(pki));
    }

    /** With PEM files of authorities to one of which the server's certificate should lead; replaces earlier ones. */
    public ServerUnderTest trusting(Path... authorities) {
        return new ServerUnderTest(
                host, port, source, List.of(authorities), timeout, calling, called, gentle, waiverFiles, waivers);
    }

    /**
     * With that time for each connection, and for each answer.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public ServerUnderTest timeout(Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("a time of " + value + " is not possible");
        }
        return new ServerUnderTest(host, port, source, anchors, value, calling, called, gentle, waiverFiles, waivers);
    }

    /**
     * With that AE title as ours.
     *
     * @throws IllegalArgumentException when it is no AE title
     */
    public ServerUnderTest calling(String aeTitle) {
        return new ServerUnderTest(
                host, port, source, anchors, timeout, AeTitle.require(aeTitle), called, gentle, waiverFiles, waivers);
    }

    /**
     * With that AE title as the server's.
     *
     * @throws IllegalArgumentException when it is no AE title
     */
    public ServerUnderTest called(String aeTitle) {
        return new ServerUnderTest(
                host, port, source, anchors, timeout, calling, AeTitle.require(aeTitle), gentle, waiverFiles, waivers);
    }

    /** Without anything that a well-behaved client would never send, and one connection at a time. */
    public ServerUnderTest gently() {
        return new ServerUnderTest(host, port, source, anchors, timeout, calling, called, true, waiverFiles, waivers);
    }

    /** With the waivers of a file as {@code waivers-1.json} describes it, besides those there are already. */
    public ServerUnderTest waiving(Path file) {
        List<Path> files = new ArrayList<>(waiverFiles);
        files.add(file);
        return new ServerUnderTest(host, port, source, anchors, timeout, calling, called, gentle, files, waivers);
    }

    /** With that waiver besides those there are already. */
    public ServerUnderTest waiving(Waiver waiver) {
        List<Waiver> more = new ArrayList<>(waivers);
        more.add(waiver);
        return new ServerUnderTest(host, port, source, anchors, timeout, calling, called, gentle, waiverFiles, more);
    }

    @Override
    public Acceptance ask(Profile profile) throws IOException, InterruptedException {
        OnRecord record = RecordKept.of(profile, waivers, waiverFiles);
        Presented presented = source.presented();
        List<X509Certificate> trusted = new ArrayList<>();
        for (Path file : anchors) {
            trusted.addAll(PemCredential.certificates(file));
        }
        if (!trusted.isEmpty()) {
            presented = presented.trusting(trusted);
        }
        Target target = new Target(host, port, timeout, Duration.ZERO, calling, called);
        Manner manner = gentle ? new Manner(1, true) : Manner.DEFAULT;
        return new Acceptance(Audit.of(target, profile, presented, manner), record);
    }

    /** For example {@code localhost:2762}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
