package org.dicomtls.interop.probe;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.ServerHello;

/**
 * What a server said to one question.
 *
 * @param kind how it ended
 * @param hello its ServerHello or HelloRetryRequest, also where an alert followed
 * @param encrypted the extensions of EncryptedExtensions, where they could be read
 * @param certificates the chain of the Certificate message, DER
 * @param group the group of the key exchange
 * @param dhePrime the prime of DHE
 * @param serverShare the server's public value
 * @param scheme the scheme under ServerKeyExchange or CertificateVerify
 * @param request the CertificateRequest
 * @param stapled whether a certificate status came
 * @param readable whether the whole flight up to the proof of the server's key was read
 * @param resumed whether a session was taken up again instead of a full handshake
 * @param alert the alert that ended it
 * @param note in words, what was wrong with what came
 * @param first the first octets
 */
record Answer(
        Kind kind,
        Optional<ServerHello> hello,
        Optional<Extensions> encrypted,
        List<byte[]> certificates,
        Optional<NamedGroup> group,
        Optional<BigInteger> dhePrime,
        byte[] serverShare,
        Optional<SignatureScheme> scheme,
        Optional<Request> request,
        boolean stapled,
        boolean readable,
        boolean resumed,
        Optional<AlertDescription> alert,
        String note,
        byte[] first) {

    /** How a question ended; an alert, an end of stream and silence are three different things. */
    enum Kind {
        HELLO,
        RETRY,
        ALERT,
        CLOSED,
        SILENCE,
        NOT_TLS
    }

    /**
     * A CertificateRequest.
     *
     * @param types the certificate types of TLS 1.2; empty in TLS 1.3
     * @param schemes the signature schemes that the server takes
     */
    record Request(List<Integer> types, List<SignatureScheme> schemes) {}

    static Answer without(Kind kind, String note) {
        return new Answer(
                kind, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), new byte[0], Optional.empty(), Optional.empty(),
                false, false, false, Optional.empty(), note, new byte[0]);
    }

    /** Whether the server went along. */
    boolean accepted() {
        return kind == Kind.HELLO || kind == Kind.RETRY;
    }

    /** Whether it turned the question down: by an alert, or twice by ending the connection. */
    boolean refused() {
        return kind == Kind.ALERT || kind == Kind.CLOSED;
    }

    Optional<CipherSuite> suite() {
        return accepted() ? hello.map(ServerHello::suite) : Optional.empty();
    }

    /** The extensions that answer those of the client: of TLS 1.3 where they could be read. */
    Optional<Extensions> extensions() {
        return hello.map(h -> h.version().equals(TlsVersion.TLS_1_3)).orElse(false)
                ? encrypted
                : hello.map(ServerHello::extensions);
    }

    /** In words, with the first octets. */
    String words() {
        String what = switch (kind) {
            case HELLO -> "ServerHello " + hello.map(h -> h.version() + " " + h.suite()).orElse("")
                    + group.map(g -> " " + g).orElse("")
                    + dhePrime.map(p -> " DHE " + p.bitLength() + " bits").orElse("")
                    + scheme.map(s -> " signed with " + s).orElse("")
                    + request.map(r -> ", CertificateRequest").orElse("");
            case RETRY -> "HelloRetryRequest " + hello.map(h -> h.suite() + "").orElse("")
                    + group.map(g -> " " + g).orElse("");
            case ALERT -> "alert " + alert.map(AlertDescription::toString).orElse("");
            case CLOSED -> "connection ended without an alert";
            case SILENCE -> "no answer in time";
            case NOT_TLS -> "not TLS: " + note;
        };
        return first.length == 0
                ? what
                : what + " [" + HexFormat.of().formatHex(Arrays.copyOf(first, Math.min(48, first.length))) + "]";
    }
}
