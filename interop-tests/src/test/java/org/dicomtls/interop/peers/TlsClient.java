package org.dicomtls.interop.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dicomtls.interop.peers.Offer.Candidate;

/** Tools that offer what they are told to. */
enum TlsClient {
    OPENSSL("openssl", "openssl") {
        private static final Pattern SUITE = Pattern.compile("(\\S+) +- (\\S+) .*");

        // RFC 8422 and older, RFC 7027, RFC 7919; and hybrids, for the time when a version of it has them.
        private static final String GROUPS =
                """
                sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1 sect409k1
                sect409r1 sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 prime192v1 secp224k1 secp224r1 secp256k1
                prime256v1 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 X25519 X448 ffdhe2048 ffdhe3072
                ffdhe4096 ffdhe6144 ffdhe8192 X25519MLKEM768 SecP256r1MLKEM768 SecP384r1MLKEM1024 MLKEM512 MLKEM768 MLKEM1024
                """;
        private static final String SCHEMES =
                """
                RSA+MD5 RSA+SHA1 RSA+SHA224 RSA+SHA256 RSA+SHA384 RSA+SHA512 ECDSA+SHA1 ECDSA+SHA224 ECDSA+SHA256 ECDSA+SHA384
                ECDSA+SHA512 DSA+SHA1 DSA+SHA224 DSA+SHA256 DSA+SHA384 DSA+SHA512 rsa_pss_rsae_sha256 rsa_pss_rsae_sha384
                rsa_pss_rsae_sha512 rsa_pss_pss_sha256 rsa_pss_pss_sha384 rsa_pss_pss_sha512 ed25519 ed448
                """;

        @Override
        Function<Integer, List<String>> command(String kind, List<String> options) {
            List<String> certificate = kind == null
                    ? List.of()
                    : List.of("-cert", Keys.stem("client", kind) + ".pem", "-key", Keys.stem("client", kind) + ".key");
            // -quiet: nothing but the server's octets on standard output, and no commands in ours.
            return port -> join(
                    List.of("openssl", "s_client", "-quiet", "-connect", "127.0.0.1:" + port, "-CAfile", Keys.file("ca.pem"),
                            "-verify_return_error"),
                    certificate,
                    options);
        }

        private static String flag(String version) {
            return Map.of("0301", "-tls1", "0302", "-tls1_1", "0303", "-tls1_2", "0304", "-tls1_3").get(version);
        }

        @Override
        List<Candidate> versionCandidates() {
            return Stream.of("0301", "0302", "0303", "0304")
                    .map(v -> new Candidate(flag(v), command("rsa", List.of(flag(v), "-cipher", "ALL:@SECLEVEL=0"))))
                    .toList();
        }

        @Override
        List<Candidate> suiteCandidates(String version) {
            if (version.equals("0304")) {
                return words(
                                """
                                TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256
                                TLS_AES_128_CCM_SHA256 TLS_AES_128_CCM_8_SHA256
                                """)
                        .map(s -> new Candidate(s, command("rsa", List.of("-tls1_3", "-ciphersuites", s))))
                        .toList();
            }
            return Command.mustRun(
                            "openssl", "ciphers", "-stdname", "-s", "-tls1_2", "-psk", "-srp",
                            "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
                    .lines()
                    .map(SUITE::matcher)
                    .filter(Matcher::matches)
                    .map(m -> new Candidate(m.group(1), command("rsa", suite(m.group(2)))))
                    .toList();
        }

        private List<String> suite(String name) {
            List<String> options = new ArrayList<>(List.of("-tls1_2", "-cipher", name + ":@SECLEVEL=0"));
            if (name.contains("PSK")) {
                options.addAll(List.of("-psk", "00112233"));
            }
            if (name.contains("SRP")) {
                options.addAll(List.of("-srpuser", "witness", "-srppass", "pass:witness"));
            }
            return options;
        }

        @Override
        List<Candidate> groupCandidates(String version) {
            return words(GROUPS)
                    .map(g -> new Candidate(
                            g,
                            command("rsa", List.of(flag(version), "-groups", g, "-cipher", "ECDHE+AESGCM:@SECLEVEL=0"))))
                    .toList();
        }

        @Override
        List<Candidate> schemeCandidates(String version) {
            return words(SCHEMES)
                    .map(s -> new Candidate(
                            s,
                            command(
                                    "rsa",
                                    List.of(
                                            flag(version),
                                            "-cipher",
                                            "ECDHE+AESGCM:@SECLEVEL=0",
                                            "-sigalgs",
                                            s,
                                            "-client_sigalgs",
                                            "RSA-PSS+SHA256"))))
                    .toList();
        }

        @Override
        List<String> only(String version) {
            return List.of(flag(version));
        }
    },

    GNUTLS("gnutls-cli", "gnutls-bin") {
        private static final Pattern SUITE =
                Pattern.compile("(TLS_\\S+)\\s+0x[0-9a-f]{2}, 0x[0-9a-f]{2}\\s+TLS1\\.(\\d)\\s*");
        private static final Pattern CIPHER_AND_MAC =
                Pattern.compile("(.+?)_(?:(GCM)_SHA\\d+|(MD5|SHA1|SHA256|SHA384|IMIT))");

        // The name in a suite, the name in a priority string; longer ones first.
        private static final List<List<String>> EXCHANGES = List.of(
                List.of("ECDHE_ECDSA_", "ECDHE-ECDSA"),
                List.of("ECDHE_RSA_", "ECDHE-RSA"),
                List.of("ECDHE_PSK_", "ECDHE-PSK"),
                List.of("ECDH_ANON_", "ANON-ECDH"),
                List.of("DHE_DSS_", "DHE-DSS"),
                List.of("DHE_RSA_", "DHE-RSA"),
                List.of("DHE_PSK_", "DHE-PSK"),
                List.of("DH_ANON_", "ANON-DH"),
                List.of("RSA_PSK_", "RSA-PSK"),
                List.of("SRP_SHA_DSS_", "SRP-DSS"),
                List.of("SRP_SHA_RSA_", "SRP-RSA"),
                List.of("SRP_SHA_", "SRP"),
                List.of("PSK_", "PSK"),
                List.of("RSA_", "RSA"),
                List.of("GOSTR341112_256_", "VKO-GOST-12"));

        // The key that the client can sign with, for gnutls-cli has one list for both directions.
        private static final String SCHEMES =
                """
                RSA-MD5:rsa RSA-SHA1:rsa RSA-SHA224:rsa RSA-SHA256:rsa RSA-SHA384:rsa RSA-SHA512:rsa RSA-PSS-RSAE-SHA256:rsa
                RSA-PSS-RSAE-SHA384:rsa RSA-PSS-RSAE-SHA512:rsa RSA-PSS-SHA256:rsapss RSA-PSS-SHA384:rsapss
                RSA-PSS-SHA512:rsapss ECDSA-SHA1:p256 ECDSA-SHA224:p256 EdDSA-Ed25519:ed25519 EdDSA-Ed448:ed448 DSA-SHA1:rsa
                DSA-SHA224:rsa DSA-SHA256:rsa DSA-SHA384:rsa DSA-SHA512:rsa GOSTR341012-256:rsa
                """;
        // The same code points have a name for each version, and each name works with its version only.
        private static final String ECDSA12 = "ECDSA-SHA256:p256 ECDSA-SHA384:p384 ECDSA-SHA512:p521";
        private static final String ECDSA13 =
                "ECDSA-SECP256R1-SHA256:p256 ECDSA-SECP384R1-SHA384:p384 ECDSA-SECP521R1-SHA512:p521";

        @Override
        Function<Integer, List<String>> command(String kind, List<String> options) {
            List<String> certificate = kind == null
                    ? List.of()
                    : List.of(
                            "--x509certfile", Keys.stem("client", kind) + ".pem", "--x509keyfile",
                            Keys.stem("client", kind) + ".key");
            // --logfile: nothing but the server's octets on standard output.
            return port -> join(
                    List.of("gnutls-cli", "--logfile=/dev/stderr", "127.0.0.1", "--port", port.toString(), "--x509cafile",
                            Keys.file("ca.pem")),
                    certificate,
                    options);
        }

        private static String version(String version) {
            return "+VERS-TLS1." + (Integer.parseInt(version.substring(3)) - 1);
        }

        private Candidate candidate(String name, String kind, String priority, String... more) {
            return new Candidate(name, command(kind, join(List.of("--priority", "NONE:" + priority), List.of(more))));
        }

        @Override
        List<Candidate> versionCandidates() {
            return Stream.of("0301", "0302", "0303", "0304")
                    .map(v -> candidate(
                            version(v).substring(1),
                            "rsa",
                            version(v) + ":+KX-ALL:+CIPHER-ALL:+AES-128-CBC:+MAC-ALL:+GROUP-ALL:+SIGN-ALL"))
                    .toList();
        }

        @Override
        List<Candidate> suiteCandidates(String version) {
            return Command.mustRun("gnutls-cli", "--list")
                    .lines()
                    .map(SUITE::matcher)
                    .filter(m -> m.matches() && m.group(2).equals("3") == version.equals("0304"))
                    .map(m -> suite(m.group(1), version))
                    .toList();
        }

        private Candidate suite(String name, String version) {
            String rest = name.substring("TLS_".length());
            String exchange = "ECDHE-RSA";
            if (version.equals("0304")) {
                rest = rest.replaceAll("(CCM|CCM_8|POLY1305)_SHA256$", "$1");
            } else {
                String all = rest;
                List<String> found = EXCHANGES.stream()
                        .filter(x -> all.startsWith(x.get(0)))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("a new key exchange: " + name));
                exchange = found.get(1);
                rest = rest.substring(found.get(0).length());
            }
            Matcher parts = CIPHER_AND_MAC.matcher(rest);
            String cipher = rest;
            String mac = "AEAD";
            if (parts.matches()) {
                cipher = parts.group(1) + (parts.group(2) == null ? "" : "_GCM");
                mac = parts.group(3) == null ? "AEAD" : parts.group(3);
            }
            cipher = switch (cipher) {
                case "3DES_EDE_CBC" -> "3DES-CBC";
                case "28147_CNT" -> "GOST28147-TC26Z-CNT";
                default -> cipher.replace('_', '-');
            };
            mac = mac.equals("IMIT") ? "GOST28147-TC26Z-IMIT" : mac;
            List<String> secrets = exchange.startsWith("SRP")
                    ? List.of("--srpusername", "witness", "--srppasswd", "witness")
                    : exchange.contains("PSK") ? List.of("--pskusername", "witness", "--pskkey", "00112233") : List.of();
            return candidate(
                    name,
                    "rsa",
                    version(version) + ":+" + exchange + ":+" + cipher + ":+" + mac + ":+GROUP-ALL:+SIGN-ALL",
                    secrets.toArray(String[]::new));
        }

        @Override
        List<Candidate> groupCandidates(String version) {
            String groups = Command.mustRun("gnutls-cli", "--list")
                    .lines()
                    .filter(line -> line.startsWith("Groups: "))
                    .findFirst()
                    .orElseThrow();
            return Stream.of(groups.substring("Groups: ".length()).split(", "))
                    .map(g -> candidate(
                            g,
                            "rsa",
                            version(version) + ":+" + g + ":+AES-128-GCM:+AES-256-GCM:+AEAD:+SIGN-ALL:"
                                    + (g.contains("FFDHE") ? "+DHE-RSA" : "+ECDHE-RSA:+ECDHE-ECDSA")))
                    .toList();
        }

        @Override
        List<Candidate> schemeCandidates(String version) {
            return words(SCHEMES + (version.equals("0304") ? ECDSA13 : ECDSA12))
                    .map(s -> candidate(
                            s.substring(0, s.indexOf(':')),
                            s.substring(s.indexOf(':') + 1),
                            version(version) + ":+SIGN-" + s.substring(0, s.indexOf(':'))
                                    + ":+ECDHE-RSA:+ECDHE-ECDSA:+AES-128-GCM:+AES-256-GCM:+AEAD:+GROUP-ALL"))
                    .toList();
        }

        @Override
        List<String> only(String version) {
            return List.of("--priority", "NORMAL:-VERS-ALL:" + version(version));
        }
    };

