package org.dicomtls.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** The files of an identity, replaced in the ways in which that is done. */
record Pair(Path certificate, Path key) {

    static Pair in(Path directory) {
        return new Pair(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    }

    Pair write(Certificate.Issued issued) throws Exception {
        writeCertificate(certificate, issued);
        writeKey(key, issued);
        return this;
    }

    static Path writeCertificate(Path file, Certificate.Issued issued) throws IOException {
        return OpenSsl.pem(file, issued.certificate());
    }

    static Path writeKey(Path file, Certificate.Issued issued) throws Exception {
        return OpenSsl.pem(file, new JcaPKCS8Generator(issued.pair().getPrivate(), null));
    }

    void renameCertificate(Certificate.Issued issued) throws IOException {
        move(writeCertificate(beside(certificate), issued), certificate);
    }

    void renameKey(Certificate.Issued issued) throws Exception {
        move(writeKey(beside(key), issued), key);
    }

    void rename(Certificate.Issued issued) throws Exception {
        renameCertificate(issued);
        renameKey(issued);
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Watched<Identity> watched() throws CredentialException {
        return Identity.watched(certificate, key);
    }
}
