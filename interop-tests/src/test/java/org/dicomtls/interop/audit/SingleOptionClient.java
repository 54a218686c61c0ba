package org.dicomtls.interop.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * Finds out what a server supports without the code under test: one handshake of {@code openssl s_client}, or of
 * {@code gnutls-cli}, for each value. That a ServerHello or a signature was seen is what counts; how the handshake ended,
 * with or without a certificate of the client, does not.
 */
final class SingleOptionClient {

    private static final String ALL = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
    private static final String SIGNED = "ECDHE:ECDHE+eNULL:DHE:@SECLEVEL=0";
    private static final String CURVES = "ECDHE:ECDHE+eNULL:@SECLEVEL=0";
    private static final List<String> VERSIONS = List.of("-tls1", "-tls1_1", "-tls1_2", "-tls1_3");
    private static final List<String> NEWEST = List.of(
            "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256",
            "TLS_AES_128_CCM_8_SHA256");
    private static final List<String> GROUPS = List.of((
            "sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1 sect409k1 "
            + "sect409r1 sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 prime192v1 secp224k1 secp224r1 "
            + "secp256k1 prime256v1 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 X25519 X448 "
            + "ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192").split(" "));
    private static final List<String> SCHEMES = List.of((
            "RSA+SHA1 RSA+SHA224 RSA+SHA256 RSA+SHA384 RSA+SHA512 ECDSA+SHA1 ECDSA+SHA224 ECDSA+SHA256 ECDSA+SHA384 "
            + "ECDSA+SHA512 DSA+SHA1 DSA+SHA224 DSA+SHA256 DSA+SHA384 DSA+SHA512 rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 "
            + "rsa_pss_rsae_sha512 rsa_pss_pss_sha256 rsa_pss_pss_sha384 rsa_pss_pss_sha512 ed25519 ed448").split(" "));

    // What OpenSSL lacks: Camellia with GCM, finite fields and RSA-MD5 with TLS 1.2.
    private static final String EXCHANGES = "+ECDHE-RSA:+ECDHE-ECDSA:+DHE-RSA";
    private static final String CIPHERS =
            "+CIPHER-ALL:+AES-128-CCM:+AES-256-CCM:+CAMELLIA-128-GCM:+CAMELLIA-256-GCM:+AES-128-CBC:+AES-256-CBC:+MAC-ALL";
    private static final List<String> GNUTLS_GROUPS = List.of((
            "SECP192R1 SECP224R1 SECP256R1 SECP384R1 SECP521R1 X25519 X448 FFDHE2048 FFDHE3072 FFDHE4096 FFDHE6144 "
            + "FFDHE8192").split(" "));
    private static final List<String> GNUTLS_SCHEMES = List.of((
            "RSA-MD5 RSA-SHA1 RSA-SHA224 RSA-SHA256 RSA-SHA384 RSA-SHA512 RSA-PSS-RSAE-SHA256 RSA-PSS-RSAE-SHA384 "
            + "RSA-PSS-RSAE-SHA512").split(" "));

    private static final List<String> DONE = List.of("SSL handshake has read", "- Handshake was completed");
    private static final int DEADLINE_SECONDS = 10;

    private final int port;
    private final List<String> certificate;
    private final List<String> gnutlsCertificate;
    private final boolean gnutls;

    /**
     * @param offered what clients could offer alone
     * @param seen what the server made use of
     */
    record Sweep<T extends Comparable<? super T>>(SortedSet<T> offered, SortedSet<T> seen) {
        static <T extends Comparable<? super T>> Sweep<T> empty() {
            return new Sweep<>(new TreeSet<T>(), new TreeSet<T>());
        }

        /** Counts a handshake in which that value was the only one on offer. */
        void add(Set<T> values, Optional<T> value) {
            if (values.size() == 1) {
                offered.addAll(values);
                value.ifPresent(seen::add);
            }
        }
    }

    /** Everything that single options showed of a server. */
    record Seen(
            Sweep<TlsVersion> versions,
            Sweep<CipherSuite> suites12,
            Sweep<CipherSuite> suites13,
            Sweep<NamedGroup> groups,
            Sweep<SignatureScheme> schemes) {}

    /**
     * @param stem of the client certificate and its key
     * @param gnutls whether gnutls-cli is there to be asked as well
     */
    SingleOptionClient(int port, Path stem, boolean gnutls) {
        this.port = port;
        this.certificate = List.of("-cert", stem + ".pem", "-key", stem + ".key");
        this.gnutlsCertificate = List.of("--x509certfile", stem + ".pem", "--x509keyfile", stem + ".key");
        this.gnutls = gnutls;
    }

