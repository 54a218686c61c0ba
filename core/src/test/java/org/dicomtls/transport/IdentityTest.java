package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.dicomtls.predict.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates from files, and what is said of files that are no good. */
class IdentityTest {

    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Certificate.Issued FIRST =
            Certificate.of("CN=First", "EC secp256r1 first").authority().issued();
    private static final Certificate.Issued SECOND =
            Certificate.of("CN=Second", "EC secp256r1 second").authority().issuedBy(FIRST);

    @TempDir
    Path directory;

    private static Certificate.Issued leaf(String kind) {
        return Certificate.of("CN=leaf", kind).issuedBy(SECOND);
    }

    private Path certificates(Certificate.Issued... chain) throws IOException {
        return OpenSsl.pem(
                directory.resolve("chain.pem"),
                Stream.of(chain).map(Certificate.Issued::certificate).toArray());
    }

    private Path pkcs8(PrivateKey key) throws Exception {
        return OpenSsl.pem(directory.resolve("key.pem"), new JcaPKCS8Generator(key, null));
    }

    private Path encryptedPkcs8(PrivateKey key) throws Exception {
        return OpenSsl.pem(
                directory.resolve("key.pem"),
                new JcaPKCS8Generator(
                        key,
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword(PASSWORD)
                                .build()));
    }

