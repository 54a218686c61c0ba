package org.dicomtls.interop.bench;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.rule.Role;

/** The keys of one kind that a run uses, for both ends, from an authority with a key of the same kind. */
final class Keys {

    /** The kinds of key. */
    enum Kind {
        P256("P-256"),
        RSA2048("RSA-2048"),
        RSA3072("RSA-3072");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        private KeyPair generate() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(this == P256 ? "EC" : "RSA");
            if (this == P256) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(this == RSA2048 ? 2048 : 3072);
            }
            return generator.generateKeyPair();
        }
    }

    private static final X500Name AUTHORITY = new X500Name("CN=dicom-tls bench CA,O=dicom-tls");

    private final Kind kind;
    private final X509Certificate authority;
    private final Map<Role, Credential> ends = new EnumMap<>(Role.class);

    private Keys(Kind kind) throws GeneralSecurityException, IOException, OperatorCreationException {
        this.kind = kind;
        KeyPair root = kind.generate();
        this.authority = certificate(AUTHORITY, root, root, null);
        for (Role role : Role.values()) {
            KeyPair pair = kind.generate();
            X500Name name = new X500Name("CN=dicom-tls bench " + role.title() + ",O=dicom-tls");
            ends.put(role, new Credential(role.title(), pair.getPrivate(), List.of(certificate(name, pair, root, role))));
        }
    }

    /** New keys of that kind. */
    static Keys of(Kind kind) {
        try {
            return new Keys(kind);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("keys of kind " + kind.title() + " cannot be made: " + e.getMessage(), e);
        }
    }

    private X509Certificate certificate(X500Name subject, KeyPair own, KeyPair signer, Role role)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                AUTHORITY,
                BigInteger.valueOf(role == null ? 1 : 2 + role.ordinal()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                subject,
                own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(role == null));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(role == null ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
        if (role != null) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(role == Role.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName[] {
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                    }));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(
                        new JcaContentSignerBuilder(kind == Kind.P256 ? "SHA256withECDSA" : "SHA256withRSA")
                                .build(signer.getPrivate())));
    }

    Kind kind() {
        return kind;
    }

    X509Certificate authority() {
        return authority;
    }

    Credential of(Role role) {
        return ends.get(role);
    }

    /** Writes {@code ca.pem} and {@code client|server.pem|key} for other programs, and names them. */
    PemFiles write(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> written = new ArrayList<>();
        written.add(pem(directory.resolve("ca.pem"), authority));
        for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
            written.add(pem(directory.resolve(role.title() + ".pem"), of(role).certificate()));
            written.add(pem(directory.resolve(role.title() + ".key"), new JcaPKCS8Generator(of(role).key(), null)));
        }
        return new PemFiles(
                written.get(0).toString(),
                written.get(1).toString(),
                written.get(2).toString(),
                written.get(3).toString(),
                written.get(4).toString());
    }

    /** Names of PEM files. */
    record PemFiles(String authority, String server, String serverKey, String client, String clientKey) {}

    private static Path pem(Path file, Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return Files.writeString(file, text.toString());
    }
}
