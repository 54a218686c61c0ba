package org.dicomtls.interop.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.Dcmtk;
import org.dicomtls.interop.peer.GnuTls;
import org.dicomtls.interop.peer.OpenSsl;
import org.dicomtls.interop.peer.Orthanc;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.peer.PixelMed;
import org.dicomtls.interop.peer.ProcessServer;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;

/**
 * One way to run a foreign server, and the profile that it is held against.
 *
 * @param debianPackage what to install where it is missing
 * @param tryOut a command that shows whether it is there
 */
record ForeignPeer(
        String name,
        String debianPackage,
        List<String> tryOut,
        Profile profile,
        Expected expected,
        Start start) {

    /** Starts it. */
    interface Start {
        PeerServer on(Bench bench) throws IOException, InterruptedException;
    }

    /**
     * What its audit comes to.
     *
     * @param broken the SHALLs that are broken
     * @param open the SHALLs that questions could decide, but not with this server
     */
    record Expected(Conclusion conclusion, Set<String> broken, Set<String> open) {
        static Expected of(Conclusion conclusion, String broken, String open) {
            return new Expected(conclusion, words(broken), words(open));
        }

        private static Set<String> words(String text) {
            return new TreeSet<>(Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList());
        }

        String words() {
            return conclusion.title() + ", " + broken.size() + " SHALLs broken, " + open.size() + " open";
        }
    }

    private static final String CLIENTS_NOT_ASKED = "B12/mutual-authentication-supported";
    private static final String OLD_VERSIONS =
            "RFC8996/protocol-version-alert RFC8996/tls10-forbidden RFC8996/tls11-forbidden";
    private static final String OLD_VERSIONS_9325 = OLD_VERSIONS + " RFC9325/tls10-forbidden RFC9325/tls11-forbidden";
    private static final String SHA_1 = " RFC9325/sha1-md5-signatures-forbidden";
    private static final String CLIENT_DECIDES = " RFC9325/forward-secrecy-preferred RFC9325/strong-suite-chosen";

    private static final String JAVA_17 = "/usr/lib/jvm/java-17-openjdk-" + (
            System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64") + "/bin/java";

    /** The group of 1024 bits of RFC 2409 §6.2. */
    private static final String OAKLEY_2 =
            """
            -----BEGIN DH PARAMETERS-----
            MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
            Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
            /1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
            -----END DH PARAMETERS-----
            """;

    boolean installed() throws InterruptedException {
        return ForeignServer.runs(tryOut.toArray(String[]::new));
    }

    void assumeInstalled() throws InterruptedException {
        ForeignServer.assumeInstalled(debianPackage, tryOut.toArray(String[]::new));
    }

    static List<ForeignPeer> all(Path scratch) {
        return Stream.of(dcmtk(), archives(), openssl(scratch), gnutls())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ForeignPeer> dcmtk() {
        Expected fine = Expected.of(Conclusion.CONFORMANT, "", "");
        return List.of(
                storescp("--profile-bcp195", DicomProfiles.BCP195,
                        Expected.of(Conclusion.NON_CONFORMANT, OLD_VERSIONS, "")),
                storescp("--profile-bcp195-nd", DicomProfiles.BCP195_NON_DOWNGRADING, fine),
                storescp("--profile-bcp195-ex", DicomProfiles.BCP195_EXTENDED, fine),
                storescp("--profile-aes", DicomProfiles.AES,
                        Expected.of(Conclusion.NON_CONFORMANT, "B3/suites-offered", "")));
    }

    private static ForeignPeer storescp(String option, Profile profile, Expected expected) {
        return new ForeignPeer(
                "storescp " + option, "dcmtk", List.of("storescp", "--version"), profile, expected,
                configuration(new Dcmtk(), option.replace("--profile-", "")));
    }

    private static Start configuration(Peer peer, String id) {
        return bench -> peer.configurations().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow()
                .serve(bench);
    }

    private static List<ForeignPeer> archives() {
        return List.of(
                new ForeignPeer(
                        "Orthanc", "orthanc", List.of("Orthanc", "--version"), DicomProfiles.BCP195_RFC9325,
                        Expected.of(Conclusion.NON_CONFORMANT, OLD_VERSIONS_9325 + SHA_1 + " RFC9325/certificate-sha1-md5-forbidden", ""),
                        configuration(new Orthanc(), "default")),
                new ForeignPeer(
                        "PixelMed on Java 17", "libpixelmed-java openjdk-17-jre-headless",
                        List.of("test", "-r", "/usr/share/java/pixelmed.jar", "-a", "-x", JAVA_17),
                        DicomProfiles.BCP195_RFC9325,
                        Expected.of(Conclusion.NON_CONFORMANT, CLIENT_DECIDES, CLIENTS_NOT_ASKED),
                        configuration(new PixelMed(), "java-17")));
    }

    private static List<ForeignPeer> openssl(Path scratch) {
        return List.of(
                sServer("default",
                        Expected.of(
                                Conclusion.NON_CONFORMANT, "RFC8996/protocol-version-alert" + CLIENT_DECIDES,
                                CLIENTS_NOT_ASKED),
                        KeyKind.RSA),
                sServer("TLS 1.2 with ECDHE and GCM only", Expected.of(Conclusion.UNDETERMINED, "", CLIENTS_NOT_ASKED),
                        KeyKind.RSA, "-tls1_2", "-cipher", "ECDHE+AESGCM", "-serverpref", "-no_renegotiation"),
                sServer("TLS 1.3 only",
                        Expected.of(
                                Conclusion.NON_CONFORMANT, "B12/tls12-supported RFC9325/tls12-supported",
                                CLIENTS_NOT_ASKED),
                        KeyKind.RSA, "-tls1_3"),
                sServer("everything on",
                        Expected.of(
                                Conclusion.NON_CONFORMANT,
                                OLD_VERSIONS_9325 + SHA_1 + CLIENT_DECIDES
                                        + " B12/no-null RFC9325/null-forbidden RFC9325/dhe-2048",
                                CLIENTS_NOT_ASKED),
                        KeyKind.RSA, "-min_protocol", "TLSv1", "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0",
                        "-dhparam", scratch + "/dh1024.pem", "-legacy_renegotiation", "-client_renegotiation",
                        "-ciphersuites",
                        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
                                + "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"),
                sServer("client certificate demanded, ECDSA, few groups and schemes",
                        Expected.of(Conclusion.CONFORMANT, "", ""),
                        KeyKind.ECDSA, "-Verify", "3", "-verify_return_error", "-groups",
                        "P-256:P-384", "-sigalgs", "ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA+SHA256", "-min_protocol",
                        "TLSv1.2", "-cipher", "ECDHE+AESGCM", "-serverpref"));
    }

    private static ForeignPeer sServer(
            String how, Expected expected, KeyKind kind, String... options) {
        return new ForeignPeer(
                "s_server: " + how, "openssl", List.of("openssl", "version"), DicomProfiles.BCP195_RFC9325, expected,
                bench -> {
                    int port = bench.freePort();
                    int group = List.of(options).indexOf("-dhparam");
                    if (group >= 0) {
                        Files.writeString(Path.of(options[group + 1]), OAKLEY_2);
                    }
                    List<String> words = OpenSsl.sServer(bench, kind, port, options);
                    if (words.contains("-Verify")) {
                        words.addAll(List.of("-CAfile", bench.authority().toString()));
                    }
                    return ProcessServer.start(words, port, bench.directory(), bench);
                });
    }

    private static List<ForeignPeer> gnutls() {
        Expected old = Expected.of(
                Conclusion.NON_CONFORMANT, OLD_VERSIONS_9325 + SHA_1 + CLIENT_DECIDES, CLIENTS_NOT_ASKED);
        return List.of(
                serv("default", old, "NORMAL"),
                serv("SECURE256",
                        Expected.of(
                                Conclusion.NON_CONFORMANT,
                                "RFC8996/protocol-version-alert RFC9325/tls13-suite-mandatory" + CLIENT_DECIDES,
                                CLIENTS_NOT_ASKED),
                        "SECURE256"),
                serv("TLS 1.2 with Camellia-GCM and CCM only",
                        Expected.of(Conclusion.NON_CONFORMANT, SHA_1 + CLIENT_DECIDES, CLIENTS_NOT_ASKED),
                        "NONE:+VERS-TLS1.2:+ECDHE-RSA:+DHE-RSA:+RSA:+CAMELLIA-256-GCM:+CAMELLIA-128-GCM:+AES-256-CCM:"
                                + "+AES-128-CCM:+AEAD:+GROUP-ALL:+SIGN-ALL"),
                serv("legacy", old, "LEGACY:+VERS-TLS1.0:+VERS-TLS1.1:%VERIFY_ALLOW_SIGN_WITH_SHA1"),
                serv("TLS 1.3 with finite fields only",
                        Expected.of(
                                Conclusion.NON_CONFORMANT, "B12/tls12-supported RFC9325/tls12-supported",
                                CLIENTS_NOT_ASKED),
                        "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-FFDHE2048:+GROUP-FFDHE3072:+GROUP-FFDHE4096"));
    }

    private static ForeignPeer serv(String how, Expected expected, String priority) {
        return new ForeignPeer(
                "gnutls-serv: " + how, "gnutls-bin", List.of("gnutls-serv", "--version"), DicomProfiles.BCP195_RFC9325,
                expected,
                bench -> {
                    int port = bench.freePort();
                    List<String> words = GnuTls.serv(bench, port, priority);
                    words.add("--disable-client-cert");
                    return ProcessServer.start(words, port, bench.directory(), bench);
                });
    }

    @Override
    public String toString() {
        return name;
    }
}
