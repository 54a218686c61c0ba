package org.dicomtls.interop.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.dicomtls.rule.Role;

/**
 * A certification authority that exists for a test, and what it issued. Keys are made when they are first needed and kept,
 * so that the same question always has the same answer. May be shared among threads.
 *
 * <p>Good certificates are signed with SHA-256 by the root itself, hold for 30 days, carry the names of the options,
 * and have exactly the extended key usage of their role.
 */
public final class TestPki {
    private static final ASN1ObjectIdentifier UNKNOWN_OID =
            new ASN1ObjectIdentifier("2.25.198196753702022210155693402352090167078");
    private static final Duration DAY = Duration.ofDays(1);

    private final PkiOptions options;
    private final Map<String, KeyPair> keys = new HashMap<>();
    private final Map<String, Credential> credentials = new HashMap<>();
    private final Map<Role, BigInteger> revoked = new EnumMap<>(Role.class);
    private X509CRL crl;

    private TestPki(PkiOptions options) {
        this.options = options;
        for (Role role : Role.values()) {
            revoked.put(role, Issue.randomSerial());
        }
    }

    /** A new PKI of its own keys; as yet none is made. */
    public static TestPki create(PkiOptions options) {
        return new TestPki(Objects.requireNonNull(options, "options"));
    }

    /** The options that it was created with. */
    public PkiOptions options() {
        return options;
    }

    /** The root's certificate: what both ends trust. */
    public X509Certificate authority() {
        return root().certificate();
    }

    /** The root with its key, for those who issue more. */
    public synchronized Credential root() {
        return kept("ca", name -> {
            KeyPair pair = key("root", kindOfRoot());
            return new Credential(
                    name, pair.getPrivate(), List.of(selfIssued(distinguishedName("dicom-tls test CA"), pair)));
        });
    }

    /** The revocation list of the root; it names the certificates with {@link Flaw#REVOKED}, made or not. */
    public synchronized X509CRL crl() {
        if (crl == null) {
            crl = checked(this::issueCrl);
        }
        return crl;
    }

    /**
     * A good certificate for that end.
     *
     * @throws IllegalArgumentException when the options leave that kind of key out
     */
    public synchronized Credential good(Role role, KeyKind kind) {
        if (!options.kinds().contains(kind)) {
            throw new IllegalArgumentException("this PKI was made without " + kind.id() + " keys");
        }
        return kept(role.title() + "-" + kind.id(), name -> {
            KeyPair pair = key(name, kind);
            return issued(name, pair, leaf(role, distinguishedName(commonName(role)), pair), root());
        });
    }

    /** Good certificates for that end, one of each kind of key. */
    public List<Credential> good(Role role) {
        List<Credential> all = new ArrayList<>();
        for (KeyKind kind : KeyKind.values()) {
            if (options.kinds().contains(kind)) {
                all.add(good(role, kind));
            }
        }
        return List.copyOf(all);
    }

    /**
     * A certificate for that end that has that flaw and no other.
     *
     * @throws IllegalArgumentException when the flaw does not concern that end
     */
    public synchronized Credential flawed(Role role, Flaw flaw) {
        if (!flaw.concerns(role)) {
            throw new IllegalArgumentException(flaw.id() + " is no flaw of a " + role.title());
        }
        return kept(role.title() + "-" + flaw.id(), name -> issueFlawed(name, role, flaw));
    }

    /** Told how far a long task is. */
    @FunctionalInterface
    public interface Progress {
        /** Nobody is told. */
        Progress NONE = (done, total, what) -> {};

        /** That many of the total are done; next, or last when all are done, comes what is named. */
        void at(int done, int total, String what);
    }

    /**
     * Writes ca.pem, ca.key, ca.crl and the good credentials only.
     *
     * @throws PkiException when the directory holds anything that this class did not write, or cannot be written
     */
    public void writeGood(Path directory) throws IOException {
        new PkiDirectory(directory).writeGood(this);
    }

    /** Writes all of it without telling how far it is. */
    public void write(Path directory) throws IOException {
        write(directory, Progress.NONE);
    }

    /**
     * Writes ca.pem, ca.key, ca.crl, the good credentials, and under flaws/ every flawed one with a README. A directory
     * that an earlier call wrote is written anew.
     *
     * @throws PkiException when the directory holds anything that this class did not write, or cannot be written
     */
    public void write(Path directory, Progress progress) throws IOException {
        new PkiDirectory(directory).write(this, progress);
    }

    private interface Issuing {
        Credential issue(String name) throws GeneralSecurityException;
    }

