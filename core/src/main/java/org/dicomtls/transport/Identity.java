package org.dicomtls.transport;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.SignatureScheme;

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
        return pem(List.of(certificates), key, new char[0]);
    }

    /**
     * As {@link #pem(Path, Path)}, with a password for an encrypted key.
     *
     * @throws CredentialException when a file cannot be read, or the key does not belong to a certificate in it
     */
    public static Identity pem(Path certificates, Path key, char[] password) throws CredentialException {
        return pem(List.of(certificates), key, password);
    }

    /**
     * As {@link #pem(Path, Path, char[])}, with a chain that lies in several files, in any order.
     *
     * @param password for an encrypted key; empty for none
     * @throws CredentialException when a file cannot be read, or the key does not belong to a certificate in them
     */
    public static Identity pem(List<Path> certificates, Path key, char[] password) throws CredentialException {
        PemFile keyFile = PemFile.read(key, password);
        if (keyFile.keys.size() != 1) {
            throw new CredentialException(key + ": holds " + keyFile.keys.size() + " private keys, exactly one is wanted");
        }
        List<X509Certificate> found = new ArrayList<>();
        for (Path file : certificates) {
            List<X509Certificate> inFile = PemFile.read(file, password).certificates;
            if (inFile.isEmpty()) {
                throw new CredentialException(file + ": holds no certificate");
            }
            found.addAll(inFile);
        }
        PrivateKey privateKey = keyFile.keys.get(0);
        X509Certificate own = null;
        for (X509Certificate certificate : found) {
            if (own == null && belongTogether(key.toString(), privateKey, certificate.getPublicKey())) {
                own = certificate;
            }
        }
        if (own == null) {
            throw new CredentialException(certificates.stream().map(Path::toString).collect(Collectors.joining(", "))
                    + ": no certificate in it belongs to the private key of " + key);
        }
        return of(new Entry(privateKey, chain(own, found)));
    }

    /**
     * All keys of a PKCS#12 or JKS file.
     *
     * @throws CredentialException when the file cannot be read, holds no private key, or one that does not belong to its
     *     certificate
     */
    public static Identity keyStore(Path file, char[] password) throws CredentialException {
        return entries(file.toString(), KeyStoreFile.read(file, password), password);
    }

    /**
     * All keys of a key store that was loaded by the application, such as a PKCS#11 token. Keys that never leave their
     * token are used through their provider; it has to be registered with the JVM ({@code Security.addProvider}),
     * because the engines find it by the key.
     *
     * @param password that of the keys; null where they need none
     * @throws CredentialException when it holds no private key that can be used, or one that does not belong to its
     *     certificate
     */
    public static Identity keyStore(KeyStore store, char[] password) throws CredentialException {
        return entries("key store " + store.getType() + " of " + store.getProvider().getName(), store, password);
    }

    private static Identity entries(String name, KeyStore store, char[] password) throws CredentialException {
        List<Entry> entries = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    entries.add(entry(name + ": key '" + alias + "'", key, store.getCertificateChain(alias)));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new CredentialException(name + ": a key cannot be read: " + PemFile.oneLine(e), e);
        }
        if (entries.isEmpty()) {
            throw new CredentialException(name + ": holds no private key");
        }
        return of(entries);
    }

    private static Entry entry(String name, PrivateKey key, Certificate[] stored) throws CredentialException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : stored == null ? new Certificate[0] : stored) {
            chain.add((X509Certificate) certificate);
        }
        if (chain.isEmpty()) {
            throw new CredentialException(name + " has no certificate");
        }
        if (!belongTogether(name, key, chain.get(0).getPublicKey())) {
            throw new CredentialException(name + " does not belong to its certificate "
                    + PeerCertificateException.name(chain.get(0).getSubjectX500Principal()));
        }
        return new Entry(key, chain);
    }

    /**
     * The key and the certificates of those PEM files as they are at any time: give it to {@link
     * SecureTransport.Builder#identity(Watched)}. The two files may be replaced one after the other.
     *
     * @throws CredentialException when they cannot be used now
     */
    public static Watched<Identity> watched(Path certificates, Path key) throws CredentialException {
        return Watched.of(() -> pem(certificates, key), certificates, key);
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

    private static boolean belongTogether(String name, PrivateKey key, PublicKey certified) throws CredentialException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())
                && !(key.getAlgorithm().startsWith("Ed") && certified.getAlgorithm().startsWith("Ed"))) {
            return false;
        }
        KeyKind kind = KeyKind.of(certified);
        GeneralSecurityException refused = null;
        for (SignatureScheme scheme : SignatureScheme.matching(
                s -> s.keyType().equals(kind.algorithm()) && s.hash() == HashAlgorithm.SHA256
                        || s.algorithm() == SignatureScheme.Algorithm.EDDSA && s.keyType().equals(kind.algorithm()))) {
            try {
                return Signing.belongTogether(key, certified, scheme);
            } catch (GeneralSecurityException e) {
                refused = e; // a token may sign RSASSA-PSS only
            }
        }
        throw new CredentialException(
                name + ": this JVM cannot use the private key (" + kind + "): "
                        + (refused == null ? "no signature scheme of TLS has keys of that kind" : PemFile.oneLine(refused)),
                refused);
    }
}
