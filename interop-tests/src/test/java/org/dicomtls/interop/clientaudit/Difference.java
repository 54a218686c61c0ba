package org.dicomtls.interop.clientaudit;

import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.witness.Change.Whose;
import org.dicomtls.interop.witness.Change;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;

/** The facts in which the habits of two clients differ. */
final class Difference {

    private final List<Change> changes = new ArrayList<>();

    private Difference() {}

    static List<Change> between(Habits sound, Habits odd) {
        Difference difference = new Difference();
        difference.lists(sound, odd);
        difference.sizes(sound, odd);
        if (odd.credential().isEmpty()) {
            difference.lost(Property.CLIENT_CERTIFICATE_PRESENTED);
        }
        odd.taken().forEach(difference::taken);
        odd.oddities().forEach(oddity -> oddity.lost().forEach(difference::lost));
        return difference.changes;
    }

    private void lost(Property property) {
        changes.add(new Change.Lost(property));
    }

    private void lists(Habits sound, Habits odd) {
        values(Dimension.VERSION, sound.versions(), odd.versions());
        values(Dimension.SUITE_TLS12, sound.offered12(), odd.offered12());
        values(Dimension.SUITE_TLS13, sound.offered13(), odd.offered13());
        values(Dimension.GROUP, sound.groups(), odd.groups());
        values(Dimension.SCHEME, sound.schemes(), odd.odd(Oddity.SCHEMES_NOT_SENT) ? List.of() : odd.schemes());
    }

    private <T extends Comparable<? super T>> void values(Dimension<T> dimension, Collection<T> before, Collection<T> now) {
        Set<T> more = new HashSet<>(now);
        more.removeAll(before);
        more.forEach(value -> changes.add(new Change.Added(dimension, value, Whose.OWN)));
        if (!now.containsAll(before)) {
            changes.add(new Change.Left(dimension, Set.copyOf(now)));
        }
    }

    private void sizes(Habits sound, Habits odd) {
        if (odd.dheBits() < sound.dheBits()) {
            changes.add(new Change.Smaller(Metric.DHE_BITS, odd.dheBits(), Whose.OWN));
        }
        odd.groups().stream()
                .filter(group -> !sound.groups().contains(group))
                .filter(NamedGroup::ellipticCurve)
                .forEach(group -> changes.add(new Change.Smaller(Metric.ECDHE_BITS, group.bits(), Whose.OWN)));
        if (!odd.credential().equals(sound.credential())) {
            odd.credential().map(Credential::certificate).ifPresent(own -> {
                if (own.getPublicKey() instanceof RSAPublicKey key) {
                    changes.add(new Change.Smaller(Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength(), Whose.OWN));
                } else if (own.getPublicKey() instanceof ECPublicKey key) {
                    int bits = key.getParams().getCurve().getField().getFieldSize();
                    changes.add(new Change.Smaller(Metric.EC_CERTIFICATE_BITS, bits, Whose.OWN));
                    lost(Property.P_256_FOR_ECDSA);
                }
            });
        }
    }

    private void taken(Flaw flaw) {
        switch (flaw) {
            case RSA_1024, RSA_1024_ISSUER -> changes.add(new Change.Smaller(Metric.RSA_CERTIFICATE_BITS, 1024, Whose.OF_SERVERS));
            case P_224 -> changes.add(new Change.Smaller(Metric.EC_CERTIFICATE_BITS, 224, Whose.OF_SERVERS));
            case SHA1_LEAF, SHA1_INTERMEDIATE ->
                changes.add(new Change.Added(Dimension.CERTIFICATE_HASH, HashAlgorithm.SHA1, Whose.OF_SERVERS));
            case MD5_LEAF -> changes.add(new Change.Added(Dimension.CERTIFICATE_HASH, HashAlgorithm.MD5, Whose.OF_SERVERS));
            case WRONG_HOST, COMMON_NAME_ONLY, WILDCARD_PARTIAL, WILDCARD_DOUBLE, WILDCARD_INNER ->
                lost(Property.HOST_IDENTITY_CHECKED);
            default -> lost(Property.CERTIFICATE_PATH_VALIDATED);
        }
    }
}