    private Credential kept(String name, Issuing issuing) {
        Credential known = credentials.get(name);
        if (known == null) {
            known = checked(() -> issuing.issue(name));
            credentials.put(name, known);
        }
        return known;
    }

    private interface Making<T> {
        T make() throws GeneralSecurityException, IOException, OperatorCreationException;
    }

    /** All inputs are our own: a failure is a fault of this class or of the JVM, not of the caller. */
    private static <T> T checked(Making<T> making) {
        try {
            return making.make();
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("this JVM cannot make a test certificate: " + e.getMessage(), e);
        }
    }

    private KeyKind kindOfRoot() {
        // RSA where it may be: old peers validate nothing else.
        return options.kinds().contains(KeyKind.RSA) ? KeyKind.RSA : KeyKind.ECDSA;
    }

    private KeyPair key(String name, KeyKind kind) throws GeneralSecurityException {
        return kind == KeyKind.RSA ? rsa(name, 2048) : ec(name, "secp256r1");
    }

    private KeyPair rsa(String name, int bits) throws GeneralSecurityException {
        KeyPair known = keys.get(name);
        if (known == null) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            known = generator.generateKeyPair();
            keys.put(name, known);
        }
        return known;
    }

    private KeyPair ec(String name, String curve) throws GeneralSecurityException {
        KeyPair known = keys.get(name);
        if (known == null) {
            KeyPairGenerator generator = curve.equals("secp224r1")
                    ? KeyPairGenerator.getInstance("EC", Issue.PROVIDER)
                    : KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            known = generator.generateKeyPair();
            keys.put(name, known);
        }
        return known;
    }

    private String commonName(Role role) {
        return "dicom-tls test " + role.title();
    }

    private String host() {
        return options.dnsNames().isEmpty() ? options.addresses().get(0) : options.dnsNames().get(0);
    }

    private static X500Name distinguishedName(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "dicom-tls")
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private List<GeneralName> names() {
        List<GeneralName> names = new ArrayList<>();
        options.dnsNames().forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        options.addresses().forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        return names;
    }

    private static List<GeneralName> dnsName(String name) {
        return List.of(new GeneralName(GeneralName.dNSName, name));
    }

    private static KeyPurposeId purpose(Role role) {
        return role == Role.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth;
    }

    private Issue leaf(Role role, X500Name subject, KeyPair pair) {
        return new Issue(subject, pair.getPublic(), options.now()).names(names()).purpose(purpose(role));
    }

    private X509Certificate selfIssued(X500Name name, KeyPair pair) throws GeneralSecurityException {
        return new Issue(name, pair.getPublic(), options.now())
                .authority()
                .signedBy(name, pair.getPublic(), pair.getPrivate());
    }

    private static X500Name subject(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static X509Certificate sign(Issue issue, Credential issuer) throws GeneralSecurityException {
        return issue.signedBy(subject(issuer.certificate()), issuer.certificate().getPublicKey(), issuer.key());
    }

    private Credential issued(String name, KeyPair pair, Issue issue, Credential issuer)
            throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(sign(issue, issuer));
        if (!issuer.certificate().equals(authority())) {
            chain.addAll(issuer.chain());
        }
        return new Credential(name, pair.getPrivate(), chain);
    }

    private Credential intermediate(String commonName, KeyPair pair, UnaryOperator<Issue> flaw)
            throws GeneralSecurityException {
        Issue issue = new Issue(distinguishedName(commonName), pair.getPublic(), options.now()).authority();
        return new Credential(commonName, pair.getPrivate(), List.of(sign(flaw.apply(issue), root())));
    }

    private Credential issueFlawed(String name, Role role, Flaw flaw) throws GeneralSecurityException {
        Instant now = options.now();
        // One key for all flaws of an end: the flaw is in the certificate, and RSA keys take long to make.
        KeyKind kind = kindOfRoot();
        KeyPair pair = switch (flaw) {
            case RSA_1024 -> rsa(role.title() + "-1024", 1024);
            case P_224 -> ec(role.title() + "-224", "secp224r1");
            default -> key(role.title() + "-flaws", kind);
        };
        X500Name subject = distinguishedName(commonName(role));
        Issue leaf = leaf(role, subject, pair);
        Credential issuer = root();
        switch (flaw) {
            case EXPIRED -> leaf.valid(now.minus(DAY.multipliedBy(30)), now.minus(DAY));
            case NOT_YET_VALID -> leaf.valid(now.plus(DAY.multipliedBy(10)), now.plus(DAY.multipliedBy(40)));
            case UNKNOWN_CA -> {
                KeyPair other = key("other-ca", kind);
                X500Name otherName = distinguishedName("dicom-tls other CA");
                return new Credential(
                        name,
                        pair.getPrivate(),
                        List.of(leaf.signedBy(otherName, other.getPublic(), other.getPrivate())));
            }
            case SELF_SIGNED -> {
                return new Credential(
                        name, pair.getPrivate(), List.of(leaf.signedBy(subject, pair.getPublic(), pair.getPrivate())));
            }
            case WRONG_HOST -> leaf.names(dnsName("other.example"));
            case COMMON_NAME_ONLY -> leaf =
                    leaf(role, distinguishedName(host()), pair).names(List.of());
            case WILDCARD_PARTIAL -> leaf.names(dnsName("p*.lab.example"));
            case WILDCARD_DOUBLE -> leaf.names(dnsName("*.*.lab.example"));
            case WILDCARD_INNER -> leaf.names(dnsName("a.*.lab.example"));
            case RSA_1024, P_224 -> {
                // The key is the flaw.
            }
            case SHA1_LEAF -> leaf.signatureAlgorithm(Issue.signatureAlgorithm(issuer.key(), "SHA1"));
            case SHA1_INTERMEDIATE -> issuer = intermediate(
                    "dicom-tls test SHA-1 CA",
                    key("intermediate", kind),
                    issue -> issue.signatureAlgorithm(Issue.signatureAlgorithm(root().key(), "SHA1")));
            case MD5_LEAF -> {
                if (kind != KeyKind.RSA) {
                    // There is no MD5 with ECDSA.
                    issuer = intermediate(
                            "dicom-tls test RSA CA", key("rsa-intermediate", KeyKind.RSA), issue -> issue);
                }
                leaf.signatureAlgorithm("MD5withRSA");
            }
            case RSA_1024_ISSUER -> issuer =
                    intermediate("dicom-tls test RSA-1024 CA", rsa("intermediate-1024", 1024), issue -> issue);
            case EKU_CLIENT_ONLY, EKU_SERVER_ONLY -> leaf.purpose(purpose(role.other()));
            case KEY_USAGE_NO_SIGNATURE -> leaf.keyUsage(
                    kind == KeyKind.RSA ? KeyUsage.keyEncipherment : KeyUsage.keyAgreement);
            case REVOKED -> leaf.serial(revoked.get(role));
            case EXPIRED_ISSUER -> issuer = intermediate(
                    "dicom-tls test expired CA",
                    key("intermediate", kind),
                    issue -> issue.valid(now.minus(DAY.multipliedBy(30)), now.minus(DAY)));
            case MARKUP_SUBJECT -> leaf = leaf(role, distinguishedName("<script>alert(1)</script>"), pair);
            case LONG_SUBJECT -> leaf = leaf(role, longName(commonName(role)), pair);
            case UNKNOWN_EXTENSION -> leaf =
                    leaf(role, oddName(commonName(role)), pair).unknownExtension(UNKNOWN_OID);
        }
        return issued(name, pair, leaf, issuer);
    }

    private static X500Name longName(String commonName) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, "dicom-tls");
        for (int unit = 0; unit < 64; unit++) {
            // 64 characters is the most that X.520 allows for one of them.
            builder.addRDN(BCStyle.OU, String.format(Locale.ROOT, "%02d-", unit) + "x".repeat(61));
        }
        return builder.addRDN(BCStyle.CN, commonName).build();
    }

    private static X500Name oddName(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "Röntgen & Söhne, \"放射線科\" = +1; #2 \\")
                .addMultiValuedRDN(
                        new ASN1ObjectIdentifier[] {BCStyle.OU, BCStyle.UNIQUE_IDENTIFIER},
                        new String[] {"second floor", "42"})
                .addRDN(UNKNOWN_OID, "an attribute of no meaning")
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private X509CRL issueCrl() throws GeneralSecurityException, IOException, OperatorCreationException {
        Credential root = root();
        Instant now = options.now();
        X509v2CRLBuilder builder = new X509v2CRLBuilder(subject(root.certificate()), Date.from(now.minus(DAY)));
        builder.setNextUpdate(Date.from(now.plus(DAY.multipliedBy(30))));
        revoked.values()
                .forEach(serial -> builder.addCRLEntry(serial, Date.from(now.minus(DAY)), CRLReason.keyCompromise));
        builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.ONE));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils()
                        .createAuthorityKeyIdentifier(SubjectPublicKeyInfo.getInstance(
                                root.certificate().getPublicKey().getEncoded())));
        return new JcaX509CRLConverter()
                .getCRL(builder.build(new JcaContentSignerBuilder(Issue.signatureAlgorithm(root.key(), "SHA256"))
                        .setProvider(Issue.PROVIDER)
                        .build(root.key())));
    }
}
