package org.dicomtls.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An authority of {@code openssl ca}, with its lists and its OCSP answers. */
final class OpenSslAuthority {
    private static final String CONFIGURATION =
            """
            [ca]
            default_ca = here
            [here]
            database = DIR/index.txt
            new_certs_dir = DIR
            serial = DIR/serial
            crlnumber = DIR/crlnumber
            certificate = DIR/ca.pem
            private_key = DIR/ca.key
            default_md = sha256
            default_days = 20
            default_crl_days = 7
            policy = names
            copy_extensions = copy
            unique_subject = no
            [names]
            commonName = supplied
            """;

    private final Path directory;
    private final AtomicInteger files = new AtomicInteger();

    private OpenSslAuthority(Path directory) {
        this.directory = directory;
    }

    /** A new one in a directory below that one. Aborts the test where there is no openssl. */
    static OpenSslAuthority in(Path parent) throws Exception {
        OpenSsl.assume();
        OpenSslAuthority authority = new OpenSslAuthority(Files.createTempDirectory(parent, "openssl-ca"));
        authority.begin();
        return authority;
    }

    private void begin() throws Exception {
        Files.writeString(directory.resolve("index.txt"), "");
        Files.writeString(directory.resolve("serial"), "01\n");
        Files.writeString(directory.resolve("crlnumber"), "01\n");
        Files.writeString(directory.resolve("ca.cnf"), CONFIGURATION.replace("DIR", directory.toString()));
        OpenSsl.run(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                "/CN=OpenSSL CA", "-keyout", path("ca.key"), "-out", path("ca.pem"), "-addext",
                "keyUsage=critical,keyCertSign,cRLSign");
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    X509Certificate certificate() throws CredentialException {
        return PemFile.read(directory.resolve("ca.pem"), new char[0]).certificates.get(0);
    }

    Trust trust() throws CredentialException {
        return Trust.authorities(certificate());
    }

    /** A certificate for both roles on localhost, that names those OCSP responders. */
    Certificate.Issued issue(String name, String... responders) throws Exception {
        String file = name.replace(' ', '-');
        StringBuilder access = new StringBuilder();
        for (String responder : responders) {
            access.append(access.isEmpty() ? "authorityInfoAccess=" : ",").append("OCSP;URI:").append(responder);
        }
        List<String> command = new ArrayList<>(List.of(
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name,
                "-keyout", path(file + ".key"), "-out", path(file + ".csr"), "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "extendedKeyUsage=serverAuth,clientAuth", "-addext",
                "keyUsage=digitalSignature"));
        if (!access.isEmpty()) {
            command.addAll(List.of("-addext", access.toString()));
        }
        OpenSsl.run(command.toArray(String[]::new));
        OpenSsl.run(
                "ca", "-batch", "-notext", "-config", path("ca.cnf"), "-in", path(file + ".csr"), "-out",
                path(file + ".pem"));
        Identity identity = Identity.pem(directory.resolve(file + ".pem"), directory.resolve(file + ".key"));
        PrivateKey key = identity.entries().get(0).key();
        X509Certificate certificate = identity.entries().get(0).certificate();
        return new Certificate.Issued(
                certificate,
                new KeyPair(
                        certificate.getPublicKey(),
                        KeyFactory.getInstance(key.getAlgorithm())
                                .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(key.getEncoded()))));
    }

    void revoke(Certificate.Issued issued) throws Exception {
        OpenSsl.run(
                "ca", "-config", path("ca.cnf"), "-revoke",
                path(issued.certificate().getSubjectX500Principal().getName().replace("CN=", "").replace(' ', '-') + ".pem"),
                "-crl_reason", "keyCompromise");
    }

    /** Loses its database: of what it has issued it knows nothing any more. */
    void forgetEverybody() throws IOException {
        Files.writeString(directory.resolve("index.txt"), "");
    }

    /** Its list, as {@code PEM} or {@code DER}. */
    Path list(String form) throws Exception {
        Path pem = directory.resolve("list.pem");
        OpenSsl.run("ca", "-config", path("ca.cnf"), "-gencrl", "-out", pem.toString());
        if (form.equals("PEM")) {
            return pem;
        }
        Path der = directory.resolve("list.der");
        OpenSsl.run("crl", "-in", pem.toString(), "-outform", "DER", "-out", der.toString());
        return der;
    }

    /** What {@code openssl ocsp} answers, for an hour. */
    byte[] answer(byte[] question) {
        return answer(question, "-nmin", "60");
    }

    byte[] answer(byte[] question, String... options) {
        int number = files.incrementAndGet();
        Path asked = directory.resolve("question" + number);
        Path answered = directory.resolve("answer" + number);
        try {
            Files.write(asked, question);
            List<String> command = new ArrayList<>(List.of(
                    "ocsp", "-index", path("index.txt"), "-CA", path("ca.pem"), "-rsigner", path("ca.pem"), "-rkey",
                    path("ca.key"), "-reqin", asked.toString(), "-respout", answered.toString()));
            command.addAll(List.of(options));
            OpenSsl.run(command.toArray(String[]::new));
            return Files.readAllBytes(answered);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
