package org.dicomtls.transport;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/** What a PEM file holds of certificates and private keys, in the order of the file. */
final class PemFile {

    /** More than any key store of a hospital; less than a disk that was mistaken for one. */
    private static final long LARGEST = 4 << 20;

    private static final int LONGEST_LINE = 400;

    /** Not registered with the JVM; the builders of Bouncy Castle find its PBES2 and its OpenSSL derivation only here. */
    private static final java.security.Provider CRYPTO = new org.bouncycastle.jce.provider.BouncyCastleProvider();

    private final Path path;
    final List<X509Certificate> certificates = new ArrayList<>();
    final List<PrivateKey> keys = new ArrayList<>();

    private PemFile(Path path) {
        this.path = path;
    }

    /**
     * Reads a file.
     *
     * @param password for encrypted keys; empty for none
     * @throws CredentialException when the file cannot be read or holds anything that cannot be understood
     */
    static PemFile read(Path path, char[] password) throws CredentialException {
        PemFile file = new PemFile(path);
        file.parse(new String(BoundedFile.read(path, LARGEST, "PEM file"), StandardCharsets.ISO_8859_1), password);
        return file;
    }

    private void parse(String text, char[] password) throws CredentialException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            boolean any = false;
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                any = true;
                if (part instanceof org.bouncycastle.cert.X509CertificateHolder holder) {
                    certificates.add((X509Certificate)
                            x509.generateCertificate(new java.io.ByteArrayInputStream(holder.getEncoded())));
                } else if (part instanceof PrivateKeyInfo info) {
                    keys.add(key(info));
                } else if (part instanceof PEMKeyPair pair) {
                    keys.add(key(pair.getPrivateKeyInfo()));
                } else if (part instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
                    keys.add(decrypted(password, () -> encrypted.decryptPrivateKeyInfo(decryptor(encrypted, password))));
                } else if (part instanceof PEMEncryptedKeyPair encrypted) {
                    keys.add(decrypted(password, () -> encrypted
                            .decryptKeyPair(new JcePEMDecryptorProviderBuilder().setProvider(CRYPTO).build(password))
                            .getPrivateKeyInfo()));
                } else if (!(part instanceof org.bouncycastle.asn1.ASN1ObjectIdentifier)
                        && !(part instanceof org.bouncycastle.asn1.x9.X9ECParameters)
                        && !(part instanceof org.bouncycastle.cert.X509CRLHolder)) {
                    // EC PARAMETERS blocks stand before SEC1 keys and say nothing that the key does not say; revocation lists
                    // beside certificates are RevocationList's to read.
                    throw new CredentialException(path + ": holds a " + part.getClass().getSimpleName()
                            + ", which is neither certificate nor private key");
                }
            }
            if (!any) {
                throw new CredentialException(path + ": no PEM block in it (-----BEGIN …-----)");
            }
        } catch (CredentialException e) {
            throw e;
        } catch (IOException | CertificateException | RuntimeException e) {
            throw new CredentialException(path + ": not a valid PEM file: " + oneLine(e), e);
        }
    }

    private PrivateKey key(PrivateKeyInfo info) throws CredentialException {
        try {
            return new JcaPEMKeyConverter().getPrivateKey(info);
        } catch (PEMException e) {
            // The converter names algorithms by OID where it knows no name; the JDK's EdDSA and PSS answer to them.
            try {
                String oid = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
                return KeyFactory.getInstance(oid)
                        .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(info.getEncoded()));
            } catch (java.security.GeneralSecurityException | IOException second) {
                e.addSuppressed(second);
                throw new CredentialException(path + ": private key of an unknown kind: " + oneLine(e), e);
            }
        }
    }

    /** Bouncy Castle has two, of which one knows what OpenSSL wrote before PKCS#5 2.0, and the other scrypt. */
    private static InputDecryptorProvider decryptor(PKCS8EncryptedPrivateKeyInfo encrypted, char[] password)
            throws OperatorCreationException {
        AlgorithmIdentifier encryption = encrypted.toASN1Structure().getEncryptionAlgorithm();
        boolean scrypt = encryption.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)
                && PBES2Parameters.getInstance(encryption.getParameters())
                        .getKeyDerivationFunc()
                        .getAlgorithm()
                        .equals(MiscObjectIdentifiers.id_scrypt);
        return scrypt
                ? new JcePKCSPBEInputDecryptorProviderBuilder().setProvider(CRYPTO).build(password)
                : new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(CRYPTO).build(password);
    }

    /** A decryption of Bouncy Castle's. */
    private interface Decryption {
        PrivateKeyInfo run() throws IOException, PKCSException, OperatorCreationException;
    }

    private PrivateKey decrypted(char[] password, Decryption decryption) throws CredentialException {
        if (password.length == 0) {
            throw new CredentialException(path + ": the private key is encrypted and no password was given");
        }
        try {
            return key(decryption.run());
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            // One wrong password in 256 gives padding that is right and a key that is none.
            throw new CredentialException(path + ": the key cannot be decrypted with the password given", e);
        }
    }

    /** The first line of what an exception says, and never nothing. */
    static String oneLine(Throwable e) {
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            return e.getClass().getSimpleName();
        }
        String line = message.lines().findFirst().orElse("");
        // Engines repeat in their messages what a peer has sent, however long it is, and the search below takes the square.
        String head = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
        // Libraries put the names of exceptions into their messages; they tell a reader nothing.
        return head.replaceAll("[\\w.$]+(?:Exception|Error): ?", "").strip();
    }
}
