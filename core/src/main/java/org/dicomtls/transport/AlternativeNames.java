package org.dicomtls.transport;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * The subject alternative names of a certificate as they stand there. The JDK's own accessor prints addresses, so that an
 * IPv4 address mapped into IPv6 looks like the IPv4 address.
 *
 * @param dns DNS names, letter by letter
 * @param addresses the octets of IP addresses
 * @param uris uniform resource identifiers
 */
record AlternativeNames(List<String> dns, List<byte[]> addresses, List<String> uris) {

    private static final AlternativeNames NONE = new AlternativeNames(List.of(), List.of(), List.of());

    /** None where the extension is missing or cannot be read: who carries no name is nobody. */
    static AlternativeNames of(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
        if (extension == null) {
            return NONE;
        }
        List<String> dns = new ArrayList<>();
        List<byte[]> addresses = new ArrayList<>();
        List<String> uris = new ArrayList<>();
        try {
            for (GeneralName name : GeneralNames.getInstance(
                            ASN1OctetString.getInstance(extension).getOctets())
                    .getNames()) {
                switch (name.getTagNo()) {
                    case GeneralName.dNSName -> dns.add(((ASN1String) name.getName()).getString());
                    case GeneralName.iPAddress -> addresses.add(
                            ASN1OctetString.getInstance(name.getName()).getOctets());
                    case GeneralName.uniformResourceIdentifier -> uris.add(
                            ((ASN1String) name.getName()).getString());
                    default -> {
                        // No other kind names a host or a peer here.
                    }
                }
            }
        } catch (RuntimeException e) {
            return NONE; // Bouncy Castle throws several kinds at what is no ASN.1
        }
        return new AlternativeNames(dns, addresses, uris);
    }
}
