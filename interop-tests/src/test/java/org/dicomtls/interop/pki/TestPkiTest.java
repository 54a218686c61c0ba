package org.dicomtls.interop.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TestPkiTest {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final PkiOptions OPTIONS = PkiOptions.defaults().withNow(NOW);

    @TempDir
    private static Path shared;

    private static TestPki pki;
    private static Path written;

    @BeforeAll
    static void writeOnce() throws Exception {
        pki = TestPki.create(OPTIONS);
        written = shared.resolve("pki");
        pki.write(written);
    }

    static Stream<Arguments> good() {
        return Stream.of(Role.values())
                .flatMap(role -> Stream.of(KeyKind.values()).map(kind -> Arguments.of(role, kind)));
    }

    static Stream<Arguments> flawed() {
        return Stream.of(Flaw.values())
                .flatMap(flaw -> Stream.of(Role.values())
                        .filter(flaw::concerns)
                        .map(role -> Arguments.of(role, flaw)));
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodCertificateHasExactlyWhatItsRoleNeeds(Role role, KeyKind kind) throws Exception {
        Credential credential = pki.good(role, kind);
        X509Certificate certificate = credential.certificate();
        assertThat(credential.name()).isEqualTo(role.title() + "-" + kind.id()).isEqualTo(credential.toString());
        assertThat(credential.chain()).hasSize(1);
        certificate.verify(pki.authority().getPublicKey());
        assertThat(certificate.getExtendedKeyUsage())
                .containsExactly(role == Role.SERVER ? SERVER_AUTH : CLIENT_AUTH);
        assertThat(names(certificate)).containsExactly("2:localhost", "7:127.0.0.1", "7:0:0:0:0:0:0:0:1");
        boolean[] usage = certificate.getKeyUsage();
        assertThat(usage[0]).isTrue();
        assertThat(usage[2]).isEqualTo(kind == KeyKind.RSA);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withRSA");
        assertThat(certificate.getSerialNumber().toByteArray()).hasSize(16);
        assertThat(certificate.getNotBefore()).isEqualTo(Date.from(NOW.minus(1, ChronoUnit.DAYS)));
        assertThat(certificate.getNotAfter()).isEqualTo(Date.from(NOW.plus(30, ChronoUnit.DAYS)));
        assertThat(certificate.getNonCriticalExtensionOIDs()).contains("2.5.29.14", "2.5.29.35");
        if (kind == KeyKind.RSA) {
            assertThat(((RSAPublicKey) certificate.getPublicKey()).getModulus().bitLength()).isEqualTo(2048);
        } else {
            assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().toString()).contains("secp256r1");
        }
    }

    private static List<String> names(X509Certificate certificate) throws Exception {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null ? List.of() : names.stream().map(n -> n.get(0) + ":" + n.get(1)).toList();
    }

    private static String commonName(X509Certificate certificate) {
        X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return ((ASN1String) subject.getRDNs(BCStyle.CN)[0].getFirst().getValue()).getString();
    }

    /** What tells a certificate from a good one; the description names each deviation, and only those. */
    private static Set<String> deviations(Role role, Credential credential) throws Exception {
        Set<String> found = new TreeSet<>();
        X509Certificate leaf = credential.certificate();
        boolean first = true;
        for (X509Certificate certificate : credential.chain()) {
            String which = first ? "leaf " : "issuer ";
            if (certificate.getNotAfter().before(Date.from(NOW))) {
                found.add(which + "expired");
            }
            if (certificate.getNotBefore().after(Date.from(NOW))) {
                found.add(which + "not yet valid");
            }
            if (!certificate.getSigAlgName().toUpperCase(Locale.ROOT).startsWith("SHA256")) {
                found.add(which + certificate.getSigAlgName().toUpperCase(Locale.ROOT));
            }
            if (certificate.getPublicKey() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() != 2048) {
                found.add(which + "RSA " + rsa.getModulus().bitLength());
            }
            if (certificate.getPublicKey() instanceof ECPublicKey ec
                    && ec.getParams().getOrder().bitLength() != 256) {
                found.add(which + "EC " + ec.getParams().getOrder().bitLength());
            }
            first = false;
        }
        List<X509Certificate> chain = new ArrayList<>(credential.chain());
        chain.add(pki.authority());
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!isSignedBy(chain.get(i), chain.get(i + 1).getPublicKey())) {
                found.add(isSignedBy(chain.get(i), chain.get(i).getPublicKey()) ? "self-signed" : "other issuer");
            }
        }
        if (!names(leaf).equals(List.of("2:localhost", "7:127.0.0.1", "7:0:0:0:0:0:0:0:1"))) {
            found.add("names " + names(leaf));
        }
        if (!leaf.getExtendedKeyUsage().equals(List.of(role == Role.SERVER ? SERVER_AUTH : CLIENT_AUTH))) {
            found.add("purpose " + leaf.getExtendedKeyUsage());
        }
        if (!leaf.getKeyUsage()[0]) {
            found.add("no digitalSignature");
        }
        if (pki.crl().isRevoked(leaf)) {
            found.add("revoked");
        }
        if (!commonName(leaf).equals("dicom-tls test " + role.title())) {
            found.add("CN " + commonName(leaf));
        }
        if (leaf.getSubjectX500Principal().getEncoded().length > 4000) {
            found.add("long subject");
        }
        if (leaf.getNonCriticalExtensionOIDs().stream().anyMatch(oid -> oid.startsWith("2.25."))) {
            found.add("unknown extension");
        }
        return found;
    }

    private static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key, Issue.PROVIDER);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Set<String> expected(Flaw flaw) {
        return switch (flaw) {
            case EXPIRED -> Set.of("leaf expired");
            case NOT_YET_VALID -> Set.of("leaf not yet valid");
            case UNKNOWN_CA -> Set.of("other issuer");
            case SELF_SIGNED -> Set.of("self-signed");
            case WRONG_HOST -> Set.of("names [2:other.example]");
            case COMMON_NAME_ONLY -> Set.of("names []", "CN localhost");
            case WILDCARD_PARTIAL -> Set.of("names [2:p*.lab.example]");
            case WILDCARD_DOUBLE -> Set.of("names [2:*.*.lab.example]");
            case WILDCARD_INNER -> Set.of("names [2:a.*.lab.example]");
            case RSA_1024 -> Set.of("leaf RSA 1024");
            case SHA1_LEAF -> Set.of("leaf SHA1WITHRSA");
            case SHA1_INTERMEDIATE -> Set.of("issuer SHA1WITHRSA");
            case MD5_LEAF -> Set.of("leaf MD5WITHRSA");
            case P_224 -> Set.of("leaf EC 224");
            case RSA_1024_ISSUER -> Set.of("issuer RSA 1024");
            case EKU_CLIENT_ONLY -> Set.of("purpose [" + CLIENT_AUTH + "]");
            case EKU_SERVER_ONLY -> Set.of("purpose [" + SERVER_AUTH + "]");
            case KEY_USAGE_NO_SIGNATURE -> Set.of("no digitalSignature");
            case REVOKED -> Set.of("revoked");
            case EXPIRED_ISSUER -> Set.of("issuer expired");
            case MARKUP_SUBJECT -> Set.of("CN <script>alert(1)</script>");
            case LONG_SUBJECT -> Set.of("long subject");
            case UNKNOWN_EXTENSION -> Set.of("unknown extension");
        };
    }

    @ParameterizedTest
    @MethodSource("flawed")
    void aFlawedCertificateHasItsFlawAndNoOther(Role role, Flaw flaw) throws Exception {
        Credential credential = pki.flawed(role, flaw);
        assertThat(credential.name()).isEqualTo(role.title() + "-" + flaw.id());
        assertThat(deviations(role, credential)).isEqualTo(new TreeSet<>(expected(flaw)));
        assertThat(pki.flawed(role, flaw)).isSameAs(credential);
    }

    @ParameterizedTest
    @MethodSource("flawed")
    void theKeyOfAFlawedCertificateSignsForIt(Role role, Flaw flaw) throws Exception {
        Credential credential = pki.flawed(role, flaw);
        String algorithm = Issue.signatureAlgorithm(credential.key(), "SHA256");
        Signature signing = Signature.getInstance(algorithm, Issue.PROVIDER);
        signing.initSign(credential.key());
        signing.update((byte) 1);
        byte[] signature = signing.sign();
        signing.initVerify(credential.certificate().getPublicKey());
        signing.update((byte) 1);
        assertThat(signing.verify(signature)).isTrue();
    }

    @Test
    void anEcdsaPkiMakesNoRsaKeyForItsGoodCertificates() throws Exception {
        TestPki ecdsa = TestPki.create(PkiOptions.ecdsaOnly());
        Credential server = ecdsa.good(Role.SERVER, KeyKind.ECDSA);
        server.certificate().verify(ecdsa.authority().getPublicKey());
        assertThat(ecdsa.authority().getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(ecdsa.good(Role.CLIENT)).extracting(Credential::name).containsExactly("client-ecdsa");
        assertThatThrownBy(() -> ecdsa.good(Role.SERVER, KeyKind.RSA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this PKI was made without rsa keys");
        Credential md5 = ecdsa.flawed(Role.SERVER, Flaw.MD5_LEAF);
        assertThat(md5.chain()).extracting(X509Certificate::getSigAlgName).containsExactly("MD5withRSA", "SHA256withECDSA");
    }

    @Test
    void aFlawOfTheOtherEndIsRefused() {
        assertThatThrownBy(() -> pki.flawed(Role.CLIENT, Flaw.EKU_CLIENT_ONLY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("eku-client-only is no flaw of a client");
    }

    @Test
    void noProviderIsRegistered() {
        assertThat(Security.getProvider("BC")).isNull();
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void aFlawIsFoundByItsId(Flaw flaw) {
        assertThat(flaw.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
        assertThat(Flaw.of(flaw.id())).contains(flaw);
        assertThat(flaw.description()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void anAddressThatIsNoLiteralIsRefusedWithoutALookup() {
        assertThatThrownBy(() -> PkiOptions.defaults().withAddresses(List.of("host.example")))
                .hasMessage("not an IP address: 'host.example'");
        assertThatThrownBy(() -> PkiOptions.defaults().withAddresses(List.of("999.1.1.1")))
                .hasMessage("not an IP address: '999.1.1.1'");
    }

    @Test
    void theDirectoryHasExactlyTheFilesThatAreDocumented() throws Exception {
        Set<String> expected = new TreeSet<>(Set.of(".dicom-tls-pki", "ca.pem", "ca.key", "ca.crl", "flaws/README"));
        for (Role role : Role.values()) {
            for (KeyKind kind : KeyKind.values()) {
                expected.add(role.title() + "-" + kind.id() + ".pem");
                expected.add(role.title() + "-" + kind.id() + ".key");
            }
        }
        flawed().forEach(arguments -> {
            String name = ((Role) arguments.get()[0]).title() + "-" + ((Flaw) arguments.get()[1]).id();
            expected.add("flaws/" + name + ".pem");
            expected.add("flaws/" + name + ".key");
        });
        assertThat(files(written)).isEqualTo(expected);
        String readme = Files.readString(written.resolve("flaws/README"));
        flawed().forEach(arguments -> assertThat(readme)
                .contains(((Role) arguments.get()[0]).title() + "-" + ((Flaw) arguments.get()[1]).id() + ": "
                        + ((Flaw) arguments.get()[1]).description() + "\n"));
    }

    private static Set<String> files(Path directory) throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void keysAreReadableByTheirOwnerOnly() throws Exception {
        for (String file : files(written)) {
            if (file.endsWith(".key") && Files.getFileStore(written).supportsFileAttributeView("posix")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written.resolve(file))))
                        .as(file)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void theJdkReadsWhatIsWritten() throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Arguments arguments : good().toList()) {
            Credential credential = pki.good((Role) arguments.get()[0], (KeyKind) arguments.get()[1]);
            try (InputStream in = Files.newInputStream(written.resolve(credential.name() + ".pem"))) {
                assertThat(factory.generateCertificates(in)).isEqualTo(credential.chain());
            }
            List<String> lines = Files.readAllLines(written.resolve(credential.name() + ".key"));
            assertThat(lines.get(0)).isEqualTo("-----BEGIN PRIVATE KEY-----");
            byte[] encoded = Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
            assertThat(KeyFactory.getInstance(credential.key().getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded)))
                    .isEqualTo(credential.key());
        }
        try (InputStream in = Files.newInputStream(written.resolve("ca.crl"))) {
            assertThat(factory.generateCRL(in)).isEqualTo(pki.crl());
        }
    }

    @Test
    void aDirectoryOfSomebodyElseIsLeftAlone(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("ca.pem"), "precious");
        assertThatThrownBy(() -> pki.write(directory))
                .isInstanceOf(PkiException.class)
                .hasMessage(directory + " is not empty and no test PKI (it has no .dicom-tls-pki): "
                        + "name a new or an empty directory");
        assertThat(files(directory)).containsExactly("ca.pem");
        assertThat(Files.readString(directory.resolve("ca.pem"))).isEqualTo("precious");
        assertThatThrownBy(() -> pki.write(directory.resolve("ca.pem")))
                .isInstanceOf(PkiException.class)
                .hasMessage(directory.resolve("ca.pem") + " is not a directory");
    }

    @Test
    void aDirectoryOfOursIsWrittenAnewWithoutRemains(@TempDir Path directory) throws Exception {
        pki.write(directory);
        Files.writeString(directory.resolve("notes.txt"), "mine");
        List<String> progress = new ArrayList<>();
        TestPki.create(PkiOptions.ecdsaOnly())
                .write(directory, (done, total, what) -> progress.add(done + "/" + total + " " + what));
        assertThat(files(directory))
                .contains("server-ecdsa.pem", "notes.txt")
                .doesNotContain("server-rsa.pem", "server-rsa.key");
        int total = 1 + 2 + (int) flawed().count() + 1;
        assertThat(progress).hasSize(total + 1).startsWith("0/" + total + " ca").endsWith(total + "/" + total + " done");
    }

    /** What {@code openssl verify} says of a flaw: the number of its error, or nothing when it has none to name. */
    private static Map<Flaw, Integer> opensslErrors() {
        Map<Flaw, Integer> errors = new EnumMap<>(Flaw.class);
        errors.put(Flaw.EXPIRED, 10);
        errors.put(Flaw.NOT_YET_VALID, 9);
        errors.put(Flaw.UNKNOWN_CA, 20);
        errors.put(Flaw.SELF_SIGNED, 18);
        errors.put(Flaw.WRONG_HOST, 62);
        errors.put(Flaw.WILDCARD_PARTIAL, 62);
        errors.put(Flaw.WILDCARD_DOUBLE, 62);
        errors.put(Flaw.WILDCARD_INNER, 62);
        errors.put(Flaw.EKU_CLIENT_ONLY, 26);
        errors.put(Flaw.EKU_SERVER_ONLY, 26);
        errors.put(Flaw.KEY_USAGE_NO_SIGNATURE, 26);
        errors.put(Flaw.REVOKED, 23);
        errors.put(Flaw.EXPIRED_ISSUER, 10);
        errors.put(Flaw.RSA_1024, 66);
        errors.put(Flaw.RSA_1024_ISSUER, 67);
        errors.put(Flaw.SHA1_LEAF, 68);
        errors.put(Flaw.SHA1_INTERMEDIATE, 68);
        errors.put(Flaw.MD5_LEAF, 68);
        return errors;
    }

    private static OpenSsl.Output verify(Role role, String file, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "verify", "-CAfile", written.resolve("ca.pem").toString(), "-purpose",
                role == Role.SERVER ? "sslserver" : "sslclient", "-verify_hostname", "localhost", "-auth_level", "2",
                "-untrusted", file));
        command.addAll(Arrays.asList(more));
        command.add(file);
        return OpenSsl.run(command);
    }

    @ParameterizedTest
    @MethodSource("good")
    void opensslAcceptsAGoodCertificate(Role role, KeyKind kind) throws Exception {
        OpenSsl.assumeInstalled();
        String file = written.resolve(pki.good(role, kind).name() + ".pem").toString();
        OpenSsl.Output output =
                verify(role, file, "-x509_strict", "-crl_check", "-CRLfile", written.resolve("ca.crl").toString());
        assertThat(output.text()).isEqualTo(file + ": OK\n");
        OpenSsl.Output text = OpenSsl.run(List.of("x509", "-in", file, "-noout", "-text"));
        assertThat(text.text())
                .contains("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1")
                .contains(role == Role.SERVER ? "TLS Web Server Authentication" : "TLS Web Client Authentication")
                .contains(kind == KeyKind.RSA ? "Public-Key: (2048 bit)" : "NIST CURVE: P-256");
    }

    @ParameterizedTest
    @MethodSource("flawed")
    void opensslNamesTheFlaw(Role role, Flaw flaw) throws Exception {
        OpenSsl.assumeInstalled();
        String file = written.resolve("flaws/" + role.title() + "-" + flaw.id() + ".pem").toString();
        OpenSsl.Output output = flaw == Flaw.REVOKED
                ? verify(role, file, "-crl_check", "-CRLfile", written.resolve("ca.crl").toString())
                : verify(role, file);
        Integer error = opensslErrors().get(flaw);
        if (error == null || flaw == Flaw.KEY_USAGE_NO_SIGNATURE && role == Role.SERVER) {
            // OpenSSL falls back on the common name, takes P-224, and lets a server's RSA key only encipher.
            assertThat(output.text()).isEqualTo(file + ": OK\n");
        } else {
            assertThat(output.text()).contains("error " + error + " at ");
            assertThat(output.status()).isNotZero();
        }
    }

    @ParameterizedTest
    @MethodSource("flawed")
    void opensslFindsEveryKeyBelongingToItsCertificate(Role role, Flaw flaw) throws Exception {
        OpenSsl.assumeInstalled();
        String base = written.resolve("flaws/" + role.title() + "-" + flaw.id()).toString();
        assertThat(OpenSsl.run(List.of("pkey", "-in", base + ".key", "-pubout")).text())
                .startsWith("-----BEGIN PUBLIC KEY-----")
                .isEqualTo(OpenSsl.run(List.of("x509", "-in", base + ".pem", "-noout", "-pubkey")).text());
    }
}
