package org.dicomtls.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A TLS implementation that carries out a policy. */
public enum Engine {
    /** SunJSSE, the JDK's own. */
    JDK("jdk", "SunJSSE"),
    /** BCJSSE of Bouncy Castle, with the JDK's AES-GCM and ChaCha20-Poly1305. */
    BC("bc", "BCJSSE");

    private final String id;
    private final String title;

    Engine(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** {@code jdk} or {@code bc}. */
    public String id() {
        return id;
    }

    /** The name of the JSSE provider. */
    public String title() {
        return title;
    }

    public static Optional<Engine> named(String id) {
        return Stream.of(values()).filter(e -> e.id.equals(id)).findFirst();
    }

    public static List<String> ids() {
        return Stream.of(values()).map(Engine::id).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
