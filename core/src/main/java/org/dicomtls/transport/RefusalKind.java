package org.dicomtls.transport;

import java.util.Arrays;
import java.util.Optional;

/**
 * What kind of refusal it is, for programs: the keys are stable, and {@code docs/reading-refusals.md} says of each what
 * to do. Kinds may be added; none is renamed or used again for something else. Which end refused is not in the kind, see
 * {@link Refusal#byPeer()}.
 */
public enum RefusalKind {
    // Before any TLS.
    /** No address is known for the host. */
    UNKNOWN_HOST("transport.unknown-host"),
    /** Nobody listens at the port. */
    CONNECTION_REFUSED("transport.connection-refused"),
    /** No route to the host, or it does not answer. */
    UNREACHABLE("transport.unreachable"),
    /** The peer sent a DICOM PDU in the clear where TLS was expected. */
    PLAIN_DICOM("transport.plain-dicom"),
    /** The peer sent HTTP in the clear where TLS was expected. */
    PLAIN_HTTP("transport.plain-http"),
    /** The peer sent something else that is no TLS. */
    NOT_TLS("transport.not-tls"),
    /** The peer connected and closed without an octet, as health checks and port scanners do. */
    NOTHING_SENT("transport.nothing-sent"),
    /** More connections than the server takes at once, in all or from this address. */
    TOO_MANY_CONNECTIONS("transport.too-many-connections"),
    /** The server is shutting down. */
    SHUTTING_DOWN("transport.shutting-down"),

    // The hellos.
    /** No common TLS version, or the server chose one that the profile excludes. */
    VERSION("hello.version"),
    /** A hello in the format of SSL 2.0. */
    SSL_2_HELLO("hello.ssl2"),
    /** No common cipher suite, or the server chose one that was not offered. */
    CIPHER_SUITE("hello.cipher-suite"),
    /** No common group for the key exchange, or the server chose one that was not offered. */
    GROUP("hello.group"),
    /** No common signature scheme, or the peer signed with one that was not offered. */
    SIGNATURE_SCHEME("hello.signature-scheme"),
    /** The kind of the server's key fits nothing that both ends have. */
    CERTIFICATE_KIND("hello.certificate-kind"),
    /** TLS 1.2 without extended_master_secret. */
    EXTENDED_MASTER_SECRET("hello.extended-master-secret"),
    /** TLS 1.2 without renegotiation_info. */
    RENEGOTIATION_INFO("hello.renegotiation-info"),
    /** Compression was offered where it must not be, insisted upon, or chosen. */
    COMPRESSION("hello.compression"),
    /** No common application protocol (ALPN), or the server chose one that was not offered. */
    APPLICATION_PROTOCOL("hello.application-protocol"),
    /** The server does not know the host name that the client asks for (SNI). */
    SERVER_NAME("hello.server-name"),
    /** The server's random says that somebody removed the higher versions from the offer. */
    DOWNGRADE("hello.downgrade"),
    /** The peer found nothing acceptable in what was offered, and does not say in what. */
    NOTHING_ACCEPTABLE("hello.nothing-acceptable"),
    /** A hello that breaks the rules of TLS, or records without end before it. */
    MALFORMED_HELLO("hello.malformed"),

    // The key exchange.
    /** The prime of DHE is shorter than the profile demands. */
    DHE_TOO_SHORT("key-exchange.dhe-too-short"),
    /** The prime of DHE has no name in RFC 7919, and the engine takes named ones only. */
    DHE_UNNAMED("key-exchange.dhe-unnamed"),

    /** A public value of the key exchange that is none: too short, or not on its curve. */
    INVALID_SHARE("key-exchange.invalid-share"),

    // The peer's certificate.
    /** The peer presented no certificate where one is demanded. */
    CERTIFICATE_NONE("certificate.none"),
    /** Its issuer is not trusted. */
    CERTIFICATE_UNKNOWN_CA("certificate.unknown-ca"),
    CERTIFICATE_EXPIRED("certificate.expired"),
    CERTIFICATE_NOT_YET_VALID("certificate.not-yet-valid"),
    /** A key too short, or a hash that the profile does not allow, somewhere in the chain. */
    CERTIFICATE_TOO_WEAK("certificate.too-weak"),
    /** Key usage, extended key usage or basic constraints say that it is for something else. */
    CERTIFICATE_WRONG_USAGE("certificate.wrong-usage"),
    /** It does not carry the name or address that the client connects to. */
    CERTIFICATE_WRONG_HOST("certificate.wrong-host"),
    /** Its issuer has revoked it. */
    CERTIFICATE_REVOKED("certificate.revoked"),
    /** Whether it is revoked cannot be found out, and the policy does not go on without. */
    CERTIFICATE_REVOCATION_UNKNOWN("certificate.revocation-unknown"),
    /** It is valid, and not on the list of peers that are allowed. */
    CERTIFICATE_NOT_ALLOWED("certificate.not-allowed"),
    /** Its path cannot be validated for another reason, or it cannot be read. */
    CERTIFICATE_INVALID("certificate.invalid"),

