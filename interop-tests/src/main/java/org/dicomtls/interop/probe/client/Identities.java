package org.dicomtls.interop.probe.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.rule.Role;

/** The certificates of the server that a client meets: good ones of each kind of key, and one for each flaw. */
public final class Identities {

    private final X509Certificate authority;
    private final List<Credential> good;
    private final Map<Flaw, Credential> flawed;

    private Identities(X509Certificate authority, List<Credential> good, Map<Flaw, Credential> flawed) {
        this.authority = authority;
        this.good = List.copyOf(good);
        this.flawed = new EnumMap<>(flawed);
    }

    /** The server's certificates of a test PKI. */
    public static Identities of(TestPki pki) {
        Map<Flaw, Credential> flawed = new EnumMap<>(Flaw.class);
        for (Flaw flaw : Flaw.values()) {
            if (flaw.concerns(Role.SERVER)) {
                flawed.put(flaw, pki.flawed(Role.SERVER, flaw));
            }
        }
        return new Identities(pki.authority(), pki.good(Role.SERVER), flawed);
    }

    /**
     * The server's certificates of a directory that {@code dicom-tls pki} wrote.
     *
     * @throws IOException when it holds none, or one that cannot be read
     */
    public static Identities directory(Path pki) throws IOException {
        List<Credential> good = new ArrayList<>();
        for (String name : List.of("server-ecdsa", "server-rsa")) {
            if (Files.exists(pki.resolve(name + ".pem"))) {
                good.add(PemCredential.read(name, pki.resolve(name + ".pem"), pki.resolve(name + ".key")));
            }
        }
        if (good.isEmpty()) {
            throw new IOException(pki + ": holds no server-rsa.pem and no server-ecdsa.pem");
        }
        Map<Flaw, Credential> flawed = new EnumMap<>(Flaw.class);
        for (Flaw flaw : Flaw.values()) {
            String name = "server-" + flaw.id();
            Path certificate = pki.resolve("flaws").resolve(name + ".pem");
            if (Files.exists(certificate)) {
                flawed.put(flaw, PemCredential.read(name, certificate, certificate.resolveSibling(name + ".key")));
            }
        }
        return new Identities(PemCredential.certificates(pki.resolve("ca.pem")).get(0), good, flawed);
    }

    X509Certificate authority() {
        return authority;
    }

    List<Credential> good() {
        return good;
    }

    Set<Flaw> flaws() {
        return flawed.keySet();
    }

    Credential flawed(Flaw flaw) {
        return flawed.get(flaw);
    }
}
