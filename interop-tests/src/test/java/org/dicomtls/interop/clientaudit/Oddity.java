package org.dicomtls.interop.clientaudit;

import java.util.List;
import org.dicomtls.rule.Property;

/** What an odd client does otherwise than a sound one, beyond the lists that it offers, and what it loses by it. */
enum Oddity {
    RENEGOTIATION_INFO_NOT_SENT(Property.RENEGOTIATION_INFO),
    RENEGOTIATION_INFO_NOT_DEMANDED(Property.RENEGOTIATION_INFO_DEMANDED),
    EXTENDED_MASTER_SECRET_NOT_SENT(Property.EXTENDED_MASTER_SECRET),
    EXTENDED_MASTER_SECRET_NOT_DEMANDED(Property.EXTENDED_MASTER_SECRET_DEMANDED),
    POINT_FORMATS_COMPRESSED(Property.POINT_FORMATS_UNCOMPRESSED),
    GROUPS_NOT_SENT(Property.SUPPORTED_GROUPS_SENT),
    SCHEMES_NOT_SENT,
    COMPRESSION_OFFERED(Property.NO_COMPRESSION),
    COMPRESSION_TAKEN(Property.NO_COMPRESSION),
    TRUNCATED_HMAC_OFFERED(Property.NO_TRUNCATED_HMAC),
    EARLY_DATA_OFFERED(Property.NO_EARLY_DATA),
    PSK_WITHOUT_KEY_EXCHANGE_OFFERED(Property.RESUMPTION_WITH_KEY_EXCHANGE),
    /** Nothing wrong with it: a session would be taken up with a key exchange. */
    PSK_WITH_KEY_EXCHANGE_OFFERED,
    OLD_VERSION_TAKEN,
    SENTINEL_OF_TLS_1_3_IGNORED(Property.DOWNGRADE_SENTINEL),
    SENTINEL_OF_TLS_1_1_IGNORED(Property.DOWNGRADE_SENTINEL),
    SUITE_NOT_OFFERED_TAKEN,
    ZERO_SHARE_TAKEN(Property.INVALID_KEY_SHARES_REFUSED),
    /** Of a handshake that failed: where others would send it protected. */
    ALERT_IN_THE_CLEAR,
    /** Nothing wrong with it: the server's certificate is looked at when the handshake is over, before any DICOM. */
    CHECKS_AFTERWARDS,
    /** It offers two key shares, of which the second is always the same. */
    SECOND_SHARE_REUSED(Property.NO_KEY_SHARE_REUSE),
    SHARE_REUSED(Property.NO_KEY_SHARE_REUSE),
    PROTOCOL_NOT_OFFERED_TAKEN(Property.ALPN_MISMATCH_REFUSED),
    HELLO_REQUEST_FOLLOWED(Property.RENEGOTIATION_REFUSED),
    PLAIN_ANSWER_TAKEN(Property.STRICT_TLS),
    PLAIN_DICOM_FIRST(Property.STRICT_TLS),
    SSL_2_HELLO_FIRST,
    /** A connection that was rejected is tried again without the highest version. */
    FALLS_BACK(Property.NO_VERSION_FALLBACK, Property.ATTEMPTS_TLS_1_3),
    /** TLS 1.3 is offered in every other connection. */
    TLS_1_3_NOW_AND_THEN(Property.ATTEMPTS_TLS_1_3),
    ANOTHER_ALERT(Property.PROTOCOL_VERSION_ALERT),
    RANDOM_NONCES(Property.COUNTER_NONCES);

    private final List<Property> lost;

    Oddity(Property... lost) {
        this.lost = List.of(lost);
    }

    /** The properties that a client with that oddity does not have. */
    List<Property> lost() {
        return lost;
    }
}