    private final String tool;
    private final String debianPackage;
    private final Map<String, List<Offer>> offers = new ConcurrentHashMap<>();

    TlsClient(String tool, String debianPackage) {
        this.tool = tool;
        this.debianPackage = debianPackage;
    }

    void assumeInstalled() {
        Command.assumeInstalled(debianPackage, tool);
    }

    /** The command line with that kind of client certificate, or none where it is null. */
    abstract Function<Integer, List<String>> command(String kind, List<String> options);

    abstract List<String> only(String version);

    abstract List<Candidate> versionCandidates();

    abstract List<Candidate> suiteCandidates(String version);

    abstract List<Candidate> groupCandidates(String version);

    abstract List<Candidate> schemeCandidates(String version);

    /** All versions that it can offer, one at a time. */
    List<Offer> versions() {
        return once("versions", () -> Offer.among(versionCandidates(), ClientHello::versions));
    }

    /** All suites that it can offer in that version, one at a time. */
    List<Offer> suites(String version) {
        return once("suites" + version, () -> Offer.among(suiteCandidates(version), ClientHello::suites));
    }

    /** All groups. */
    List<Offer> groups(String version) {
        return once("groups" + version, () -> Offer.among(groupCandidates(version), ClientHello::groups));
    }

    /** All signature schemes that it can ask the server for. */
    List<Offer> schemes(String version) {
        return once("schemes" + version, () -> Offer.among(schemeCandidates(version), ClientHello::schemes));
    }

    private List<Offer> once(String what, Supplier<List<Offer>> make) {
        return offers.computeIfAbsent(what, key -> make.get());
    }

    Optional<Offer> offer(List<Offer> among, String code) {
        return among.stream().filter(o -> o.code().equals(code)).findFirst();
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.trim().split("\\s+"));
    }

    private static List<String> join(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static List<String> join(List<String> first, List<String> second, List<String> third) {
        return join(join(first, second), third);
    }
}
