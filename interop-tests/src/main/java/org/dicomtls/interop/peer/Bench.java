package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;

/** What a peer is given to work with: keys, an empty directory, a free port, a log to write to, and a limit of time. */
public final class Bench {

    private final Path pki;
    private final Path directory;
    private final String host;
    private final Duration timeout;
    private final PeerLog log;

    /**
     * On this machine alone.
     *
     * @param pki a directory as {@code dicom-tls pki} makes it
     * @param directory an empty directory for this peer in this role alone
     * @param timeout the longest time for a start, and for an answer
     * @param log what the peer says goes there
     */
    public Bench(Path pki, Path directory, Duration timeout, PeerLog log) {
        this(pki, directory, "localhost", timeout, log);
    }

    /**
     * With the name by which peers reach this machine.
     *
     * @param host as in the certificates of the PKI
     */
    public Bench(Path pki, Path directory, String host, Duration timeout, PeerLog log) {
        this.pki = pki;
        this.directory = directory;
        this.host = host;
        this.timeout = timeout;
        this.log = log;
    }

    /** For this peer in this role alone, empty at first, deleted after the run. */
    public Path directory() {
        return directory;
    }

    /** The certificate of the authority that both ends trust, PEM. */
    public Path authority() {
        return pki.resolve("ca.pem");
    }

    /** The certificate for that role, PEM; a server's is for {@code localhost} and 127.0.0.1. */
    public Path certificate(Role role, KeyKind kind) {
        return pki.resolve(role.title() + "-" + kind.id() + ".pem");
    }

    /** The key of that certificate, PEM of PKCS#8, not encrypted. */
    public Path key(Role role, KeyKind kind) {
        return pki.resolve(role.title() + "-" + kind.id() + ".key");
    }

    /** The longest time that a start, or any one answer, may take. */
    public Duration timeout() {
        return timeout;
    }

    /** Where the peer writes what it does; cells show the part that belongs to them. */
    public PeerLog log() {
        return log;
    }

    /** The name that a peer's client is to connect to. */
    public String host() {
        return host;
    }

    /** A port on loopback that is free now, for those that cannot take a free one by themselves. */
    public int freePort() throws IOException {
        return Ports.free();
    }
}
