package org.dicomtls.transport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;

/** A PKCS#12, JKS or JCEKS file, told apart by its first octets and not by its name. */
final class KeyStoreFile {

    private static final int JKS = 0xFEEDFEED;
    private static final int JCEKS = 0xCECECECE;

    private KeyStoreFile() {}

    static KeyStore read(Path file, char[] password) throws CredentialException {
        if (Files.isDirectory(file)) {
            throw new CredentialException(file + ": is a directory, a key store is wanted");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(4);
            byte[] magic = in.readNBytes(4);
            in.reset();
            KeyStore store = KeyStore.getInstance(type(magic));
            store.load(in, password);
            return store;
        } catch (NoSuchFileException e) {
            throw new CredentialException(file + ": no such file", e);
        } catch (IOException e) {
            throw new CredentialException(
                    file + ": " + (e.getCause() instanceof UnrecoverableKeyException
                            ? "wrong password"
                            : "not a key store: " + PemFile.oneLine(e)),
                    e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CredentialException(file + ": not a key store: " + PemFile.oneLine(e), e);
        }
    }

    private static String type(byte[] magic) {
        int number = 0;
        for (byte octet : magic) {
            number = number << 8 | octet & 0xFF;
        }
        return number == JKS ? "JKS" : number == JCEKS ? "JCEKS" : "PKCS12";
    }
}
