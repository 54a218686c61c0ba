package org.dicomtls.interop.export;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A system for which a profile can be written as a configuration. */
public enum Format {
    /** A network connection of dcm4chee-arc in LDAP. */
    LDIF("ldif", "dcm4chee-arc", new LdifExport()),
    /** Command lines of storescp, echoscu and storescu. */
    DCMTK("dcmtk", "DCMTK", new DcmtkExport()),
    /** The DICOM part of Orthanc's configuration. */
    ORTHANC("orthanc", "Orthanc", new OrthancExport()),
    /** A configuration file for programs that use OpenSSL. */
    OPENSSL("openssl", "OpenSSL", new OpenSslExport()),
    /** A stunnel service before a plain SCP, or behind a plain SCU. */
    STUNNEL("stunnel", "stunnel", new StunnelExport()),
    /** A HAProxy front end before a plain SCP, or behind a plain SCU. */
    HAPROXY("haproxy", "HAProxy", new HaproxyExport()),
    /** A server of nginx's stream module before a plain SCP, or behind a plain SCU. */
    NGINX("nginx", "nginx", new NginxExport());

    private final String id;
    private final String title;
    private final Exporter exporter;

    Format(String id, String title, Exporter exporter) {
        this.id = id;
        this.title = title;
        this.exporter = exporter;
    }

    /** As on the command line, e.g. {@code haproxy}. */
    public String id() {
        return id;
    }

    /** The name of the system. */
    public String title() {
        return title;
    }

    Exporter exporter() {
        return exporter;
    }

    public static Optional<Format> named(String id) {
        return Stream.of(values()).filter(f -> f.id.equals(id)).findFirst();
    }

    public static List<String> ids() {
        return Stream.of(values()).map(Format::id).toList();
    }

    @Override
    public String toString() {
        return id;
    }
}
