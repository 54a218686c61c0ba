package org.dicomtls.rule;

/** Something that is true of an end or is not. The words complete the sentence "the end …". */
public enum Property {
    // versions
    PREFERS_TLS_1_3("negotiates TLS 1.3 whenever the other end offers it, whatever the order of the offer"),
    ATTEMPTS_TLS_1_3("offers TLS 1.3 in every handshake if it supports it"),
    NO_VERSION_FALLBACK("does not retry a failed handshake with a lower version"),
    PROTOCOL_VERSION_ALERT("answers a hello of TLS 1.0 or 1.1 with the alert protocol_version and closes"),
    ANY_RECORD_VERSION("accepts any {3,x} record version around a ClientHello"),
    DOWNGRADE_SENTINEL("marks (server) or checks (client) a negotiation below TLS 1.3 by the downgrade sentinel"),
    STRICT_TLS("speaks TLS from the first octet on its TLS port and never plain DICOM there"),

    // suites
    FORWARD_SECRECY_PREFERRED("prefers suites with forward secrecy"),
    STRONG_SUITE_FIRST("lists TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or a stronger recommended suite first"),
    STRONG_SUITE_CHOSEN("chooses TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or stronger over weaker suites, whatever the order of the offer"),
    STRONGEST_SUITE_CHOSEN("chooses AES-256 over AES-128 where both are offered"),
    SUITES_256_BIT_FIRST("prefers suites with 256-bit keys to those with 128-bit keys"),
    ECDHE_BEFORE_DHE("prefers ECDHE suites to DHE suites"),
    AES_BEFORE_3DES("prefers the AES suite to the Triple DES suite"),
    CBC_ONLY_WITH_ENCRYPT_THEN_MAC("negotiates CBC suites with encrypt_then_mac only"),
    DHE_SIZE_SET_EXPLICITLY("selects DHE suites only where the size of the prime is set explicitly"),

    // extensions and handshake
    NO_COMPRESSION("does not compress"),
    NO_TRUNCATED_HMAC("does not negotiate truncated_hmac"),
    EXTENDED_MASTER_SECRET("supports extended_master_secret"),
    EXTENDED_MASTER_SECRET_DEMANDED("refuses a TLS 1.2 peer without extended_master_secret"),
    RENEGOTIATION_INFO("signals renegotiation_info"),
    RENEGOTIATION_INFO_DEMANDED("refuses a TLS 1.2 peer without renegotiation_info"),
    RENEGOTIATION_REFUSED("refuses to renegotiate"),
    SERVER_NAME_SUPPORTED("supports server_name"),
    UNKNOWN_SERVER_NAME_REFUSED("refuses a server name that is not its own with unrecognized_name"),
    ALPN_SUPPORTED("supports application-layer protocol negotiation"),
    ALPN_MISMATCH_REFUSED("refuses a peer with which it has no application protocol in common"),
    NO_EARLY_DATA("neither sends nor accepts early data"),
    NO_POST_HANDSHAKE_AUTHENTICATION("does not authenticate clients after the handshake"),
    SUPPORTED_GROUPS_SENT("sends supported_groups"),
    POINT_FORMATS_UNCOMPRESSED("sends ec_point_formats with uncompressed only, or not at all"),
    INVALID_KEY_SHARES_REFUSED("refuses invalid public values of the key exchange"),
    NO_KEY_SHARE_REUSE("uses a fresh key pair of the key exchange for every connection"),
    NO_FIXED_DH_CERTIFICATE_TYPES("does not ask for certificates with fixed (EC)DH keys"),

    // resumption
    TICKETS_PROTECTED("encrypts and authenticates resumption data at least as strongly as the connection"),
    TICKET_KEYS_ROTATED("changes ticket keys regularly and destroys the old ones"),
    TICKET_LIFETIME_LIMITED("limits the validity of tickets"),
    OLD_SESSIONS_NOT_RESUMED("does not resume TLS 1.2 sessions that are older than two ticket key periods"),
    RESUMPTION_WITH_KEY_EXCHANGE("resumes TLS 1.3 sessions with a fresh key exchange only"),

    // authentication
    CLIENT_AUTHENTICATION_SUPPORTED("can ask for a client certificate and then refuses a client without a valid one"),
    CLIENT_AUTHENTICATION_REQUIRED("asks for a client certificate and refuses a client without a valid one"),
    CLIENT_CERTIFICATE_PRESENTED("presents its certificate when asked for it"),
    RSA_CERTIFICATE_SUPPORTED("can authenticate by an RSA certificate"),
    CERTIFICATE_PATH_VALIDATED("validates the peer's certificate path"),
    CERTIFICATE_ATTRIBUTES_TOLERATED("accepts certificates whatever their attributes"),
    DIRECT_TRUST_SUPPORTED("can trust a listed certificate directly, also a self-signed one"),
    HOST_IDENTITY_CHECKABLE("can check the server's identity against its certificate"),
    HOST_IDENTITY_CHECKED("checks the server's identity against its certificate"),
    SAME_CERTIFICATE_ON_RENEGOTIATION("accepts no other peer certificate on renegotiation"),
    REVOCATION_STRATEGY("has a means to distrust revoked certificates"),
    OCSP_STAPLING("supports OCSP and its stapling"),
    P_256_FOR_ECDSA("uses P-256 for ECDSA certificates"),

    // records and keys
    KEY_LIMITS_HONOURED("changes keys or stops before the limit of the AEAD is reached"),
    COUNTER_NONCES("uses the record sequence number as explicit nonce of AES-GCM in TLS 1.2"),
    DETERMINISTIC_ECDSA("makes ECDSA signatures deterministic or hedged"),
    INTEGRITY_FAILURE_ABORTS("drops the connection on an integrity failure and indicates A-P-ABORT"),

    // ports
    RECOMMENDED_PORT("uses port 2762 for the DICOM upper layer on TLS"),
    TLS_PORT_SEPARATE("keeps its TLS port apart from ports of every other kind of transport"),
    DICOMWEB_PORT_SEPARATE("keeps its DIMSE TLS port apart from its DICOMweb TLS port");

    private final String title;

    Property(String title) {
        this.title = title;
    }

    /** In words, to follow "the end". */
    public String title() {
        return title;
    }
}
