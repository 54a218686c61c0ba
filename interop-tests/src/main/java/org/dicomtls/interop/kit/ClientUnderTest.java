package org.dicomtls.interop.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.probe.client.ClientCase;
import org.dicomtls.interop.probe.client.ClientSession;
import org.dicomtls.interop.probe.client.Connecting;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Waiver;

/**
 * The client that a test suite is about. It is called once for each case, and connects to a listener on loopback that
 * misbehaves in one thing each time. Immutable: every method returns another one.
 */
public final class ClientUnderTest implements EndUnderTest {

    private static final int BACKLOG = 50;

    private final Path pki;
    private final Connecting client;
    private final List<String> cases;
    private final Duration timeout;
    private final List<Path> waiverFiles;
    private final List<Waiver> waivers;

    private ClientUnderTest(
            Path pki,
            Connecting client,
            List<String> cases,
            Duration timeout,
            List<Path> waiverFiles,
            List<Waiver> waivers) {
        this.pki = pki;
        this.client = client;
        this.cases = List.copyOf(cases);
        this.timeout = timeout;
        this.waiverFiles = List.copyOf(waiverFiles);
        this.waivers = List.copyOf(waivers);
    }

    /**
     * A client that connects when it is called, with 10 seconds for each connection.
     *
     * @param pki a directory made by {@code dicom-tls pki}: the client trusts its {@code ca.pem} and presents its
     *     {@code client-rsa} or {@code client-ecdsa}
     * @param client opens one connection to that host and port, sends a C-ECHO or whatever it does, and closes it; what it
     *     throws is not looked at
     */
    public static ClientUnderTest client(Path pki, Connecting client) {
        return new ClientUnderTest(pki, client, List.of(), Duration.ofSeconds(10), List.of(), List.of());
    }

    /** With these cases only, by id or by number such as {@code C28}; the controls are added. */
    public ClientUnderTest cases(String... ids) {
        return new ClientUnderTest(pki, client, List.of(ids), timeout, waiverFiles, waivers);
    }

    /**
     * With that time for each connection as a whole.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public ClientUnderTest timeout(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("a timeout of " + value + " is not positive");
        }
        return new ClientUnderTest(pki, client, cases, value, waiverFiles, waivers);
    }

    /** With the waivers of a file as {@code waivers-1.json} describes it, besides those there are already. */
    public ClientUnderTest waiving(Path file) {
        List<Path> files = new ArrayList<>(waiverFiles);
        files.add(file);
        return new ClientUnderTest(pki, client, cases, timeout, files, waivers);
    }

    /** With that waiver besides those there are already. */
    public ClientUnderTest waiving(Waiver waiver) {
        List<Waiver> more = new ArrayList<>(waivers);
        more.add(waiver);
        return new ClientUnderTest(pki, client, cases, timeout, waiverFiles, more);
    }

    @Override
    public Acceptance ask(Profile profile) throws IOException, InterruptedException {
        OnRecord record = RecordKept.of(profile, waivers, waiverFiles);
        ClientSession session;
        try {
            session = new ClientSession(Identities.directory(pki), cases, timeout, new Silent());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        try (ServerSocket listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            session.serve(listening);
            session.drive(listening, "localhost", client, () -> {});
        }
        if (!session.met()) {
            throw new IOException("the client opened no connection");
        }
        return new Acceptance(Audit.of("client", profile, session.survey()), record);
    }

    /** The tests tell what there is to tell. */
    private static final class Silent implements ClientSession.Listener {
        @Override
        public void finished(ClientCase one, boolean asExpected, String words, int done, int planned) {}

        @Override
        public void skipped(ClientCase one, String why, int done, int planned) {}

        @Override
        public void strange(InetAddress from, String what) {}
    }

    @Override
    public String toString() {
        return "the client";
    }
}
