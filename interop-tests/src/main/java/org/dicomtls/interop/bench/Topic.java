package org.dicomtls.interop.bench;

import java.util.Arrays;
import java.util.Optional;

/** The parts of a run. */
public enum Topic {
    POLICY("a", "A policy against the bare engine"),
    STORE("b", "C-STORE over loopback, against other toolkits"),
    HANDSHAKE("c", "Full handshakes with mutual authentication, against OpenSSL"),
    AUDIT("d", "Audit and matrix, against other tools"),
    GROWTH("e", "How the cost grows");

    private final String id;
    private final String title;

    Topic(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** As on the command line: a letter. */
    public String id() {
        return id;
    }

    public String title() {
        return title;
    }

    public static Optional<Topic> of(String id) {
        return Arrays.stream(values()).filter(topic -> topic.id.equals(id)).findFirst();
    }
}
