package org.dicomtls.interop.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.dicomtls.interop.pki.Credential;

/** Reads what the auditor presents as a client from PEM files. */
public final class PemCredential {

    private static final long LARGEST = 1 << 20;

    private PemCredential() {}

    /**
     * A certificate chain and its unencrypted key.
     *
     * @throws IOException when a file cannot be read or holds something else; the message names the file
     */
    public static Credential read(String name, Path certificates, Path key) throws IOException {
        return new Credential(name, privateKey(key), certificates(certificates));
    }

    /**
     * All certificates of a file, in its order; at least one.
     *
     * @throws IOException when the file cannot be read or holds none; the message names the file
     */
    public static List<X509Certificate> certificates(Path certificates) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Object object : objects(certificates)) {
                if (object instanceof X509CertificateHolder holder) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(holder.getEncoded())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(certificates + ": a certificate in it cannot be read: " + e.getMessage(), e);
        }
        if (chain.isEmpty()) {
            throw new IOException(certificates + ": holds no certificate");
        }
        return chain;
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        for (Object object : objects(file)) {
            if (object instanceof PEMKeyPair pair) {
                return converter.getKeyPair(pair).getPrivate();
            }
            if (object instanceof PrivateKeyInfo info) {
                return converter.getPrivateKey(info);
            }
        }
        throw new IOException(file + ": holds no private key that is not encrypted");
    }

    private static List<Object> objects(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file");
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + ": larger than " + LARGEST + " octets");
        }
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file, StandardCharsets.ISO_8859_1)))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException(file + ": not PEM: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return objects;
    }
}
