package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Peers;
import org.dicomtls.transport.Revocation;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.dicomtls.transport.Watched;
import picocli.CommandLine.Option;

/** Who this node is, whom it trusts, and what it knows of revocation. */
final class CredentialOptions {

    private static final int DER_SEQUENCE = 0x30;
    private static final int JKS = 0xFE;
    private static final int JCEKS = 0xCE;
    private static final long LONGEST_PASSWORD_FILE = 4096;

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            description = "a directory made by 'dicom-tls pki'; the role picks its files, all key types")
    private Path pki;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "certificate chain in PEM, repeatable, one for each --key; or a key store (PKCS#12, JKS) with key and"
                    + " chain")
    private List<Path> certificates = new ArrayList<>();

    @Option(
            names = "--key",
            paramLabel = "PEM",
            description = "private key of the PEM --cert at the same place; PKCS#8, PKCS#1 or SEC1, encrypted or not")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "certificates of trusted authorities and peers, in PEM or a key store; repeatable")
    private List<Path> trusted = new ArrayList<>();

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "of encrypted keys and key stores; others on this machine can see it, better is one of the next two")
    private String password;

    @Option(names = "--password-file", paramLabel = "FILE", description = "a file whose first line is the password")
    private Path passwordFile;

    @Option(names = "--password-env", paramLabel = "NAME", description = "an environment variable that holds the password")
    private String passwordVariable;

    @Option(
            names = "--crl",
            paramLabel = "FILE",
            description = "revocation lists in PEM or DER; who is on one, or has none, is refused; repeatable")
    private List<Path> revocationLists = new ArrayList<>();

    @Option(
            names = "--ocsp",
            paramLabel = "hard|soft|off",
            defaultValue = "off",
            description = "ask for the status of certificates, and take what is stapled; hard refuses a peer of whom nobody"
                    + " tells anything, soft accepts it (default off)")
    private String ocsp;

    @Option(
            names = "--ocsp-responder",
            paramLabel = "URL",
            description = "ask this responder instead of those that certificates name")
    private URI responder;

    @Option(
            names = "--peers",
            paramLabel = "FILE",
            description = "who may connect under which AE titles: lines like 'CT1, CT2 = dns:ct1.example.org'")
    private Path peers;

    /** Whether anything was given. */
    boolean given() {
        return pki != null || !certificates.isEmpty() || !keys.isEmpty() || !trusted.isEmpty();
    }

    /** Whether revocation is to be looked at. */
    boolean revocationChecked() {
        return !revocationLists.isEmpty() || !ocsp().equals("off");
    }

    /**
     * Gives all that to a transport.
     *
     * @param authenticated whether clients have to authenticate, and do
     * @param watched whether files are read again when they change
     * @throws CredentialException when a file cannot be used
     */
    void apply(SecureTransport.Builder builder, Role role, boolean authenticated, boolean watched)
            throws CredentialException {
        if (given()) {
            required(role, authenticated);
            builder.identity(maybe(watched, () -> identity(role, authenticated), identityFiles(role)));
            builder.trust(maybe(watched, this::trust, trustFiles()));
        } else {
            inMemory(builder, role, authenticated);
        }
        if (revocationChecked()) {
            builder.revocation(maybe(watched, this::revocation, revocationLists));
        }
        if (peers != null) {
            builder.peers(maybe(watched, () -> Peers.read(peers), List.of(peers)));
        }
    }

    /** What is not watched is read once. */
    private static <T> Watched<T> maybe(boolean watched, Watched.Source<T> source, List<Path> files)
            throws CredentialException {
        if (watched && !files.isEmpty()) {
            return Watched.of(source, files);
        }
        return Watched.unchanging(source.read());
    }

    private void required(Role role, boolean authenticated) {
        if (pki != null && !(certificates.isEmpty() && keys.isEmpty() && trusted.isEmpty())) {
            throw new UsageException("--pki stands instead of --cert, --key and --trust, not beside them");
        }
        if (pki != null) {
            return;
        }
        if (pemCertificates().size() != keys.size()) {
            throw new UsageException(pemCertificates().size() + " times --cert and " + keys.size()
                    + " times --key; they belong together in pairs");
        }
        if (trusted.isEmpty() && !(role == Role.SERVER && !authenticated)) {
            throw new UsageException("--trust is missing: whose certificates are to be believed?");
        }
        if (certificates.isEmpty() && role == Role.SERVER) {
            throw new UsageException("--cert and --key are missing: a server needs a certificate");
        }
    }

    /** What is given as --cert and is no key store. */
    private List<Path> pemCertificates() {
        return certificates.stream().filter(c -> !isKeyStore(c)).toList();
    }

    /** By the first octet: PEM is text, PKCS#12 is DER, the JDK's own formats have a magic number. */
    private static boolean isKeyStore(Path file) {
        if (Files.isDirectory(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            int first = in.read();
            return first == DER_SEQUENCE || first == JKS || first == JCEKS;
        } catch (IOException e) {
            return false; // said when it is read
        }
    }

    /**
     * The identity in that role; for a client that does not authenticate, none.
     *
     * @throws CredentialException when a file cannot be used
     */
    Identity identity(Role role, boolean authenticated) throws CredentialException {
        Identity identity = pki == null ? fromFiles() : fromDirectory(role, authenticated);
        return role == Role.CLIENT && !authenticated ? Identity.none() : identity;
    }

    /**
     * The identities in every role.
     *
     * @throws CredentialException when a file cannot be used
     */
    Identity identities() throws CredentialException {
        required(Role.CLIENT, true);
        if (pki == null) {
            return fromFiles();
        }
        return identity(Role.SERVER, true).and(identity(Role.CLIENT, true));
    }

    /**
     * Reads what is given of revocation, to see whether it can be used.
     *
     * @throws CredentialException when a file cannot be used
     */
    void readRevocation() throws CredentialException {
        revocation();
        if (peers != null) {
            Peers.read(peers);
        }
    }

    private Identity fromFiles() throws CredentialException {
        Identity identity = Identity.none();
        int next = 0;
        for (Path certificate : certificates) {
            identity = identity.and(
                    isKeyStore(certificate)
                            ? Identity.keyStore(certificate, password())
                            : Identity.pem(certificate, keys.get(next++), password()));
        }
        return identity;
    }

    private Identity fromDirectory(Role role, boolean authenticated) throws CredentialException {
        if (!Files.isDirectory(pki)) {
            throw new UsageException(pki + ": no such directory; 'dicom-tls pki " + pki + "' makes one");
        }
        Identity identity = Identity.none();
        for (Path certificate : chainsOf(role)) {
            identity = identity.and(Identity.pem(certificate, keyOf(certificate), password()));
        }
        if (identity.isEmpty() && (role == Role.SERVER || authenticated)) {
            throw new UsageException(pki + ": holds no " + role.title() + "-rsa.pem and no " + role.title() + "-ecdsa.pem");
        }
        return identity;
    }

    private List<Path> chainsOf(Role role) {
        return Stream.of("rsa", "ecdsa")
                .map(kind -> pki.resolve(role.title() + "-" + kind + ".pem"))
                .filter(Files::exists)
                .toList();
    }

    private static Path keyOf(Path chain) {
        return chain.resolveSibling(chain.getFileName().toString().replaceAll("pem$", "key"));
    }

    private List<Path> identityFiles(Role role) {
        return pki == null
                ? Stream.concat(certificates.stream(), keys.stream()).toList()
                : chainsOf(role).stream().flatMap(c -> Stream.of(c, keyOf(c))).toList();
    }

    /**
     * Whom to trust.
     *
     * @throws CredentialException when a file cannot be used
     */
    Trust trust() throws CredentialException {
        Trust all = Trust.none();
        for (Path file : trustFiles()) {
            all = all.and(isKeyStore(file) ? Trust.keyStore(file, password()) : Trust.pem(file));
        }
        return all;
    }

    private List<Path> trustFiles() {
        return pki == null ? trusted : List.of(pki.resolve("ca.pem"));
    }

    private String ocsp() {
        String mode = ocsp.toLowerCase(Locale.ROOT);
        if (!List.of("hard", "soft", "off").contains(mode)) {
            throw new UsageException("--ocsp " + ocsp + ": is none of hard, soft, off");
        }
        if (mode.equals("off") && responder != null) {
            throw new UsageException("--ocsp-responder belongs to --ocsp hard or soft");
        }
        return mode;
    }

    private Revocation revocation() throws CredentialException {
        Revocation revocation = revocationLists.isEmpty()
                ? Revocation.unchecked()
                : Revocation.lists(revocationLists.toArray(Path[]::new));
        if (ocsp().equals("off")) {
            return revocation;
        }
        try {
            revocation = revocation.and(responder == null ? Revocation.ocsp() : Revocation.ocsp(responder));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--ocsp-responder: " + e.getMessage(), e);
        }
        return ocsp().equals("soft") ? revocation.softFail() : revocation;
    }

    private char[] password() throws CredentialException {
        if (Stream.of(password, passwordFile, passwordVariable).filter(p -> p != null).count() > 1) {
            throw new UsageException("--password, --password-file and --password-env stand instead of each other");
        }
        if (passwordFile != null) {
            return firstLine(passwordFile);
        }
        if (passwordVariable != null) {
            return Optional.ofNullable(System.getenv(passwordVariable))
                    .orElseThrow(() ->
                            new UsageException("--password-env " + passwordVariable + ": there is no such variable"))
                    .toCharArray();
        }
        return password == null ? new char[0] : password.toCharArray();
    }

    private static char[] firstLine(Path file) throws CredentialException {
        try {
            if (Files.size(file) > LONGEST_PASSWORD_FILE) {
                throw new CredentialException(file + ": larger than " + LONGEST_PASSWORD_FILE + " octets, no password");
            }
            return Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("").toCharArray();
        } catch (CredentialException e) {
            throw e;
        } catch (IOException e) {
            throw new CredentialException(file + ": the password cannot be read from it", e);
        }
    }

    /** Keys that live as long as the process: nobody outside knows their authority, but a peer can be asked. */
    private static void inMemory(SecureTransport.Builder builder, Role role, boolean authenticated) {
        TestPki made = TestPki.create(PkiOptions.defaults());
        builder.trust(Trust.authorities(made.authority()));
        if (role == Role.SERVER || authenticated) {
            builder.identity(identity(made.good(role)));
        }
    }

    /** The keys of a test PKI as an identity. */
    static Identity identity(List<Credential> credentials) {
        return Identity.of(credentials.stream()
                .map(c -> new Identity.Entry(c.key(), c.chain()))
                .toList());
    }
}
