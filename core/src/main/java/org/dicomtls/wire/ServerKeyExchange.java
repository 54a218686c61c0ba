package org.dicomtls.wire;

import java.math.BigInteger;
import java.util.Optional;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;

/**
 * The ephemeral parameters of a TLS 1.2 server (RFC 5246 §7.4.3, RFC 8422 §5.4).
 *
 * @param group the group: named by the message for ECDHE; for DHE, that of RFC 7919 if the prime is one of its
 * @param prime the prime of DHE
 * @param scheme the scheme of the signature; absent for anonymous suites
 */
public record ServerKeyExchange(
        Optional<NamedGroup> group, Optional<BigInteger> prime, Optional<SignatureScheme> scheme) {

    /**
     * Reads the body of a TLS 1.2 ServerKeyExchange message for a suite with that key exchange.
     *
     * @throws WireException when the octets are anything else, or the key exchange sends no such message
     */
    public static ServerKeyExchange read(byte[] body, KeyExchange exchange) throws WireException {
        Octets in = new Octets(body);
        Optional<NamedGroup> group = Optional.empty();
        Optional<BigInteger> prime = Optional.empty();
        if (exchange == KeyExchange.ECDHE) {
            int type = in.uint8("curve_type");
            if (type != 3) {
                throw new WireException("curve_type " + type + ", only named_curve(3) is allowed");
            }
            group = Optional.of(NamedGroup.of(in.uint16("named_curve")));
            in.vector8("public point");
        } else if (exchange == KeyExchange.DHE) {
            BigInteger p = new BigInteger(1, in.vector16("dh_p").rest());
            in.vector16("dh_g");
            in.vector16("dh_Ys");
            prime = Optional.of(p);
            group = Ffdhe.groupOf(p);
        } else {
            throw new WireException("no ServerKeyExchange belongs to key exchange " + exchange);
        }
        Optional<SignatureScheme> scheme = Optional.empty();
        if (in.remaining() > 0) {
            scheme = Optional.of(SignatureScheme.of(in.uint16("signature algorithm")));
            in.vector16("signature");
        }
        in.end("ServerKeyExchange");
        return new ServerKeyExchange(group, prime, scheme);
    }
}