    private static String refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(CredentialException.class, call).getMessage();
    }

    private static void is(Identity identity, Certificate.Issued leaf) {
        assertThat(identity.entries()).hasSize(1);
        assertThat(identity.entries().get(0).certificate()).isEqualTo(leaf.certificate());
        assertThat(identity.entries().get(0).key().getEncoded())
                .isEqualTo(leaf.pair().getPrivate().getEncoded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA 2048", "EC secp256r1", "EC secp384r1"})
    void readsPkcs8(String kind) throws Exception {
        Certificate.Issued leaf = leaf(kind);
        is(Identity.pem(certificates(leaf), pkcs8(leaf.pair().getPrivate())), leaf);
    }

    @Test
    void readsPkcs1() throws Exception {
        Certificate.Issued leaf = leaf(Transports.RSA);
        Path key = OpenSsl.pem(directory.resolve("key.pem"), leaf.pair().getPrivate());
        assertThat(Files.readString(key)).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        is(Identity.pem(certificates(leaf), key), leaf);
    }

    @Test
    void readsASec1KeyOfOpensslWithItsParameters() throws Exception {
        OpenSsl.assume();
        Path key = directory.resolve("sec1.pem");
        Path certificate = directory.resolve("sec1-certificate.pem");
        OpenSsl.run("ecparam", "-name", "prime256v1", "-genkey", "-out", key.toString());
        OpenSsl.run(
                "req", "-x509", "-new", "-key", key.toString(), "-subj", "/CN=openssl", "-out", certificate.toString());
        assertThat(Files.readString(key)).contains("BEGIN EC PARAMETERS").contains("BEGIN EC PRIVATE KEY");
        assertThat(Identity.pem(certificate, key).kinds()).containsExactly(KeyKind.ECDSA_P256);
    }

    @Test
    void asksForAPassword() throws Exception {
        Certificate.Issued leaf = leaf(Transports.P256);
        Path key = encryptedPkcs8(leaf.pair().getPrivate());
        Path chain = certificates(leaf);
        assertThat(refused(() -> Identity.pem(chain, key)))
                .isEqualTo(key + ": the private key is encrypted and no password was given");
    }

    @Test
    void saysThatThePasswordIsWrong() throws Exception {
        Certificate.Issued leaf = leaf(Transports.P256);
        Path key = encryptedPkcs8(leaf.pair().getPrivate());
        Path chain = certificates(leaf);
        assertThat(refused(() -> Identity.pem(chain, key, "wrong".toCharArray())))
                .isEqualTo(key + ": the key cannot be decrypted with the password given");
    }

    @Test
    void putsTheChainInOrder() throws Exception {
        Certificate.Issued leaf = leaf(Transports.P256);
        Path key = pkcs8(leaf.pair().getPrivate());
        for (Certificate.Issued[] order : new Certificate.Issued[][] {
            {leaf, SECOND, FIRST}, {FIRST, SECOND, leaf}, {SECOND, leaf, FIRST}, {FIRST, leaf, SECOND}
        }) {
            assertThat(Identity.pem(certificates(order), key).entries().get(0).chain())
                    .containsExactly(leaf.certificate(), SECOND.certificate(), FIRST.certificate());
        }
    }

    @Test
    void leavesOutWhatDoesNotBelongToTheChain() throws Exception {
        Certificate.Issued leaf = leaf(Transports.P256);
        Certificate.Issued stranger = Certificate.of("CN=Stranger", "EC secp256r1 other").authority().selfSigned();
        assertThat(Identity.pem(certificates(stranger, SECOND, leaf), pkcs8(leaf.pair().getPrivate()))
                        .entries()
                        .get(0)
                        .chain())
                .containsExactly(leaf.certificate(), SECOND.certificate());
    }

    @Test
    void takesKeyAndCertificatesFromOneFile() throws Exception {
        Certificate.Issued leaf = leaf(Transports.P256);
        Path both = OpenSsl.pem(
                directory.resolve("both.pem"), new JcaPKCS8Generator(leaf.pair().getPrivate(), null), leaf.certificate());
        is(Identity.pem(both, both), leaf);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC secp256r1 other", "RSA 2048", "EC secp384r1"})
    void saysThatKeyAndCertificateDoNotBelongTogether(String other) throws Exception {
        Path chain = certificates(leaf(Transports.P256), SECOND);
        Path key = pkcs8(TestCertificates.key(other).getPrivate());
        assertThat(refused(() -> Identity.pem(chain, key)))
                .isEqualTo(chain + ": no certificate in it belongs to the private key of " + key);
    }

    @Test
    void saysThatTheKeyFileHoldsNoKey() throws Exception {
        Path chain = certificates(leaf(Transports.P256));
        assertThat(refused(() -> Identity.pem(chain, chain)))
                .isEqualTo(chain + ": holds 0 private keys, exactly one is wanted");
    }

    @Test
    void saysThatTheKeyFileHoldsTwoKeys() throws Exception {
        PrivateKey key = TestCertificates.key(Transports.P256).getPrivate();
        Path two = OpenSsl.pem(
                directory.resolve("two.pem"), new JcaPKCS8Generator(key, null), new JcaPKCS8Generator(key, null));
        Path chain = certificates(leaf(Transports.P256));
        assertThat(refused(() -> Identity.pem(chain, two)))
                .isEqualTo(two + ": holds 2 private keys, exactly one is wanted");
    }

    @Test
    void saysThatTheCertificateFileHoldsNoCertificate() throws Exception {
        Path key = pkcs8(TestCertificates.key(Transports.P256).getPrivate());
        assertThat(refused(() -> Identity.pem(key, key))).isEqualTo(key + ": holds no certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "this is no PEM file", "\u0000\u0001\u0002\u00ff"})
    void saysThatAFileHoldsNoPemBlock(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("file.pem"), text);
        assertThat(refused(() -> Identity.pem(file, file)))
                .isEqualTo(file + ": no PEM block in it (-----BEGIN …-----)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n",
                "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
                "-----BEGIN CERTIFICATE-----\nMIIB\n",
            })
    void saysThatABlockIsGarbage(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("garbage.pem"), text);
        assertThat(refused(() -> Identity.pem(file, file)))
                .startsWith(file + ": ")
                .containsAnyOf(": not a valid PEM file: ", ": private key of an unknown kind: ")
                .doesNotContain("\n");
    }

    @Test
    void saysThatABlockIsOfAnotherKind() throws Exception {
        Path file = OpenSsl.pem(
                directory.resolve("public.pem"), TestCertificates.key(Transports.P256).getPublic());
        assertThat(refused(() -> Identity.pem(file, file)))
                .isEqualTo(file + ": holds a SubjectPublicKeyInfo, which is neither certificate nor private key");
    }

    @Test
    void saysThatAFileIsADirectory() {
        assertThat(refused(() -> Identity.pem(directory, directory)))
                .isEqualTo(directory + ": is a directory, a PEM file is wanted");
    }

    @Test
    void saysThatAFileIsMissing() {
        Path missing = directory.resolve("missing.pem");
        assertThat(refused(() -> Identity.pem(missing, missing))).isEqualTo(missing + ": no such file");
    }

    @Test
    void doesNotReadADisk() throws Exception {
        Path huge = Files.write(directory.resolve("huge.pem"), new byte[(4 << 20) + 1]);
        assertThat(refused(() -> Identity.pem(huge, huge)))
                .isEqualTo(huge + ": larger than 4194304 octets, not a PEM file");
    }

    private Path keyStore(String type, String name, boolean key) throws Exception {
        Certificate.Issued leaf = leaf(Transports.P256);
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        if (key) {
            store.setKeyEntry("archive", leaf.pair().getPrivate(), PASSWORD, new X509Certificate[] {
                leaf.certificate(), SECOND.certificate(), FIRST.certificate()
            });
        } else {
            store.setCertificateEntry("ca", TestCertificates.CA);
        }
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12 keys.p12", "JKS keys.jks"})
    void readsKeyStores(String typeAndName) throws Exception {
        Path file = keyStore(typeAndName.split(" ")[0], typeAndName.split(" ")[1], true);
        assertThat(Identity.keyStore(file, PASSWORD).entries().get(0).chain())
                .extracting(c -> c.getSubjectX500Principal().getName())
                .containsExactly("CN=leaf", "CN=Second", "CN=First");
    }

    @Test
    void saysThatThePasswordOfAKeyStoreIsWrong() throws Exception {
        Path file = keyStore("PKCS12", "keys.p12", true);
        assertThat(refused(() -> Identity.keyStore(file, "wrong".toCharArray()))).isEqualTo(file + ": wrong password");
    }

    @Test
    void saysThatAKeyStoreHoldsNoKey() throws Exception {
        Path file = keyStore("PKCS12", "keys.p12", false);
        assertThat(refused(() -> Identity.keyStore(file, PASSWORD))).isEqualTo(file + ": holds no private key");
    }

    @Test
    void saysThatAKeyStoreIsNone() throws Exception {
        Path file = Files.writeString(directory.resolve("keys.p12"), "garbage");
        assertThat(refused(() -> Identity.keyStore(file, PASSWORD)))
                .startsWith(file + ": not a key store: ")
                .doesNotContain("\n");
    }

    @Test
    void saysThatAKeyStoreIsMissing() {
        Path missing = directory.resolve("missing.p12");
        assertThat(refused(() -> Identity.keyStore(missing, PASSWORD))).isEqualTo(missing + ": no such file");
    }

    @Test
    void readsAuthoritiesFromFiles() throws Exception {
        Path pem = OpenSsl.pem(directory.resolve("ca.pem"), TestCertificates.CA, FIRST.certificate());
        assertThat(Trust.pem(pem).authorities()).containsExactly(TestCertificates.CA, FIRST.certificate());
        assertThat(Trust.keyStore(keyStore("PKCS12", "trust.p12", false), PASSWORD).authorities())
                .containsExactly(TestCertificates.CA);
    }

    @Test
    void saysThatAFileHoldsNobodyToTrust() throws Exception {
        Path key = pkcs8(TestCertificates.key(Transports.P256).getPrivate());
        assertThat(refused(() -> Trust.pem(key))).isEqualTo(key + ": holds no certificate");
        Path keys = keyStore("PKCS12", "keys.p12", true);
        assertThat(refused(() -> Trust.keyStore(keys, PASSWORD)))
                .isEqualTo(keys + ": holds no trusted certificate (certificates that openssl has put into a PKCS#12 file do"
                        + " not count as trusted; give them as PEM)");
    }

    @Test
    void printsNoKeyMaterial() {
        assertThat(TestCertificates.client(Transports.RSA).toString()).isEqualTo("[RSA CN=RSA 2048]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA 2048", "EC secp256r1"})
    void readsEncryptedPkcs8(String kind) throws Exception {
        Certificate.Issued leaf = leaf(kind);
        is(Identity.pem(certificates(leaf), encryptedPkcs8(leaf.pair().getPrivate()), PASSWORD), leaf);
    }

    @Test
    void readsTheOldEncryptionOfOpenssl() throws Exception {
        Certificate.Issued leaf = leaf(Transports.RSA);
        Path key = directory.resolve("key.pem");
        java.io.StringWriter text = new java.io.StringWriter();
        try (var writer = new org.bouncycastle.openssl.jcajce.JcaPEMWriter(text)) {
            writer.writeObject(
                    leaf.pair().getPrivate(),
                    new JcePEMEncryptorBuilder("AES-256-CBC")
                            .setProvider(new BouncyCastleProvider())
                            .build(PASSWORD));
        }
        Files.writeString(key, text.toString());
        assertThat(text.toString()).contains("Proc-Type: 4,ENCRYPTED");
        is(Identity.pem(certificates(leaf), key, PASSWORD), leaf);
    }

    @Test
    void saysThatThePasswordOfAKeyInTheOldEncryptionIsWrong() throws Exception {
        OpenSsl.assume();
        Certificate.Issued leaf = leaf(Transports.P256);
        Path plain = pkcs8(leaf.pair().getPrivate());
        Path key = directory.resolve("old.pem");
        OpenSsl.run("ec", "-in", plain.toString(), "-aes256", "-passout", "pass:secret", "-out", key.toString());
        assertThat(Files.readString(key)).contains("BEGIN EC PRIVATE KEY").contains("Proc-Type: 4,ENCRYPTED");
        Path chain = certificates(leaf);
        assertThat(Identity.pem(chain, key, PASSWORD).entries().get(0).certificate()).isEqualTo(leaf.certificate());
        assertThat(refused(() -> Identity.pem(chain, key, "wrong".toCharArray())))
                .isEqualTo(key + ": the key cannot be decrypted with the password given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA512", "-scrypt", "-v1 PBE-SHA1-3DES", "-v2 des3"})
    void readsWhateverOpensslEncryptsPkcs8With(String options) throws Exception {
        OpenSsl.assume();
        Certificate.Issued leaf = leaf(Transports.RSA);
        Path plain = pkcs8(leaf.pair().getPrivate());
        Path key = directory.resolve("encrypted.pem");
        List<String> command = new ArrayList<>(List.of(
                "pkcs8", "-topk8", "-in", plain.toString(), "-out", key.toString(), "-passout", "pass:secret"));
        command.addAll(List.of(options.split(" ")));
        OpenSsl.run(command.toArray(String[]::new));
        is(Identity.pem(certificates(leaf), key, PASSWORD), leaf);
    }

    @Test
    void takesAChainFromSeveralFilesInAnyOrder() throws Exception {
        Certificate.Issued leaf = leaf(Transports.P256);
        Path issuers = OpenSsl.pem(directory.resolve("issuers.pem"), FIRST.certificate(), SECOND.certificate());
        Path own = OpenSsl.pem(directory.resolve("own.pem"), leaf.certificate());
        Path key = pkcs8(leaf.pair().getPrivate());
        assertThat(Identity.pem(List.of(issuers, own), key, new char[0])
                        .entries()
                        .get(0)
                        .chain())
                .containsExactly(leaf.certificate(), SECOND.certificate(), FIRST.certificate());
        assertThat(refused(() -> Identity.pem(List.of(issuers, issuers), key, new char[0])))
                .isEqualTo(issuers + ", " + issuers + ": no certificate in it belongs to the private key of " + key);
    }

    private Path keyStore(String name, Certificate.Issued... leaves) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < leaves.length; i++) {
            store.setKeyEntry("key" + i, leaves[i].pair().getPrivate(), PASSWORD, new X509Certificate[] {
                leaves[i].certificate(), SECOND.certificate()
            });
        }
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        return file;
    }

    @Test
    void readsEveryKeyOfAKeyStore() throws Exception {
        Identity both = Identity.keyStore(keyStore("both.p12", leaf(Transports.RSA), leaf(Transports.P256)), PASSWORD);
        assertThat(both.kinds()).containsExactlyInAnyOrder(KeyKind.RSA, KeyKind.ECDSA_P256);
        assertThat(both.entries()).allSatisfy(e -> assertThat(e.chain()).hasSize(2));
    }

    @Test
    void tellsAKeyStoreByItsContentsAndNotByItsName() throws Exception {
        assertThat(Identity.keyStore(keyStore("JKS", "keys.p12", true), PASSWORD).kinds())
                .containsExactly(KeyKind.ECDSA_P256);
        assertThat(Identity.keyStore(keyStore("keys.jks", leaf(Transports.RSA)), PASSWORD).kinds())
                .containsExactly(KeyKind.RSA);
    }

    @Test
    void readsAKeyStoreOfOpenssl() throws Exception {
        OpenSsl.assume();
        Certificate.Issued leaf = leaf(Transports.RSA);
        Path file = directory.resolve("openssl.p12");
        OpenSsl.run(
                "pkcs12", "-export", "-inkey", pkcs8(leaf.pair().getPrivate()).toString(), "-in",
                certificates(leaf, SECOND).toString(), "-passout", "pass:secret", "-out", file.toString());
        assertThat(Identity.keyStore(file, PASSWORD).entries().get(0).chain())
                .containsExactly(leaf.certificate(), SECOND.certificate());
    }

    @Test
    void saysThatAKeyInAKeyStoreDoesNotBelongToItsCertificate() throws Exception {
        Certificate.Issued wrong = new Certificate.Issued(
                leaf(Transports.P256).certificate(), TestCertificates.key("EC secp256r1 other"));
        Path file = keyStore("wrong.p12", wrong);
        assertThat(refused(() -> Identity.keyStore(file, PASSWORD)))
                .isEqualTo(file + ": key 'key0' does not belong to its certificate CN=leaf");
    }

    @Test
    void saysThatAKeyStoreIsADirectory() {
        assertThat(refused(() -> Identity.keyStore(directory, PASSWORD)))
                .isEqualTo(directory + ": is a directory, a key store is wanted");
    }
}
