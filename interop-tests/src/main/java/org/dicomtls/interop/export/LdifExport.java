package org.dicomtls.interop.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;

/**
 * A network connection of dcm4chee-arc, or of another device of dcm4che, in LDAP. The attributes are those of dcm4che
 * 5.34.3; what it makes of them is three calls on a socket of Java, so what is not among them is Java's.
 */
final class LdifExport implements Exporter {

    private static final String UNSORTED = "LDAP does not keep the order of suites";

    /** Java, not dcm4che, is what behaves differently. */
    private static final List<Integer> MEASURED = List.of(17, 25);

    @Override
    public Export export(Policy policy, Role role, Site site) {
        List<Outlook> outlooks = MEASURED.stream()
                .map(java -> new Outlook(
                        Release.of(
                                "dcm4chee-arc on Java " + java,
                                Release.Range.of(Integer.toString(java), Integer.toString(java + 1))),
                        "",
                        policy.profile(),
                        JsseEnd.of(policy, role, site, java).unordered(UNSORTED).model()))
                .toList();
        Comments comments = Comments.of(
                "#", policy, role, "a network connection of dcm4chee-arc, for ldapmodify", outlooks);
        comments.line("");
        comments.line("Certificates and trusted authorities are the device's (dcmKeyStoreURL, dcmTrustStoreURL) and the");
        comments.line("same for all its connections. Reload the configuration of the device afterwards.");
        if (role == Role.CLIENT) {
            comments.line("A client uses what its own connection and that of the remote device have in common, so the");
            comments.line("remote device's connection needs the same suites and protocols (--peer-dn).");
        }
        StringBuilder text = new StringBuilder();
        entry(text, site.connection(), own(policy, role, site));
        site.peerConnection().filter(dn -> role == Role.CLIENT).ifPresent(dn -> {
            text.append('\n');
            entry(text, dn, remote(policy, site));
        });
        return new Export(comments + "\n" + text, outlooks);
    }

    /** An attribute and all its values; without one it is taken away. */
    private record Attribute(String name, List<String> values) {}

    private static List<Attribute> own(Policy policy, Role role, Site site) {
        List<Attribute> attributes = new ArrayList<>();
        if (role == Role.SERVER) {
            if (!site.listen().host().isEmpty()) {
                attributes.add(new Attribute("dicomHostname", List.of(site.listen().host())));
            }
            attributes.add(new Attribute("dicomPort", List.of(Integer.toString(site.listen().port()))));
        }
        attributes.addAll(tls(policy));
        if (role == Role.SERVER) {
            attributes.add(new Attribute(
                    "dcmTLSNeedClientAuth", List.of(site.clientAuthentication() ? "TRUE" : "FALSE")));
        } else {
            attributes.add(new Attribute(
                    "dcmTLSEndpointIdentificationAlgorithm",
                    new Settings(policy).hostChecked() ? List.of("HTTPS") : List.of()));
        }
        return attributes;
    }

    private static List<Attribute> remote(Policy policy, Site site) {
        List<Attribute> attributes = new ArrayList<>(List.of(
                new Attribute("dicomHostname", List.of(site.peer().host())),
                new Attribute("dicomPort", List.of(Integer.toString(site.peer().port())))));
        attributes.addAll(tls(policy));
        return attributes;
    }

    private static List<Attribute> tls(Policy policy) {
        List<CipherSuite> suites = OpenSslNames.some(policy.suites().stream().filter(JsseEnd::has).toList(), "suites");
        Stream<TlsVersion> versions = policy.versions().stream()
                .filter(v -> suites.stream().anyMatch(s -> s.tls13() == v.equals(TlsVersion.TLS_1_3)));
        return List.of(
                new Attribute("dcmTLSProtocol", versions.map(TlsVersion::jsseName).toList()),
                new Attribute("dicomTLSCipherSuite", suites.stream().map(CipherSuite::name).toList()));
    }

    private static void entry(StringBuilder text, String dn, List<Attribute> attributes) {
        line(text, "dn", dn);
        line(text, "changetype", "modify");
        for (Attribute attribute : attributes) {
            line(text, "replace", attribute.name());
            attribute.values().forEach(value -> line(text, attribute.name(), value));
            text.append("-\n");
        }
    }

    /** RFC 2849: what is not safe to stand as it is stands in Base64. */
    private static void line(StringBuilder text, String name, String value) {
        boolean safe = value.chars().allMatch(c -> c >= 0x20 && c < 0x7F)
                && !value.isEmpty()
                && " :<".indexOf(value.charAt(0)) < 0
                && !value.endsWith(" ");
        String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        text.append(name).append(safe ? ": " + value : ":: " + encoded).append('\n');
    }
}
