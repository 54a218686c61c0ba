package org.dicomtls.interop.audit;

/** What an odd server does that an honest one does not; each is one departure that no list of values can say. */
enum Oddity {
    // choices
    CLIENT_ORDER_OF_SUITES,
    CLIENT_ORDER_OF_VERSIONS,
    WRONG_ALERT_FOR_OLD_VERSIONS,
    RECORD_VERSION_CHECKED,
    UNKNOWN_NAME_TAKEN,
    UNKNOWN_PROTOCOL_TAKEN,

    // the ServerHello and what goes with it
    NO_SENTINEL,
    NO_EXTENDED_MASTER_SECRET,
    EXTENDED_MASTER_SECRET_NOT_DEMANDED,
    NO_RENEGOTIATION_INFO,
    RENEGOTIATION_INFO_NOT_DEMANDED,
    CBC_WITHOUT_ENCRYPT_THEN_MAC,
    TRUNCATED_HMAC,
    COMPRESSION,
    NO_STAPLING,

    // key exchange and records
    SHARE_REUSED,
    SHARE_OF_P_256_REUSED,
    INVALID_SHARE_TAKEN,
    RANDOM_NONCES,

    // clients
    CLIENT_CERTIFICATE_NOT_ASKED,
    CLIENT_CERTIFICATE_NOT_NEEDED,
    UNKNOWN_AUTHORITY_TAKEN,
    UNKNOWN_AUTHORITY_TAKEN_IN_TLS_1_3,

    // after the handshake
    RENEGOTIATES,
    RENEGOTIATES_IN_VAIN,
    SECOND_TICKET_FOR_30_DAYS,
    EARLY_DATA,
    POST_HANDSHAKE_AUTHENTICATION,
    PSK_WITHOUT_KEY_EXCHANGE,

    // without TLS
    SSL_2,
    PLAIN_DICOM
}
