package org.dicomtls.interop.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;

/** Full handshakes by kind of key: under a policy, on the bare engines, and between OpenSSL's own programs. */
final class HandshakePart {

    /** A current profile that has TLS 1.3 and TLS 1.2. */
    static final String PROFILE = "bcp195-rfc9325";

    private static final String OPENSSL = "OpenSSL, s_time to s_server";
    private static final Pattern CONNECTIONS = Pattern.compile("(\\d+) connections in");

    private final Scale scale;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Tally tally = new Tally(
            Topic.HANDSHAKE,
            "Both ends over loopback sockets, each connection anew, both certificates issued by an authority with a key of the"
                    + " same kind and verified. Ours: both ends in one JVM, under " + PROFILE + "; the processor time of both"
                    + " threads and the garbage collector, without the JIT compilers. OpenSSL: that of both processes.");

    HandshakePart(Scale scale) {
        this.scale = scale;
    }

    Part run(Rounds rounds, Path directory) throws Exception {
        if (!Tool.installed("openssl")) {
            tally.note("OpenSSL is not installed: install " + Tool.bringing("openssl"));
        }
        try {
            for (Keys.Kind kind : scale.whole() ? List.of(Keys.Kind.values()) : List.of(Keys.Kind.P256)) {
                Keys keys = Keys.of(kind);
                Keys.PemFiles pem = keys.write(directory.resolve(kind.name()));
                for (TlsVersion version : List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)) {
                    if (scale.whole() || version.equals(TlsVersion.TLS_1_3)) {
                        one(rounds, keys, pem, version);
                    }
                }
            }
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
        return tally.part();
    }

    private void one(Rounds rounds, Keys keys, Keys.PemFiles pem, TlsVersion version) throws Exception {
        String what = keys.kind().title() + ", " + version;
        String id = keys.kind().name().toLowerCase(Locale.ROOT) + "-"
                + (version.equals(TlsVersion.TLS_1_3) ? "tls13" : "tls12");
        Tally.Column column = tally.column(id, "Full handshakes, " + what, "1/CPU s", true);
        List<Rounds.Subject> subjects = new ArrayList<>();
        for (Engine engine : Engine.values()) {
            subjects.add(ours("ours, " + engine.id(), column, policy(engine, keys, version)));
        }
        for (Ends.Bare bare : List.of(Ends.Bare.JDK, Ends.Bare.BC)) {
            subjects.add(ours(bare.title(), column, bare(bare, keys, version)));
        }
        if (Tool.installed("openssl")) {
            subjects.add(openssl(column, pem, version));
        }
        rounds.run("handshakes, " + what, subjects);
        boolean goal = keys.kind() == Keys.Kind.P256 && version.equals(TlsVersion.TLS_1_3);
        tally.ratio(
                id + "-openssl", "engine bc to OpenSSL, " + what, column, "ours, bc", OPENSSL,
                goal ? Ratio.Goal.least(0.65) : Optional.empty());
        // Of JDK 17: later ones have faster elliptic curves of their own.
        tally.ratio(
                id + "-sun", "engine bc to the bare SunJSSE, " + what, column, "ours, bc", Ends.Bare.JDK.title(),
                goal && Runtime.version().feature() == 17 ? Ratio.Goal.least(2.5) : Optional.empty());
        tally.ratio(
                id + "-jdk", "engine jdk to the bare SunJSSE, " + what, column, "ours, jdk", Ends.Bare.JDK.title(),
                Optional.empty());
    }

    private Pair policy(Engine engine, Keys keys, TlsVersion version) throws IOException {
        Profile profile = Profiles.named(PROFILE);
        Consumer<SSLSocket> settings = socket -> socket.setEnabledProtocols(new String[] {version.jsseName()});
        return kept(new Pair(
                Ends.build(profile, engine, keys, Role.SERVER).sslContext(),
                Ends.build(profile, engine, keys, Role.CLIENT).sslContext(),
                settings,
                settings));
    }

    private Pair bare(Ends.Bare kind, Keys keys, TlsVersion version) throws IOException {
        Consumer<SSLSocket> settings = socket -> socket.setEnabledProtocols(new String[] {version.jsseName()});
        return kept(new Pair(
                Ends.bare(kind, keys, Role.SERVER),
                Ends.bare(kind, keys, Role.CLIENT),
                settings.andThen(socket -> socket.setNeedClientAuth(true)),
                settings));
    }

    private Pair kept(Pair pair) {
        open.add(pair);
        return pair;
    }

    private Rounds.Subject ours(String name, Tally.Column column, Pair pair) {
        return new Rounds.Subject(name, () -> pair.handshakes(scale.warmUp(), false), () -> {
            long used = Processor.own();
            pair.handshakes(scale.handshakes(), false);
            column.add(name, scale.handshakes() * 1e9 / Processor.ownSince(used));
        });
    }

    private Rounds.Subject openssl(Tally.Column column, Keys.PemFiles pem, TlsVersion version)
            throws IOException, InterruptedException {
        String option = version.equals(TlsVersion.TLS_1_3) ? "-tls1_3" : "-tls1_2";
        Tool.Server server = Tool.serve(port -> List.of(
                "openssl", "s_server", "-quiet", "-accept", "127.0.0.1:" + port, "-cert", pem.server(), "-key",
                pem.serverKey(), "-CAfile", pem.authority(), "-Verify", "2", option));
        open.add(server);
        return new Rounds.Subject(OPENSSL, () -> {}, () -> {
            long used = server.processorNanos();
            Tool.Run run = server.served(
                    Tool.run(Optional.empty(), Map.of(), List.of(
                            "openssl", "s_time", "-new", "-connect", "127.0.0.1:" + server.port(), "-cert", pem.client(),
                            "-key", pem.clientKey(), "-CAfile", pem.authority(), "-verify", "2", option, "-time",
                            String.valueOf(scale.seconds()))),
                    "s_time");
            Matcher connections = CONNECTIONS.matcher(run.output());
            if (!connections.find()) {
                throw new IOException("s_time does not say how many connections it made");
            }
            long nanos = run.processorNanos() + server.processorNanos() - used;
            column.add(OPENSSL, Long.parseLong(connections.group(1)) * 1e9 / Processor.seen(nanos));
        });
    }
}