    // Our own certificate, as the peer saw it.
    /** The peer demands one, and we have none, or none that fits. */
    OWN_CERTIFICATE_NONE("own-certificate.none"),
    OWN_CERTIFICATE_UNKNOWN_CA("own-certificate.unknown-ca"),
    OWN_CERTIFICATE_EXPIRED("own-certificate.expired"),
    OWN_CERTIFICATE_REVOKED("own-certificate.revoked"),
    /** The peer refused it for a reason of which the alert says no more. */
    OWN_CERTIFICATE_REFUSED("own-certificate.refused"),

    // Elsewhere in the handshake, and after it.
    /** Not finished within the time for handshakes. */
    TIMEOUT("handshake.timeout"),
    /** The peer closed the connection in the middle of the handshake, without an alert. */
    CLOSED("handshake.closed"),
    /** The connection was reset in the middle of the handshake. */
    RESET("handshake.reset"),
    /** A signature or a Finished message is wrong: the peer does not hold its key, or somebody is in between. */
    INTEGRITY("handshake.integrity"),
    /** A message out of place, or one that cannot be read. */
    PROTOCOL("handshake.protocol-error"),
    /** The engine negotiated something outside the policy, which is then undone. */
    OUTSIDE_POLICY("handshake.outside-policy"),
    /** The peer ended the handshake by an alert that says no more. */
    ALERT("handshake.alert"),
    /** The engine failed for a reason of its own. */
    FAILED("handshake.failed"),
    /** The peer asked for a new handshake after the first. */
    RENEGOTIATION("connection.renegotiation"),
    /** A record after the handshake was damaged or out of place. */
    RECORD_DAMAGED("connection.record-damaged"),
    /** The keys of an established connection have protected as many records as they may, and cannot be changed. */
    KEYS_USED_UP("connection.keys-used-up"),
    /** The peer ended the established connection by an alert. */
    CONNECTION_ALERT("connection.alert"),

    // This end, before it does anything.
    /** The transport was built for the other role. */
    WRONG_ROLE("local.role"),
    /** The application enabled protocols and cipher suites that do not go together. */
    NOTHING_ENABLED("local.nothing-enabled"),

    // The association, after TLS.
    /** A-ASSOCIATE-RJ. */
    ASSOCIATION_REJECTED("association.rejected"),
    /** A-ABORT. */
    ASSOCIATION_ABORTED("association.aborted"),
    /** No answer to an A-ASSOCIATE-RQ, or none came, in time. */
    ASSOCIATION_TIMEOUT("association.timeout"),
    /** The connection ended before the association did. */
    ASSOCIATION_CLOSED("association.closed"),
    /** The peer broke PS3.8. */
    ASSOCIATION_PROTOCOL_ERROR("association.protocol-error"),
    /** The association is there, but not the presentation context that is needed. */
    ASSOCIATION_NO_CONTEXT("association.no-presentation-context"),
    /** The certificate of the peer does not belong to the AE title that it uses. */
    ASSOCIATION_AE_TITLE("association.ae-title");

    private final String key;

    RefusalKind(String key) {
        this.key = key;
    }

    /** For example {@code hello.cipher-suite}: lower case letters, digits, hyphens and one dot. */
    public String key() {
        return key;
    }

    /** The kind of that key. */
    public static Optional<RefusalKind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findFirst();
    }

    /** By name, so that a reason that is added has its kind by being called like it. */
    static RefusalKind of(PeerCertificateException.Reason reason) {
        String name = "CERTIFICATE_" + reason.name();
        return Arrays.stream(values())
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElse(CERTIFICATE_INVALID);
    }

    /** The key. */
    @Override
    public String toString() {
        return key;
    }
}
