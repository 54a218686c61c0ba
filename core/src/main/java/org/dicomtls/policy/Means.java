package org.dicomtls.policy;

/** By what a rule is kept at our own end. */
public enum Means {
    /** Versions, suites, groups, schemes and key lengths that the context gives to the engine. */
    CONTEXT("policy context"),
    /** Our own reading of the hellos, before the engine acts on them. */
    GATE("hello gate"),
    /** Our own validation of the peer's certificates. */
    CERTIFICATE_CHECK("certificate check"),
    /** Our own count of TLS records, by which keys are changed or the connection is given up. */
    RECORD_COUNT("record count"),
    /** The engine's behaviour as delivered, watched by a standing test. */
    ENGINE("engine, as delivered"),
    /** The engine has a switch for the whole JVM only, which this library does not touch. */
    JVM_PROPERTY("needs JVM property"),
    /** Only the application that uses the library can keep it. */
    APPLICATION("application"),
    /** A person answers for it. */
    ATTESTED("attested by the operator"),
    /** Nothing keeps it here. */
    NONE("not enforced");

    private final String title;

    Means(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
