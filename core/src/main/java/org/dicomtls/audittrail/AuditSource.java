package org.dicomtls.audittrail;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The node and the process that report, the same in all of their messages (PS3.15 A.5.2).
 *
 * @param id names the system that reports, AuditSourceID; unique within the enterprise site
 * @param enterpriseSite further qualifies {@code id}, AuditEnterpriseSiteID
 * @param type what kind of system it is, AuditSourceTypeCode
 * @param node the host name or IP address of this node, one and the same for all messages of it (A.5.2.4): the network
 *     access point of the reporting process and the HOSTNAME of RFC 5424
 * @param application the name of the process, and the APP-NAME of RFC 5424: 1 to 48 printable ASCII characters
 * @param aeTitles the AE titles of the reporting process
 */
public record AuditSource(
        String id,
        Optional<String> enterpriseSite,
        Optional<Type> type,
        String node,
        String application,
        List<String> aeTitles) {

    /** Audit Source Type Code (PS3.15 A.5.1.2.1). */
    public enum Type {
        END_USER_INTERFACE,
        DATA_ACQUISITION_DEVICE,
        WEB_SERVER,
        APPLICATION_SERVER,
        DATABASE_SERVER,
        SECURITY_SERVER,
        /** ISO level 1-3 network component. */
        NETWORK_COMPONENT,
        /** ISO level 4-6 operating software. */
        OPERATING_SOFTWARE,
        OTHER;

        /** The value in the message, 1 to 9. */
        public String code() {
            return Integer.toString(ordinal() + 1);
        }
    }

    private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");

    public AuditSource {
        id = AuditText.require(id, 128, "AuditSourceID");
        enterpriseSite = enterpriseSite.map(s -> AuditText.require(s, 128, "AuditEnterpriseSiteID"));
        Objects.requireNonNull(type, "type");
        requirePrintable(node, 255, "node");
        requirePrintable(application, 48, "application");
        aeTitles = aeTitles.stream().map(t -> AuditText.require(t, 64, "AE title")).toList();
        if (aeTitles.size() > 8) {
            throw new IllegalArgumentException(aeTitles.size() + " AE titles, at most 8");
        }
    }

    /** A source of that AuditSourceID on this host, whose name the operating system is asked for. */
    public static AuditSource of(String id) {
        return new AuditSource(id, Optional.empty(), Optional.empty(), hostName(), "dicom-tls", List.of());
    }

    /** The same of that enterprise site. */
    public AuditSource withEnterpriseSite(String value) {
        return new AuditSource(id, Optional.of(value), type, node, application, aeTitles);
    }

    /** The same of that type. */
    public AuditSource withType(Type value) {
        return new AuditSource(id, enterpriseSite, Optional.of(value), node, application, aeTitles);
    }

    /** The same with another name or IP address of the node. */
    public AuditSource withNode(String value) {
        return new AuditSource(id, enterpriseSite, type, value, application, aeTitles);
    }

    /** The same with another name of the process. */
    public AuditSource withApplication(String value) {
        return new AuditSource(id, enterpriseSite, type, node, value, aeTitles);
    }

    /** The same with these AE titles of the process. */
    public AuditSource withAeTitles(List<String> value) {
        return new AuditSource(id, enterpriseSite, type, node, application, value);
    }

    private static void requirePrintable(String value, int most, String field) {
        if (value.length() > most || !PRINTABLE.matcher(value).matches()) {
            throw new IllegalArgumentException(field + " '" + AuditText.clean(value, 300)
                    + "' is not 1 to " + most + " printable ASCII characters without spaces");
        }
    }

    private static String hostName() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that cannot resolve its own name; the loopback address is at least an address of it.
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
        return PRINTABLE.matcher(name).matches() && name.length() <= 255
                ? name
                : InetAddress.getLoopbackAddress().getHostAddress();
    }
}
