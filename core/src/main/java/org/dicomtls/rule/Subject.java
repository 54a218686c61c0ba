package org.dicomtls.rule;

/** Whom a rule binds. Client and server are TLS's initiator and responder, whatever the DICOM role (PS3.15 B.12). */
public enum Subject {
    CLIENT,
    SERVER,
    /** Client and server alike. */
    BOTH,
    /** The certificates that either end uses, and those that issued them. */
    CERTIFICATE,
    /** Those who deploy the node, or write its conformance statement. */
    OPERATOR;

    /** Whether a rule of this subject is to be judged when an end of that role is looked at. */
    public boolean binds(Role role) {
        return switch (this) {
            case CLIENT -> role == Role.CLIENT;
            case SERVER -> role == Role.SERVER;
            case BOTH, CERTIFICATE, OPERATOR -> true;
        };
    }
}
