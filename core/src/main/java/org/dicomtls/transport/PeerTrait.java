package org.dicomtls.transport;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * Something by which the certificate of a peer is recognised. Written as {@code kind:value}.
 *
 * @param kind what is looked at
 * @param value what it has to be
 */
public record PeerTrait(Kind kind, String value) {

    /** What of a certificate is looked at. */
    public enum Kind {
        /** The SHA-256 of the certificate, in hexadecimal digits, colons allowed. Changes when it is renewed. */
        CERTIFICATE("sha256"),
        /** The SHA-256 of its SubjectPublicKeyInfo. Stays when it is renewed for the same key. */
        KEY("spki"),
        /** The whole subject, as in RFC 2253 or the other way round, as OpenSSL prints it. */
        SUBJECT("subject"),
        /** A DNS name among its subject alternative names, letter by letter; no wildcards. */
        DNS("dns"),
        /** An IP address among its subject alternative names. */
        ADDRESS("ip"),
        /** A URI among its subject alternative names. */
        URI("uri"),
        /** The whole subject of an authority above it, in either order: a group of peers. */
        AUTHORITY("ca");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        /** As it is written before the colon. */
        public String id() {
            return id;
        }
    }

    private static final int SHA256_DIGITS = 64;

    /**
     * Checks and normalises the value.
     *
     * @throws IllegalArgumentException when there can be no certificate with that value
     */
    public PeerTrait {
        Objects.requireNonNull(kind, "kind");
        value = normal(kind, value.strip());
    }

    /**
     * Reads {@code kind:value}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static PeerTrait parse(String text) {
        int colon = text.indexOf(':');
        String id = colon < 0 ? text.strip() : text.substring(0, colon).strip();
        Kind kind = Arrays.stream(Kind.values())
                .filter(k -> k.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + Printable.of(id, 40) + "' is none of "
                        + Arrays.stream(Kind.values()).map(Kind::id).toList()));
        if (colon < 0) {
            throw new IllegalArgumentException("a colon and a value are missing after '" + id + "'");
        }
        return new PeerTrait(kind, text.substring(colon + 1));
    }

    private static String normal(Kind kind, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(kind.id + ": a value is missing");
        }
        return switch (kind) {
            case CERTIFICATE, KEY -> {
                String digits = value.replace(":", "").toLowerCase(Locale.ROOT);
                if (!digits.matches("[0-9a-f]{" + SHA256_DIGITS + "}")) {
                    throw new IllegalArgumentException(kind.id + ": " + SHA256_DIGITS + " hexadecimal digits are wanted");
                }
                yield digits;
            }
            case SUBJECT, AUTHORITY -> new X500Principal(value).getName(); // throws IllegalArgumentException
            case DNS -> {
                if (value.contains("*") || Addresses.literal(value).isPresent() || !HostIdentity.possible(value)) {
                    throw new IllegalArgumentException(
                            kind.id + ": '" + Printable.of(value, 80) + "' is no DNS name (wildcards are none)");
                }
                yield value.toLowerCase(Locale.ROOT);
            }
            case ADDRESS -> {
                if (Addresses.literal(value).isEmpty()) {
                    throw new IllegalArgumentException(kind.id + ": '" + Printable.of(value, 80) + "' is no IP address");
                }
                yield value;
            }
            case URI -> value;
        };
    }

    /**
     * Whether the certificate has it.
     *
     * @param path the peer's own certificate first, then the authorities above it
     */
    boolean matches(List<X509Certificate> path) {
        X509Certificate own = path.get(0);
        return switch (kind) {
            case CERTIFICATE -> value.equals(sha256(encoded(own)));
            case KEY -> value.equals(sha256(own.getPublicKey().getEncoded()));
            case SUBJECT -> named(own);
            case DNS -> AlternativeNames.of(own).dns().stream().anyMatch(value::equalsIgnoreCase);
            case ADDRESS -> AlternativeNames.of(own).addresses().stream()
                    .anyMatch(octets -> Arrays.equals(octets, Addresses.literal(value).orElseThrow()));
            case URI -> AlternativeNames.of(own).uris().contains(value);
            case AUTHORITY -> path.stream().skip(1).anyMatch(this::named);
        };
    }

    private boolean named(X509Certificate certificate) {
        X500Principal subject = certificate.getSubjectX500Principal();
        X500Principal wanted = new X500Principal(value);
        return subject.equals(wanted) || subject.equals(turnedRound(wanted));
    }

    private static X500Principal turnedRound(X500Principal name) {
        List<RDN> parts = Arrays.asList(X500Name.getInstance(name.getEncoded()).getRDNs());
        Collections.reverse(parts);
        try {
            return new X500Principal(new X500Name(parts.toArray(RDN[]::new)).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a name that was read has no encoding", e);
        }
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has no encoding", e);
        }
    }

    static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return kind.id + ":" + value;
    }
}
