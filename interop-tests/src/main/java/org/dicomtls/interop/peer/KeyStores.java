package org.dicomtls.interop.peer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.rule.Role;

/** The keys of a bench in the form that Java takes them in. */
final class KeyStores {

    private static final String PASSWORD = "changeit";

    private KeyStores() {}

    static char[] password() {
        return PASSWORD.toCharArray();
    }

    /** The certificate and key of that role. */
    static KeyStore own(Bench bench, Role role, KeyKind kind) throws IOException {
        Credential credential = PemCredential.read(kind.id(), bench.certificate(role, kind), bench.key(role, kind));
        return store(keys -> keys.setKeyEntry(
                "own", credential.key(), password(), credential.chain().toArray(X509Certificate[]::new)));
    }

    /** The certificate of the authority. */
    static KeyStore trusted(Bench bench) throws IOException {
        X509Certificate authority = PemCredential.certificates(bench.authority()).get(0);
        return store(keys -> keys.setCertificateEntry("ca", authority));
    }

    private interface Filling {
        void fill(KeyStore store) throws GeneralSecurityException;
    }

    private static KeyStore store(Filling filling) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            filling.fill(store);
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java makes no PKCS#12 of a test key: " + e.getMessage(), e);
        }
    }

    /** Options of a Java that has these keys, which are written into the bench's directory. */
    static String[] options(Bench bench, Role role, KeyKind kind) throws IOException {
        Path keys = write(own(bench, role, kind), bench.directory().resolve("keys.p12"));
        Path trusted = write(trusted(bench), bench.directory().resolve("trusted.p12"));
        return new String[] {
            "-Djavax.net.ssl.keyStore=" + keys, "-Djavax.net.ssl.keyStorePassword=" + PASSWORD,
            "-Djavax.net.ssl.trustStore=" + trusted, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD
        };
    }

    private static Path write(KeyStore store, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password());
            return file;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
