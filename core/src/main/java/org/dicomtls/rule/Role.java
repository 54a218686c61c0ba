package org.dicomtls.rule;

/** An end of a TLS connection, independent of the DICOM role (SCU or SCP) that it plays. */
public enum Role {
    /** The TLS client: it opens the connection. */
    CLIENT,
    /** The TLS server: it accepts the connection. */
    SERVER;

    /** {@code client} or {@code server}. */
    public String title() {
        return this == CLIENT ? "client" : "server";
    }

    public Role other() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
