package org.dicomtls.interop.export;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.DHParameter;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.wire.Ffdhe;

/** Sites on this machine, with the keys of a test PKI. */
record Sites(Path pki) {

    /** Every profile but those that need TLS 1.0. */
    static final List<Profile> ENFORCEABLE = Profiles.all().stream()
            .filter(p -> !p.equals(DicomProfiles.BASIC) && !p.equals(DicomProfiles.AES))
            .toList();

    /** Writes keys, the group of RFC 7919 for DHE, and what HAProxy looks for beside certificates. */
    static Sites in(Path directory) throws IOException {
        Path pki = directory.resolve("pki");
        TestPki.create(PkiOptions.defaults()).write(pki);
        Files.writeString(pki.resolve("ffdhe2048.pem"), ffdhe2048());
        for (Role role : Role.values()) {
            for (String kind : List.of("rsa", "ecdsa")) {
                String name = role.title() + "-" + kind;
                Files.copy(pki.resolve(name + ".key"), pki.resolve(name + ".pem.key"));
            }
        }
        return new Sites(pki);
    }

    /** As {@code openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048} writes it. */
    private static String ffdhe2048() throws IOException {
        DHParameter group = new DHParameter(
                Ffdhe.primeOf(NamedGroup.FFDHE2048).orElseThrow(), BigInteger.TWO, 0);
        return "-----BEGIN DH PARAMETERS-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(group.getEncoded())
                + "\n-----END DH PARAMETERS-----\n";
    }

    /** A server of that port with a plain SCP behind it; a client of a server of that port with a plain listener. */
    Site site(Role role, int port, int plain) {
        return site(role, new Site.Endpoint("127.0.0.1", port), plain);
    }

    /** The same, of a server that listens there. */
    Site site(Role role, Site.Endpoint listen, int plain) {
        List<Site.Credential> credentials = Stream.of("rsa", "ecdsa")
                .map(kind -> new Site.Credential(
                        pki + "/" + role.title() + "-" + kind + ".pem",
                        pki + "/" + role.title() + "-" + kind + ".key",
                        kind.equals("rsa") ? KeyKind.RSA : KeyKind.ECDSA_P256))
                .toList();
        return new Site(
                credentials,
                pki + "/ca.pem",
                Optional.of(pki + "/ca.crl"),
                pki + "/ffdhe2048.pem",
                true,
                listen,
                new Site.Endpoint("127.0.0.1", listen.port()),
                "localhost",
                new Site.Endpoint("127.0.0.1", plain),
                "EXPORTED",
                "ANY-SCP",
                "cn=dicom-tls,dicomDeviceName=test",
                Optional.of("cn=dicom-tls,dicomDeviceName=peer"));
    }
}
