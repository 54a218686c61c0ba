package org.dicomtls.tls;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A TLS alert (RFC 8446 §6, RFC 9846 §6), identified by its number.
 *
 * @param code the number, 0…255
 */
public record AlertDescription(int code) {

    private static final Map<Integer, String> NAMES = Stream.of(
                    Map.entry(0, "close_notify"),
                    Map.entry(10, "unexpected_message"),
                    Map.entry(20, "bad_record_mac"),
                    Map.entry(21, "decryption_failed"),
                    Map.entry(22, "record_overflow"),
                    Map.entry(30, "decompression_failure"),
                    Map.entry(40, "handshake_failure"),
                    Map.entry(41, "no_certificate"),
                    Map.entry(42, "bad_certificate"),
                    Map.entry(43, "unsupported_certificate"),
                    Map.entry(44, "certificate_revoked"),
                    Map.entry(45, "certificate_expired"),
                    Map.entry(46, "certificate_unknown"),
                    Map.entry(47, "illegal_parameter"),
                    Map.entry(48, "unknown_ca"),
                    Map.entry(49, "access_denied"),
                    Map.entry(50, "decode_error"),
                    Map.entry(51, "decrypt_error"),
                    Map.entry(60, "export_restriction"),
                    Map.entry(70, "protocol_version"),
                    Map.entry(71, "insufficient_security"),
                    Map.entry(80, "internal_error"),
                    Map.entry(86, "inappropriate_fallback"),
                    Map.entry(90, "user_canceled"),
                    Map.entry(100, "no_renegotiation"),
                    Map.entry(109, "missing_extension"),
                    Map.entry(110, "unsupported_extension"),
                    Map.entry(111, "certificate_unobtainable"),
                    Map.entry(112, "unrecognized_name"),
                    Map.entry(113, "bad_certificate_status_response"),
                    Map.entry(114, "bad_certificate_hash_value"),
                    Map.entry(115, "unknown_psk_identity"),
                    Map.entry(116, "certificate_required"),
                    Map.entry(120, "no_application_protocol"),
                    Map.entry(121, "ech_required"))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    public static final AlertDescription UNEXPECTED_MESSAGE = new AlertDescription(10);
    public static final AlertDescription BAD_RECORD_MAC = new AlertDescription(20);
    public static final AlertDescription HANDSHAKE_FAILURE = new AlertDescription(40);
    public static final AlertDescription ILLEGAL_PARAMETER = new AlertDescription(47);
    public static final AlertDescription DECODE_ERROR = new AlertDescription(50);
    public static final AlertDescription DECRYPT_ERROR = new AlertDescription(51);
    public static final AlertDescription PROTOCOL_VERSION = new AlertDescription(70);
    public static final AlertDescription INSUFFICIENT_SECURITY = new AlertDescription(71);
    public static final AlertDescription INTERNAL_ERROR = new AlertDescription(80);
    public static final AlertDescription MISSING_EXTENSION = new AlertDescription(109);
    public static final AlertDescription UNRECOGNIZED_NAME = new AlertDescription(112);
    public static final AlertDescription NO_APPLICATION_PROTOCOL = new AlertDescription(120);

    public AlertDescription {
        if (code < 0 || code > 255) {
            throw new IllegalArgumentException("alert " + code + " is outside 0…255");
        }
    }

    /** The alert of that name. */
    public static Optional<AlertDescription> named(String name) {
        return NAMES.entrySet().stream()
                .filter(e -> e.getValue().equals(name))
                .map(e -> new AlertDescription(e.getKey()))
                .findFirst();
    }

    /** The name that the RFCs give it, or {@code alert NNN}. */
    public String name() {
        return NAMES.getOrDefault(code, "alert " + code);
    }

    /** For example {@code handshake_failure(40)}. */
    @Override
    public String toString() {
        return NAMES.containsKey(code) ? name() + "(" + code + ")" : name();
    }
}
