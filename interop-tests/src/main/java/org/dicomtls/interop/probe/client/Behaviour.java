package org.dicomtls.interop.probe.client;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.crypto.DHGroup;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.TlsVersion;

/** What the server of one case does otherwise than an honest one. Immutable: each change is made on a copy. */
final class Behaviour implements Cloneable {

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
    static final Behaviour HONEST = new Behaviour();

    private Optional<TlsVersion> version = Optional.empty();
    private boolean sentinel = false;
    private Predicate<CipherSuite> suites = suite -> true;
    private Optional<Flaw> flaw = Optional.empty();
    private boolean asksForCertificate = true;
    private boolean extendedMasterSecret = true;
    private Optional<DHGroup> prime = Optional.empty();
    private UnaryOperator<ServerHello> hello = UnaryOperator.identity();
    private UnaryOperator<byte[]> wire = UnaryOperator.identity();
    private Instead instead = Instead.NOTHING;
    private Afterwards afterwards = Afterwards.NOTHING;

    private Behaviour() {}

    private Behaviour copy(Consumer<Behaviour> change) {
        try {
            Behaviour changed = (Behaviour) clone();
            change.accept(changed);
            return changed;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("Behaviour is Cloneable", e);
        }
    }

    Behaviour in(TlsVersion only) {
        return copy(b -> b.version = Optional.of(only));
    }

    Behaviour marked() {
        return copy(b -> b.sentinel = true);
    }

    Behaviour with(Predicate<CipherSuite> only) {
        return copy(b -> b.suites = only);
    }

    Behaviour with(Flaw one) {
        return copy(b -> b.flaw = Optional.of(one));
    }

    Behaviour anonymousClients() {
        return copy(b -> b.asksForCertificate = false);
    }

    Behaviour withoutExtendedMasterSecret() {
        return copy(b -> b.extendedMasterSecret = false);
    }

    Behaviour prime(DHGroup group) {
        return copy(b -> b.prime = Optional.of(group));
    }

    Behaviour hello(UnaryOperator<ServerHello> change) {
        return copy(b -> b.hello = change);
    }

    Behaviour wire(UnaryOperator<byte[]> change) {
        return copy(b -> b.wire = change);
    }

    Behaviour instead(Instead other) {
        return copy(b -> b.instead = other);
    }

    Behaviour afterwards(Afterwards then) {
        return copy(b -> b.afterwards = then);
    }

    /** The version that is negotiated; by default the highest that both have. */
    Optional<TlsVersion> version() {
        return version;
    }

    /** Whether a server of TLS 1.2 marks its hello as that of a server which has TLS 1.3. */
    boolean sentinel() {
        return sentinel;
    }

    /** The suites of which one is chosen. */
    Predicate<CipherSuite> suites() {
        return suites;
    }

    /** The flaw of the certificate. */
    Optional<Flaw> flaw() {
        return flaw;
    }

    /** Whether a client certificate is asked for. */
    boolean asksForCertificate() {
        return asksForCertificate;
    }

    /** Whether it is answered. */
    boolean extendedMasterSecret() {
        return extendedMasterSecret;
    }

    /** The group of DHE. */
    Optional<DHGroup> prime() {
        return prime;
    }

    /** Changes the ServerHello before it is signed and hashed, so that the handshake can go on under it. */
    UnaryOperator<ServerHello> hello() {
        return hello;
    }

    /**
     * Changes the octets of the ServerHello message on their way: the handshake cannot be finished then, but it is seen
     * whether the client goes on.
     */
    UnaryOperator<byte[]> wire() {
        return wire;
    }

    /** What is done instead of a handshake. */
    Instead instead() {
        return instead;
    }

    /** What is done after the handshake. */
    Afterwards afterwards() {
        return afterwards;
    }

    /** Whether a suite can be had before TLS 1.2. */
    static boolean beforeTls12(CipherSuite suite) {
        return !suite.tls13() && suite.mode() == CipherMode.CBC
                && suite.hash() == HashAlgorithm.SHA1;
    }
}
