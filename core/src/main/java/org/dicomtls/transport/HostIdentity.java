package org.dicomtls.transport;

import java.net.IDN;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a certificate names a host, by RFC 9525: subject alternative names alone, never the common name; a
 * wildcard only as the whole left-most label; IP addresses octet by octet.
 */
final class HostIdentity {

    private static final int DNS = 2;
    private static final int IP = 7;

    private HostIdentity() {}

    static boolean matches(X509Certificate certificate, String reference) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return false;
        }
        if (names == null) {
            return false;
        }
        Optional<byte[]> address = Addresses.literal(reference);
        for (List<?> name : names) {
            int type = (Integer) name.get(0);
            if (address.isPresent()) {
                if (type == IP
                        && Addresses.literal((String) name.get(1))
                                .filter(other -> java.util.Arrays.equals(other, address.get()))
                                .isPresent()) {
                    return true;
                }
            } else if (type == DNS && dns((String) name.get(1), reference)) {
                return true;
            }
        }
        return false;
    }

    private static boolean dns(String presented, String reference) {
        Optional<String> host = ascii(reference);
        if (host.isEmpty()) {
            return false;
        }
        String pattern = strip(presented.toLowerCase(Locale.ROOT));
        if (!pattern.contains("*")) {
            return pattern.equals(host.get());
        }
        // RFC 9525 §6.3: only as the complete left-most label, only once, and it stands for exactly one label.
        if (!pattern.startsWith("*.") || pattern.indexOf('*', 1) >= 0 || pattern.indexOf('.', 2) < 0) {
            return false;
        }
        int dot = host.get().indexOf('.');
        return dot > 0 && host.get().substring(dot).equals(pattern.substring(1));
    }

    private static Optional<String> ascii(String name) {
        try {
            return Optional.of(strip(IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String strip(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
