package org.dicomtls.interop.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;

/**
 * What the auditor can present as a client.
 *
 * @param good a certificate that the server should take
 * @param flawed certificates from the same authority that have one flaw each
 * @param anchors the authorities, or single certificates, that the server's chain should lead to; none if that is not to
 *     be checked
 */
public record Presented(Optional<Credential> good, Map<Flaw, Credential> flawed, List<X509Certificate> anchors) {

    private static final List<Flaw> TRIED = List.of(
            Flaw.EXPIRED,
            Flaw.EKU_SERVER_ONLY,
            Flaw.RSA_1024,
            Flaw.SHA1_LEAF,
            Flaw.MD5_LEAF,
            Flaw.P_224,
            Flaw.REVOKED,
            Flaw.UNKNOWN_EXTENSION);

    /** No certificate at all. */
    public static final Presented NOTHING = new Presented(Optional.empty(), Map.of(), List.of());

    public Presented {
        flawed = Map.copyOf(flawed);
        anchors = List.copyOf(anchors);
    }

    /** The same, and the server's chain is to lead to one of these. */
    public Presented trusting(List<X509Certificate> authorities) {
        return new Presented(good, flawed, authorities);
    }

    public static Presented only(Credential good) {
        return new Presented(Optional.of(good), Map.of(), List.of());
    }

    /** The client's certificates of a test PKI, good and flawed. */
    public static Presented of(TestPki pki) {
        Map<Flaw, Credential> flawed = new EnumMap<>(Flaw.class);
        TRIED.forEach(flaw -> flawed.put(flaw, pki.flawed(Role.CLIENT, flaw)));
        return new Presented(pki.good(Role.CLIENT).stream().findFirst(), flawed, List.of());
    }

    /**
     * The client's certificates of a directory that {@code dicom-tls pki} wrote.
     *
     * @throws IOException when it holds none, or one that cannot be read
     */
    public static Presented directory(Path pki) throws IOException {
        Optional<Credential> good = Optional.empty();
        for (String name : List.of("client-ecdsa", "client-rsa")) {
            if (Files.exists(pki.resolve(name + ".pem"))) {
                good = Optional.of(PemCredential.read(name, pki.resolve(name + ".pem"), pki.resolve(name + ".key")));
            }
        }
        if (good.isEmpty()) {
            throw new IOException(pki + ": holds no client-rsa.pem and no client-ecdsa.pem");
        }
        Map<Flaw, Credential> flawed = new EnumMap<>(Flaw.class);
        for (Flaw flaw : TRIED) {
            Path certificate = pki.resolve("flaws").resolve("client-" + flaw.id() + ".pem");
            if (Files.exists(certificate)) {
                flawed.put(
                        flaw,
                        PemCredential.read(
                                "client-" + flaw.id(), certificate, certificate.resolveSibling("client-" + flaw.id() + ".key")));
            }
        }
        return new Presented(good, flawed, List.of());
    }
}
