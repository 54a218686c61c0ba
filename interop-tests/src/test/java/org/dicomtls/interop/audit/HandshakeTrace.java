package org.dicomtls.interop.audit;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * What a client really offered and what the server made of it, read from the messages that the client prints. An option
 * that a client takes and does not heed would make a refusal say nothing.
 */
record HandshakeTrace(
        Offered offered,
        Optional<TlsVersion> version,
        Optional<CipherSuite> suite,
        Optional<NamedGroup> group,
        Optional<SignatureScheme> scheme) {

    /** What stood in the ClientHello; nothing at all when none was sent. */
    record Offered(
            Set<TlsVersion> versions, Set<CipherSuite> suites, Set<NamedGroup> groups, Set<SignatureScheme> schemes) {
        static Offered nothing() {
            return new Offered(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }
    }

    private static final Pattern MESSAGE = Pattern.compile("(>>>|<<<) .*, Handshake \\[length [0-9a-f]+], (\\w+)");
    private static final Pattern OCTETS = Pattern.compile(" {4}((?:[0-9a-f]{2} ?)+)");
    private static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private static final Pattern KEPT = Pattern.compile("Keeping ciphersuite ([0-9a-f]+)\\.([0-9a-f]+) \\((\\w+)\\)");
    private static final Pattern SENT_GROUP = Pattern.compile("Sent group (\\S+) \\(0x([0-9a-f]+)\\)");
    private static final Pattern SENT_SCHEME = Pattern.compile("sent signature algo \\((\\d+)\\.(\\d+)\\)");
    private static final Pattern SENT_VERSION = Pattern.compile("Adv\\. version: (\\d+)\\.(\\d+)");
    private static final Pattern CHOSEN = Pattern.compile("Selected cipher suite: (\\w+)");
    private static final Pattern CHOSEN_GROUP = Pattern.compile("Selected group (\\S+) \\(");

    /** Of {@code openssl s_client -msg}. */
    static HandshakeTrace ofOpenssl(List<String> lines) {
        Reading reading = new Reading();
        for (int i = 0; i < lines.size(); i++) {
            Matcher message = MESSAGE.matcher(lines.get(i));
            if (message.matches()) {
                StringBuilder hex = new StringBuilder();
                while (i + 1 < lines.size() && OCTETS.matcher(lines.get(i + 1)).matches()) {
                    hex.append(lines.get(++i).replace(" ", ""));
                }
                reading.message(message.group(2), ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
            }
        }
        return reading.done();
    }

    /** Of {@code gnutls-cli -d 5} with TLS 1.2. */
    static HandshakeTrace ofGnutls(List<String> lines) {
        Offered offered = Offered.nothing();
        Optional<CipherSuite> suite = Optional.empty();
        Optional<NamedGroup> group = Optional.empty();
        boolean verified = false;
        List<String> suites = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (String line : lines) {
            Matcher kept = KEPT.matcher(line);
            Matcher sent = SENT_GROUP.matcher(line);
            Matcher scheme = SENT_SCHEME.matcher(line);
            Matcher version = SENT_VERSION.matcher(line);
            Matcher chosen = CHOSEN.matcher(line);
            Matcher taken = CHOSEN_GROUP.matcher(line);
            if (kept.find()) {
                suites.add(kept.group(3));
                offered.suites().add(
                        CipherSuite.of(Integer.parseInt(kept.group(1), 16) << 8 | Integer.parseInt(kept.group(2), 16)));
            } else if (sent.find()) {
                groups.add(sent.group(1));
                offered.groups().add(NamedGroup.of(Integer.parseInt(sent.group(2), 16)));
            } else if (scheme.find()) {
                offered.schemes().add(SignatureScheme.of(
                        Integer.parseInt(scheme.group(1)) << 8 | Integer.parseInt(scheme.group(2))));
            } else if (version.find()) {
                offered.versions().add(
                        new TlsVersion(Integer.parseInt(version.group(1)) << 8 | Integer.parseInt(version.group(2))));
            } else if (chosen.find() && suites.equals(List.of(chosen.group(1)))) {
                suite = Optional.of(offered.suites().iterator().next());
            } else if (taken.find() && groups.equals(List.of(taken.group(1)))) {
                group = Optional.of(offered.groups().iterator().next());
            }
            // It goes on only when the server's signature is good.
            verified |= line.contains("CLIENT KEY EXCHANGE was queued");
        }
        boolean signed = verified && offered.schemes().size() == 1;
        return new HandshakeTrace(
                offered,
                Optional.empty(),
                suite,
                group,
                signed ? Optional.of(offered.schemes().iterator().next()) : Optional.empty());
    }

    /** The messages in their order. */
    private static final class Reading {
        private final Offered offered = Offered.nothing();
        private Optional<TlsVersion> version = Optional.empty();
        private Optional<CipherSuite> suite = Optional.empty();
        private Optional<NamedGroup> group = Optional.empty();
        private Optional<SignatureScheme> scheme = Optional.empty();

        HandshakeTrace done() {
            return new HandshakeTrace(offered, version, suite, group, scheme);
        }

        void message(String type, ByteBuffer body) {
            body.position(4);
            try {
                switch (type) {
                    case "ClientHello" -> clientHello(body);
                    case "ServerHello" -> serverHello(body);
                    case "ServerKeyExchange" -> keyExchange(body);
                    case "CertificateVerify" -> verify(body);
                    default -> { }
                }
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                throw new AssertionError("cannot be read: " + type, e);
            }
        }

        private void clientHello(ByteBuffer in) {
            int legacy = u16(in);
            part(in, 32);
            part(in, in.get() & 0xFF);
            codes(part(in, u16(in))).stream()
                    .filter(code -> code != 0x00FF && code != 0x5600)
                    .forEach(code -> offered.suites().add(CipherSuite.of(code)));
            part(in, in.get() & 0xFF);
            List<Integer> versions = List.of(legacy);
            if (in.hasRemaining()) {
                u16(in);
            }
            while (in.hasRemaining()) {
                int type = u16(in);
                ByteBuffer value = part(in, u16(in));
                switch (type) {
                    case 10 -> codes(part(value, u16(value))).forEach(c -> offered.groups().add(NamedGroup.of(c)));
                    case 13 -> codes(part(value, u16(value))).forEach(c -> offered.schemes().add(SignatureScheme.of(c)));
                    case 43 -> versions = codes(part(value, value.get() & 0xFF));
                    default -> { }
                }
            }
            versions.forEach(code -> offered.versions().add(new TlsVersion(code)));
        }

        private void serverHello(ByteBuffer in) {
            int legacy = u16(in);
            byte[] random = new byte[32];
            in.get(random);
            if (Arrays.equals(random, RETRY)) {
                return;
            }
            part(in, in.get() & 0xFF);
            suite = Optional.of(CipherSuite.of(u16(in)));
            in.get();
            version = Optional.of(new TlsVersion(legacy));
            if (in.hasRemaining()) {
                u16(in);
            }
            while (in.hasRemaining()) {
                int type = u16(in);
                ByteBuffer value = part(in, u16(in));
                if (type == 43) {
                    version = Optional.of(new TlsVersion(u16(value)));
                } else if (type == 51) {
                    group = Optional.of(NamedGroup.of(u16(value)));
                }
            }
        }

        /** Only asked for with suites that are signed: ECDHE, or DHE with p, g and the public value. */
        private void keyExchange(ByteBuffer in) {
            String name = suite.map(CipherSuite::name).orElse("");
            if (name.startsWith("TLS_ECDHE_RSA") || name.startsWith("TLS_ECDHE_ECDSA")) {
                if (in.get() == 3) {
                    group = Optional.of(NamedGroup.of(u16(in)));
                    part(in, in.get() & 0xFF);
                }
            } else if (name.startsWith("TLS_DHE_RSA") || name.startsWith("TLS_DHE_DSS")) {
                for (int i = 0; i < 3; i++) {
                    part(in, u16(in));
                }
            } else {
                return;
            }
            if (version.equals(Optional.of(TlsVersion.TLS_1_2))) {
                scheme = Optional.of(SignatureScheme.of(u16(in)));
            }
        }

        /** The first is the server's; in TLS 1.2 there is only the client's. */
        private void verify(ByteBuffer in) {
            if (version.equals(Optional.of(TlsVersion.TLS_1_3)) && scheme.isEmpty()) {
                scheme = Optional.of(SignatureScheme.of(u16(in)));
            }
        }

        private static int u16(ByteBuffer in) {
            return in.getShort() & 0xFFFF;
        }

        private static ByteBuffer part(ByteBuffer in, int length) {
            ByteBuffer part = in.slice(in.position(), length);
            in.position(in.position() + length);
            return part;
        }

        private static List<Integer> codes(ByteBuffer in) {
            List<Integer> all = new ArrayList<>();
            while (in.remaining() > 1) {
                all.add(u16(in));
            }
            return all;
        }
    }
}
