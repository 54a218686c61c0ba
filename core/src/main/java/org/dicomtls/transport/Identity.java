package org.dicomtls.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.dicomtls.predict.KeyKind;

/**
 * Who this node is: private keys with their certificate chains, of one or several kinds. A server of PS3.15 B.13
 * needs an RSA and an ECDSA key to serve all suites of its list.
 */
public final class Identity {

    /**
     * A private key and its certificates.
     *
     * @param key the private key; of any JCA provider
     * @param chain the certificate of the key first, then its issuers in order; without the root if that is known
     */
    public record Entry(PrivateKey key, List<X509Certificate> chain) {
        public Entry {
            chain = List.copyOf(chain);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("a private key without a certificate");
            }
        }

        public X509Certificate certificate() {
            return chain.get(0);
        }

        public KeyKind kind() {
            return KeyKind.of(certificate().getPublicKey());
        }

        /** Prints no key material. */
        @Override
        public String toString() {
            return kind() + " " + certificate().getSubjectX500Principal().getName();
        }
    }

    private static final Identity NONE = new Identity(List.of());

    private final List<Entry> entries;

    private Identity(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** No key: a client that presents no certificate. */
    public static Identity none() {
        return NONE;
    }

    /** The keys of those entries. */
    public static Identity of(Entry... entries) {
        return new Identity(List.of(entries));
    }

    /** The keys of those entries. */
    public static Identity of(List<Entry> entries) {
        return new Identity(entries);
    }

    /**
     * A key and its certificates from PEM files: PKCS#8, PKCS#1 or SEC1 for the key; the chain in any order.
     *
     * @throws CredentialException when a file cannot be read, or the key does not belong to a certificate in it
     */
    public static Identity pem(Path certificates, Path key) throws CredentialException {
        return pem(certificates, key, new char[0]);
    }

    /**
     * As {@link #pem(Path, Path)}, with a password for an encrypted key.
     *
     * @throws CredentialException when a file cannot be read, or the key does not belong to a certificate in it
     */
    public static Identity pem(Path certificates, Path key, char[] password) throws CredentialException {
        PemFile keyFile = PemFile.read(key, password);
        if (keyFile.keys.size() != 1) {
            throw new CredentialException(key + ": holds " + keyFile.keys.size() + " private keys, exactly one is wanted");
        }
        PemFile chainFile = PemFile.read(certificates, password);
        if (chainFile.certificates.isEmpty()) {
            throw new CredentialException(certificates + ": holds no certificate");
        }
        PrivateKey privateKey = keyFile.keys.get(0);
        X509Certificate own = null;
        for (X509Certificate certificate : chainFile.certificates) {
            if (own == null && belongTogether(key, privateKey, certificate.getPublicKey())) {
                own = certificate;
            }
        }
        if (own == null) {
            throw new CredentialException(certificates + ": no certificate in it belongs to the private key of " + key);
        }
        return of(new Entry(privateKey, chain(own, chainFile.certificates)));
    }

    /**
     * All keys of a PKCS#12 or JKS file.
     *
     * @throws CredentialException when the file cannot be read or holds no private key
     */
    public static Identity keyStore(Path file, char[] password) throws CredentialException {
        KeyStore store = loadKeyStore(file, password);
        List<Entry> entries = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    List<X509Certificate> chain = new ArrayList<>();
                    Certificate[] stored = store.getCertificateChain(alias);
                    for (Certificate certificate : stored == null ? new Certificate[0] : stored) {
                        chain.add((X509Certificate) certificate);
                    }
                    if (chain.isEmpty()) {
                        throw new CredentialException(file + ": key '" + alias + "' has no certificate");
                    }
                    entries.add(new Entry(key, chain));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new CredentialException(file + ": a key cannot be read: " + PemFile.oneLine(e), e);
        }
        if (entries.isEmpty()) {
            throw new CredentialException(file + ": holds no private key");
        }
        return of(entries);
    }

    /** This identity with the keys of another one as well. */
    public Identity and(Identity other) {
        List<Entry> both = new ArrayList<>(entries);
        both.addAll(other.entries);
        return new Identity(both);
    }

    public List<Entry> entries() {
        return entries;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The kinds of its keys, in the order of the keys. */
    public Set<KeyKind> kinds() {
        Set<KeyKind> kinds = new LinkedHashSet<>();
        entries.forEach(entry -> kinds.add(entry.kind()));
        return Collections.unmodifiableSet(kinds);
    }

    @Override
    public String toString() {
        return entries.toString();
    }

    static KeyStore loadKeyStore(Path file, char[] password) throws CredentialException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(name.endsWith(".jks") ? "JKS" : "PKCS12");
            store.load(in, password);
            return store;
        } catch (java.nio.file.NoSuchFileException e) {
            throw new CredentialException(file + ": no such file", e);
        } catch (IOException e) {
            throw new CredentialException(
                    file + ": " + (e.getCause() instanceof java.security.UnrecoverableKeyException
                            ? "wrong password"
                            : "not a key store: " + PemFile.oneLine(e)),
                    e);
        } catch (GeneralSecurityException e) {
            throw new CredentialException(file + ": not a key store: " + PemFile.oneLine(e), e);
        }
    }

    private static List<X509Certificate> chain(X509Certificate own, List<X509Certificate> all) {
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        X509Certificate last = own;
        while (!last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
            X509Certificate child = last;
            X509Certificate issuer = all.stream()
                    .filter(c -> !chain.contains(c)
                            && c.getSubjectX500Principal().equals(child.getIssuerX500Principal()))
                    .findFirst()
                    .orElse(null);
            if (issuer == null) {
                break;
            }
            chain.add(issuer);
            last = issuer;
        }
        return chain;
    }

    private static boolean belongTogether(Path file, PrivateKey key, PublicKey certified) throws CredentialException {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "RSASSA-PSS" -> "RSASSA-PSS";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        if (!key.getAlgorithm().equals(certified.getAlgorithm())
                && !(key.getAlgorithm().startsWith("Ed") && certified.getAlgorithm().startsWith("Ed"))) {
            return false;
        }
        try {
            byte[] probe = new byte[32];
            Arrays.fill(probe, (byte) 7);
            Signature signer = Signature.getInstance(algorithm);
            if (algorithm.equals("RSASSA-PSS")) {
                signer.setParameter(new java.security.spec.PSSParameterSpec(
                        "SHA-256", "MGF1", java.security.spec.MGF1ParameterSpec.SHA256, 32, 1));
            }
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            if (algorithm.equals("RSASSA-PSS")) {
                verifier.setParameter(signer.getParameters().getParameterSpec(java.security.spec.PSSParameterSpec.class));
            }
            verifier.initVerify(certified);
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (java.security.SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new CredentialException(
                    file + ": this JVM cannot use the private key (" + KeyKind.of(certified) + "): "
                            + PemFile.oneLine(e),
                    e);
        }
    }
}
