package org.dicomtls.interop.probe.client;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.crypto.DHGroup;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.TlsVersion;

/**
 * What the server of one case does otherwise than an honest one. Immutable.
 *
 * @param version the version that is negotiated; by default the highest that both have
 * @param sentinel whether a server of TLS 1.2 marks its hello as that of a server which has TLS 1.3
 * @param suites the suites of which one is chosen
 * @param flaw the flaw of the certificate
 * @param asksForCertificate whether a client certificate is asked for
 * @param extendedMasterSecret whether it is answered
 * @param prime the group of DHE
 * @param hello changes the ServerHello before it is signed and hashed, so that the handshake can go on under it
 * @param wire changes the octets of the ServerHello message on their way: the handshake cannot be finished then, but it is
 *     seen whether the client goes on
 * @param instead what is done instead of a handshake
 * @param afterwards what is done after the handshake
 */
record Behaviour(
        Optional<TlsVersion> version,
        boolean sentinel,
        Predicate<CipherSuite> suites,
        Optional<Flaw> flaw,
        boolean asksForCertificate,
        boolean extendedMasterSecret,
        Optional<DHGroup> prime,
        UnaryOperator<ServerHello> hello,
        UnaryOperator<byte[]> wire,
        Instead instead,
        Afterwards afterwards) {

    /** Instead of a handshake. */
    enum Instead {
        NOTHING,
        /** The alert protocol_version. */
        PROTOCOL_VERSION_ALERT,
        /** The connection is reset. */
        RESET,
        /** An A-ASSOCIATE-AC in the clear. */
        PLAIN_DICOM
    }

    /** After the handshake, before the association is answered. */
    enum Afterwards {
        NOTHING,
        HELLO_REQUEST,
        KEY_UPDATE
    }

    /** An honest server. */
    static final Behaviour HONEST = new Behaviour(
            Optional.empty(),
            false,
            suite -> true,
            Optional.empty(),
            true,
            true,
            Optional.empty(),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            Instead.NOTHING,
            Afterwards.NOTHING);

    Behaviour in(TlsVersion only) {
        return new Behaviour(
                Optional.of(only), sentinel, suites, flaw, asksForCertificate, extendedMasterSecret, prime, hello, wire, instead,
                afterwards);
    }

    Behaviour marked() {
        return new Behaviour(
                version, true, suites, flaw, asksForCertificate, extendedMasterSecret, prime, hello, wire, instead, afterwards);
    }

    Behaviour with(Predicate<CipherSuite> only) {
        return new Behaviour(
                version, sentinel, only, flaw, asksForCertificate, extendedMasterSecret, prime, hello, wire, instead, afterwards);
    }

    Behaviour with(Flaw one) {
        return new Behaviour(
                version, sentinel, suites, Optional.of(one), asksForCertificate, extendedMasterSecret, prime, hello, wire,
                instead, afterwards);
    }

    Behaviour anonymousClients() {
        return new Behaviour(
                version, sentinel, suites, flaw, false, extendedMasterSecret, prime, hello, wire, instead, afterwards);
    }

    Behaviour withoutExtendedMasterSecret() {
        return new Behaviour(
                version, sentinel, suites, flaw, asksForCertificate, false, prime, hello, wire, instead, afterwards);
    }

    Behaviour prime(DHGroup group) {
        return new Behaviour(
                version, sentinel, suites, flaw, asksForCertificate, extendedMasterSecret, Optional.of(group), hello, wire,
                instead, afterwards);
    }

    Behaviour hello(UnaryOperator<ServerHello> change) {
        return new Behaviour(
                version, sentinel, suites, flaw, asksForCertificate, extendedMasterSecret, prime, change, wire, instead,
                afterwards);
    }

    Behaviour wire(UnaryOperator<byte[]> change) {
        return new Behaviour(
                version, sentinel, suites, flaw, asksForCertificate, extendedMasterSecret, prime, hello, change, instead,
                afterwards);
    }

    Behaviour instead(Instead other) {
        return new Behaviour(
                version, sentinel, suites, flaw, asksForCertificate, extendedMasterSecret, prime, hello, wire, other, afterwards);
    }

    Behaviour afterwards(Afterwards then) {
        return new Behaviour(
                version, sentinel, suites, flaw, asksForCertificate, extendedMasterSecret, prime, hello, wire, instead, then);
    }

    /** Whether a suite can be had before TLS 1.2. */
    static boolean beforeTls12(CipherSuite suite) {
        return !suite.tls13() && suite.mode() == CipherMode.CBC
                && suite.hash() == HashAlgorithm.SHA1;
    }
}
