package org.dicomtls.interop.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a test PKI is made of.
 *
 * @param kinds the kinds of key of the good certificates; without RSA, no RSA-2048 key is made for anything but a flaw
 *     that needs one
 * @param dnsNames what the certificates are for, by name
 * @param addresses what they are for, by IP address literal
 * @param now the middle of all validity periods: good certificates hold from one day before to 30 days after
 */
public record PkiOptions(Set<KeyKind> kinds, List<String> dnsNames, List<String> addresses, Instant now) {
    public PkiOptions {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("a PKI needs at least one kind of key");
        }
        kinds = Set.copyOf(kinds);
        dnsNames = List.copyOf(dnsNames);
        addresses = List.copyOf(addresses);
        addresses.forEach(PkiOptions::requireAddress);
        if (dnsNames.isEmpty() && addresses.isEmpty()) {
            throw new IllegalArgumentException("a PKI needs at least one name or address to be for");
        }
    }

    private static void requireAddress(String address) {
        // A literal only: looking up a name here would ask the network.
        boolean literal = address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || address.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
        try {
            if (literal) {
                InetAddress.getByName(address);
                return;
            }
        } catch (UnknownHostException e) {
            literal = false;
        }
        throw new IllegalArgumentException("not an IP address: '" + address + "'");
    }

    /** RSA and ECDSA, for localhost, 127.0.0.1 and ::1, now. */
    public static PkiOptions defaults() {
        return new PkiOptions(
                EnumSet.allOf(KeyKind.class), List.of("localhost"), List.of("127.0.0.1", "::1"), Instant.now());
    }

    /** As {@link #defaults}, with ECDSA keys only, the authority's included: made in no time. */
    public static PkiOptions ecdsaOnly() {
        return defaults().withKinds(Set.of(KeyKind.ECDSA));
    }

    public PkiOptions withKinds(Set<KeyKind> kinds) {
        return new PkiOptions(kinds, dnsNames, addresses, now);
    }

    public PkiOptions withDnsNames(List<String> names) {
        return new PkiOptions(
                kinds, names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList(), addresses, now);
    }

    public PkiOptions withAddresses(List<String> literals) {
        return new PkiOptions(kinds, dnsNames, literals, now);
    }

    public PkiOptions withNow(Instant now) {
        return new PkiOptions(kinds, dnsNames, addresses, now);
    }
}