    Seen sweep() throws IOException, InterruptedException {
        Seen seen = new Seen(Sweep.empty(), Sweep.empty(), Sweep.empty(), Sweep.empty(), Sweep.empty());
        for (String version : VERSIONS) {
            HandshakeTrace trace = openssl(version, "-cipher", ALL);
            seen.versions().add(trace.offered().versions(), trace.version());
        }
        if (seen.versions().seen().stream().anyMatch(version -> !version.equals(TlsVersion.TLS_1_3))) {
            suites(seen.suites12());
        }
        if (seen.versions().seen().contains(TlsVersion.TLS_1_3)) {
            for (String suite : NEWEST) {
                HandshakeTrace trace = openssl("-tls1_3", "-ciphersuites", suite, "-cipher", ALL);
                seen.suites13().add(trace.offered().suites(), trace.suite());
            }
        }
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            TlsVersion spoken = version.equals("-tls1_2") ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
            if (seen.versions().seen().contains(spoken)) {
                groups(version, seen);
                for (String scheme : SCHEMES) {
                    HandshakeTrace trace = openssl(version, "-cipher", SIGNED, "-sigalgs", scheme);
                    seen.schemes().add(trace.offered().schemes(), trace.scheme());
                }
            }
        }
        if (gnutls && seen.versions().seen().contains(TlsVersion.TLS_1_2)) {
            withGnutls(seen);
        }
        return seen;
    }

    private void suites(Sweep<CipherSuite> suites) throws IOException, InterruptedException {
        String names = String.join("", run(List.of("openssl", "ciphers", "-s", "-tls1_2", ALL)));
        for (String name : names.trim().split(":")) {
            HandshakeTrace trace = openssl("-tls1_2", "-cipher", name + ":@SECLEVEL=0");
            suites.add(trace.offered().suites(), trace.suite());
        }
    }

    /** A server with an ECDSA certificate cannot go on with TLS 1.2 unless the curve of it is offered, too. */
    private void groups(String version, Seen seen) throws IOException, InterruptedException {
        boolean ecdsa = version.equals("-tls1_2")
                && seen.suites12().seen().stream().anyMatch(suite -> suite.authentication() == Authentication.ECDSA);
        for (String group : GROUPS) {
            HandshakeTrace alone = openssl(version, "-cipher", CURVES, "-groups", group);
            seen.groups().add(alone.offered().groups(), alone.group());
            if (ecdsa && alone.offered().groups().size() == 1) {
                HandshakeTrace first = openssl(version, "-cipher", CURVES, "-groups", group + ":prime256v1");
                first.group().filter(alone.offered().groups()::contains).ifPresent(seen.groups().seen()::add);
            }
        }
    }

    private void withGnutls(Seen seen) throws IOException, InterruptedException {
        for (String exchange : List.of("RSA", "DHE-RSA", "ECDHE-RSA", "ECDHE-ECDSA")) {
            for (String cipher : List.of("CAMELLIA-128-GCM", "CAMELLIA-256-GCM")) {
                HandshakeTrace trace = gnutls("+" + exchange, "+" + cipher + ":+AEAD", "+GROUP-ALL", "+SIGN-ALL");
                seen.suites12().add(trace.offered().suites(), trace.suite());
            }
        }
        for (String group : GNUTLS_GROUPS) {
            HandshakeTrace trace = gnutls(
                    group.startsWith("FFDHE") ? "+DHE-RSA" : "+ECDHE-RSA:+ECDHE-ECDSA",
                    CIPHERS,
                    "+GROUP-" + group,
                    "+SIGN-ALL");
            seen.groups().add(trace.offered().groups(), trace.group());
        }
        for (String scheme : GNUTLS_SCHEMES) {
            HandshakeTrace trace = gnutls(EXCHANGES, CIPHERS, "+GROUP-ALL", "+SIGN-" + scheme);
            seen.schemes().add(trace.offered().schemes(), trace.scheme());
        }
    }

    private HandshakeTrace openssl(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-msg", "-connect", "127.0.0.1:" + port));
        command.addAll(certificate);
        command.addAll(List.of(options));
        return HandshakeTrace.ofOpenssl(run(command));
    }

    private HandshakeTrace gnutls(String... priorities) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "gnutls-cli", "--insecure", "127.0.0.1", "--port", Integer.toString(port), "-d", "5", "--priority",
                "NONE:+VERS-TLS1.2:" + String.join(":", priorities)));
        command.addAll(gnutlsCertificate);
        return HandshakeTrace.ofGnutls(run(command));
    }

    private static List<String> run(List<String> command) throws IOException, InterruptedException {
        boolean debug = command.get(0).startsWith("gnutls");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(debug);
        if (!debug) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        builder.environment().put("OPENSSL_CONF", "/dev/null"); // what the machine forbids is none of the server's doing
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        AtomicBoolean hung = new AtomicBoolean();
        CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .execute(() -> hung.set(process.isAlive() && process.destroyForcibly() != null));
        try {
            process.getOutputStream().close();
            List<String> lines = new ArrayList<>();
            // After the handshake it would wait for the server to close, and some take their time.
            try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
                String line = said.readLine();
                while (line != null && DONE.stream().noneMatch(line::startsWith)) {
                    lines.add(line);
                    line = said.readLine();
                }
            }
            if (hung.get()) {
                throw new IOException("not done within " + DEADLINE_SECONDS + " s: " + command);
            }
            return lines;
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
