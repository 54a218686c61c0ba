package org.dicomtls.transport;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** What differs between the engines: how a context is made, and how groups and schemes are set. */
abstract class JsseBinding {

    static JsseBinding of(Engine engine) {
        return switch (engine) {
            case JDK -> new SunJsse();
            case BC -> new BcJsse();
        };
    }

    /** A context for the next connection. One for the same managers may be kept as long as this object is. */
    abstract SSLContext context(KeyManager keys, TrustManager trust) throws GeneralSecurityException;

    /** Why the engine cannot authenticate by that key, with what it can use of the policy; empty if it can. */
    abstract Optional<String> objection(Identity.Entry entry, EngineModel.Usable usable);

    /** Whether a server on this JVM, as it was configured, staples the status of its certificate. */
    boolean staples() {
        return false;
    }

    /** The keys in the form in which the engine can use them. */
    Identity adapt(Identity identity) {
        return identity;
    }

    /** Sets what plain {@link SSLParameters} of Java 17 cannot say, after they were set. */
    abstract void tune(SSLSocket socket, EngineModel.Usable usable);

    /** As for sockets. */
    abstract void tune(SSLEngine engine, EngineModel.Usable usable);

    /** How many octets of data the engine puts into one record of that version, when it is given more. */
    int fragment(TlsVersion version) {
        return 1 << 14;
    }

    /** By whom the keys of a connection of that version are changed before so many records. */
    abstract KeyUse.Renewal renewal(TlsVersion version, long records);

    /** Keeps the session from being resumed later. */
    abstract void forget(SSLSession session);

    static SSLParameters parameters(EngineModel.Usable usable, List<TlsVersion> versions, List<CipherSuite> suites) {
        SSLParameters parameters = new SSLParameters(
                suites.stream().map(CipherSuite::name).toArray(String[]::new),
                versions.stream().map(TlsVersion::jsseName).toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        return parameters;
    }

    static String[] groupNames(EngineModel.Usable usable) {
        return usable.groups().stream().map(NamedGroup::name).toArray(String[]::new);
    }

    static String[] schemeNames(EngineModel.Usable usable) {
        return usable.schemes().stream().map(SignatureScheme::name).toArray(String[]::new);
    }

    static final SecureRandom RANDOM = new SecureRandom();
}
