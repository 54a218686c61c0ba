package org.dicomtls.rule;

/** What must be the case for a rule to apply at all. */
public enum Condition {
    ALWAYS("always"),
    /** The end supports TLS 1.2. */
    TLS_1_2("where TLS 1.2 is supported"),
    /** The end supports TLS 1.3. */
    TLS_1_3("where TLS 1.3 is supported"),
    /** The end supports a suite with finite-field ephemeral Diffie-Hellman. */
    DHE("where a DHE suite is supported"),
    /** The end supports a CBC suite. */
    CBC("where a CBC suite is supported"),
    /** The end resumes sessions. */
    RESUMPTION("where sessions are resumed"),
    /** The end is configured with application protocols for ALPN. */
    ALPN("where ALPN is configured"),
    /** The end is configured with server names. */
    SERVER_NAMES("where server names are configured"),
    /** The server asks for a certificate of the client. */
    CLIENT_AUTHENTICATION("where the server asks for a client certificate");

    private final String title;

    Condition(String title) {
        this.title = title;
    }

    /** In words, to follow a statement. */
    public String title() {
        return title;
    }
}
