package org.dicomtls.transport;

import java.net.IDN;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a certificate names a host, by RFC 9525: subject alternative names alone, never the common name; a
 * wildcard only as the whole left-most label; IP addresses octet by octet.
 */
final class HostIdentity {

    /**
     * Letters that the two versions of internationalised names take for different names (RFC 5894 §7.2): the JDK knows
     * only the older, by which {@code ß} is {@code ss} and so another host. Such names are to be written as A-labels.
     */
    private static final Pattern AMBIGUOUS = Pattern.compile("[ßẞς\u200C\u200D]");

    private static final Pattern NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)");
    private static final int LONGEST = 253;

    private HostIdentity() {}

    /** Whether there can be a certificate for that reference: a DNS name of RFC 9525 or an IP address. */
    static boolean possible(String reference) {
        return Addresses.literal(reference).isPresent() || ascii(reference).isPresent();
    }

    static boolean matches(X509Certificate certificate, String reference) {
        AlternativeNames names = AlternativeNames.of(certificate);
        Optional<byte[]> address = Addresses.literal(reference);
        if (address.isPresent()) {
            return names.addresses().stream().anyMatch(octets -> Arrays.equals(octets, address.get()));
        }
        Optional<String> host = ascii(reference);
        return host.isPresent() && names.dns().stream().anyMatch(name -> matches(name, host.get()));
    }

    private static boolean matches(String presented, String host) {
        String pattern = presented.toLowerCase(Locale.ROOT);
        if (!pattern.contains("*")) {
            return pattern.equals(host);
        }
        // RFC 9525 §6.3: only as the complete left-most label, only once, and it stands for exactly one label.
        if (!pattern.startsWith("*.") || pattern.indexOf('*', 1) >= 0 || pattern.indexOf('.', 2) < 0) {
            return false;
        }
        int dot = host.indexOf('.');
        return dot > 0 && host.substring(dot).equals(pattern.substring(1));
    }

    /** The name in A-labels and small letters, without the dot of the root; empty for what is no DNS name. */
    private static Optional<String> ascii(String name) {
        if (AMBIGUOUS.matcher(name).find()) {
            return Optional.empty();
        }
        try {
            String ascii = strip(IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT));
            // "10.1" and "0x7f.1" are addresses to some resolvers, never names.
            return ascii.isEmpty()
                            || ascii.length() > LONGEST
                            || ascii.startsWith(".")
                            || ascii.contains("..")
                            || NUMBER.matcher(ascii).matches()
                    ? Optional.empty()
                    : Optional.of(ascii);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String strip(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
