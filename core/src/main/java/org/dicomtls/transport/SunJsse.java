package org.dicomtls.transport;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * The JDK's engine. Every connection gets a context of its own (about 30 µs): SunJSSE keeps its ticket keys and
 * session cache in the context, and has no per-context switch for either, so this is what keeps sessions from being
 * resumed past a change of certificate or a revocation.
 */
final class SunJsse extends JsseBinding {

    /** {@code SSLParameters.setNamedGroups}, of JDK 20 and later; null before, where the floor does the cutting. */
    private static final MethodHandle NAMED_GROUPS = setter("setNamedGroups");

    /** {@code SSLParameters.setSignatureSchemes}, of JDK 19 and later; null before. */
    private static final MethodHandle SIGNATURE_SCHEMES = setter("setSignatureSchemes");

    private static MethodHandle setter(String name) {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(SSLParameters.class, name, MethodType.methodType(void.class, String[].class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    @Override
    SSLContext context(KeyManager keys, TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, RANDOM);
        return context;
    }

    /** SunJSSE tries the schemes until one signs, so one for each version is enough. */
    @Override
    Optional<String> objection(Identity.Entry entry, EngineModel.Usable usable) {
        if (!Signing.staysInToken(entry.key())) {
            return Optional.empty();
        }
        if (entry.kind().algorithm().startsWith("RSA") && !tellsItsLength(entry.key())) {
            return Optional.of("it takes an RSA key only if that tells its length (java.security.interfaces.RSAKey), and this"
                    + " one does not; use engine bc");
        }
        for (TlsVersion version : usable.versions()) {
            List<SignatureScheme> schemes = usable.schemes().stream()
                    .filter(s -> entry.kind().signs(s, version))
                    .toList();
            if (entry.kind().usable(version, usable)
                    && schemes.stream().noneMatch(s -> signs(entry, s))) {
                return Optional.of("no provider that is registered with this JVM signs " + schemes + " with it, one of which "
                        + version + " needs; register the key's provider (Security.addProvider)");
            }
        }
        return Optional.empty();
    }

    /** The keys of SunPKCS11 tell it by an interface that only the JDK can use. */
    private static boolean tellsItsLength(PrivateKey key) {
        if (key instanceof RSAKey) {
            return true;
        }
        for (Class<?> type = key.getClass(); type != null; type = type.getSuperclass()) {
            if (Stream.of(type.getInterfaces()).anyMatch(i -> i.getName().equals("sun.security.util.Length"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean signs(Identity.Entry entry, SignatureScheme scheme) {
        try {
            return Signing.belongTogether(entry.key(), entry.certificate().getPublicKey(), scheme);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    boolean staples() {
        return Boolean.getBoolean("jdk.tls.server.enableStatusRequestExtension");
    }

    @Override
    void tune(SSLSocket socket, EngineModel.Usable usable) {
        SSLParameters parameters = socket.getSSLParameters();
        if (tune(parameters, usable)) {
            socket.setSSLParameters(parameters);
        }
    }

    @Override
    void tune(SSLEngine engine, EngineModel.Usable usable) {
        SSLParameters parameters = engine.getSSLParameters();
        if (tune(parameters, usable)) {
            engine.setSSLParameters(parameters);
        }
    }

    private static boolean tune(SSLParameters parameters, EngineModel.Usable usable) {
        try {
            if (NAMED_GROUPS != null) {
                NAMED_GROUPS.invokeExact(parameters, groupNames(usable));
            }
            if (SIGNATURE_SCHEMES != null) {
                SIGNATURE_SCHEMES.invokeExact(parameters, schemeNames(usable));
            }
            return NAMED_GROUPS != null || SIGNATURE_SCHEMES != null;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a setter of SSLParameters threw a checked exception", e);
        }
    }

    /** In TLS 1.3 it keeps the type and the tag within what a record may hold of data. */
    @Override
    int fragment(TlsVersion version) {
        return super.fragment(version) - (version.equals(TlsVersion.TLS_1_3) ? 17 : 0);
    }

    /** By itself after octets ({@code jdk.tls.keyLimits}, for the whole JVM), when asked at any time. */
    @Override
    KeyUse.Renewal renewal(TlsVersion version, long records) {
        return version.equals(TlsVersion.TLS_1_3) ? KeyUse.Renewal.WHEN_ASKED : KeyUse.Renewal.NEVER;
    }

    @Override
    void forget(SSLSession session) {
        // Nothing to do: the context of the session ends with the connection.
    }
}
