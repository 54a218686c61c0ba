package org.dicomtls.interop.probe;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.dicomtls.interop.report.PeerText;

/**
 * What a client would stumble over in a server's certificates and of which no rule of a profile speaks: their dates, names
 * and usages, and whether they lead to an authority that is given.
 */
final class CertificateRemarks {

    private static final Duration SOON = Duration.ofDays(21);
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|.*:.*");

    private final Inquiry inquiry;

    CertificateRemarks(Inquiry inquiry) {
        this.inquiry = inquiry;
    }

    void note() {
        for (List<X509Certificate> chain : inquiry.chains()) {
            dates(chain);
            X509Certificate leaf = chain.get(0);
            usages(leaf);
            name(leaf);
            if (!inquiry.presented().anchors().isEmpty()) {
                path(chain);
            }
        }
    }

    private void remark(X509Certificate about, String what) {
        inquiry.notes().remark("certificate " + PeerText.certificate(about) + ": " + what);
    }

    private void dates(List<X509Certificate> chain) {
        Instant now = Instant.now();
        for (X509Certificate one : chain) {
            Instant end = one.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                remark(one, "expired on " + end);
            } else if (now.plus(SOON).isAfter(end)) {
                remark(one, "expires on " + end);
            } else if (now.isBefore(one.getNotBefore().toInstant())) {
                remark(one, "not valid before " + one.getNotBefore().toInstant());
            }
        }
    }

    private void usages(X509Certificate leaf) {
        boolean[] usage = leaf.getKeyUsage();
        if (usage != null && !usage[0]) {
            remark(leaf, "its keyUsage does not include digitalSignature");
        }
        try {
            List<String> extended = leaf.getExtendedKeyUsage();
            if (extended != null && !extended.contains(SERVER_AUTH) && !extended.contains(ANY_USAGE)) {
                remark(leaf, "its extKeyUsage does not include serverAuth");
            }
        } catch (CertificateParsingException e) {
            remark(leaf, "its extKeyUsage cannot be read");
        }
    }

    /** By RFC 9525: no common name, wildcards as the whole first label only. */
    private void name(X509Certificate leaf) {
        String host = inquiry.target().host().toLowerCase(Locale.ROOT);
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            if (names == null) {
                remark(leaf, "it has no subjectAltName, and a common name identifies nobody (RFC 9525)");
                return;
            }
            boolean numeric = NUMERIC.matcher(host).matches();
            for (List<?> name : names) {
                if (numeric && name.get(0).equals(IP_ADDRESS) && sameAddress(host, String.valueOf(name.get(1)))) {
                    return;
                }
                if (!numeric && name.get(0).equals(DNS_NAME)
                        && sameName(host, String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))) {
                    return;
                }
            }
            remark(leaf, "no subjectAltName of it is " + host);
        } catch (CertificateParsingException e) {
            remark(leaf, "its subjectAltName cannot be read");
        }
    }

    private static boolean sameName(String host, String name) {
        int dot = host.indexOf('.');
        return name.equals(host) || dot > 0 && name.startsWith("*.") && name.substring(1).equals(host.substring(dot));
    }

    private static boolean sameAddress(String host, String name) {
        try {
            // Both are numeric, so that no name is looked up.
            return NUMERIC.matcher(name).matches() && InetAddress.getByName(host).equals(InetAddress.getByName(name));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void path(List<X509Certificate> chain) {
        List<X509Certificate> anchors = inquiry.presented().anchors();
        X509Certificate leaf = chain.get(0);
        if (anchors.contains(leaf)) {
            return;
        }
        try {
            Set<TrustAnchor> trusted = new HashSet<>();
            anchors.forEach(anchor -> trusted.add(new TrustAnchor(anchor, null)));
            PKIXParameters parameters = new PKIXParameters(trusted);
            parameters.setRevocationEnabled(false);
            List<X509Certificate> path = chain.stream().filter(c -> !anchors.contains(c)).toList();
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (GeneralSecurityException e) {
            remark(leaf, "it does not lead to an authority of --trust: " + e.getMessage());
        }
    }
}
