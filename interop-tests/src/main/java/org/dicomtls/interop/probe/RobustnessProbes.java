package org.dicomtls.interop.probe;

import static org.dicomtls.interop.probe.Inquiry.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.dicomtls.interop.probe.Probe.Need;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/**
 * Hellos that are unusual or wrong, of which no rule of a profile speaks: what a server makes of them is remarked if it
 * differs from what the RFCs of TLS demand.
 */
final class RobustnessProbes {

    private static final int GREASE = 0x7A7A;
    private static final int UNKNOWN_GROUP = 0x7777;
    /** In the range that RFC 7919 keeps for finite fields, and not assigned. */
    private static final int UNKNOWN_FFDHE = 0x01FE;

    private final Inquiry inquiry;

    RobustnessProbes(Inquiry inquiry) {
        this.inquiry = inquiry;
    }

    List<Probe> probes() {
        Set<Need> tls12 = Set.of(Need.TLS_1_2);
        Set<Need> tls13 = Set.of(Need.TLS_1_3);
        return List.of(
                Probe.gentle(List.of("S10"), Set.of(Need.TLS), List.of(), this::grease),
                Probe.rude(List.of("S01"), tls12, List.of(), this::versionTwoForm),
                Probe.rude(List.of("S09"), tls12, List.of(), () -> expect(
                        every12().legacyVersion(TlsVersion.TLS_1_3).named("legacy_version 0304 without supported_versions"),
                        a -> a.accepted() && a.hello().orElseThrow().version().equals(TlsVersion.TLS_1_2),
                        "a ServerHello of TLS 1.2 (RFC 8446 §4.2.1)")),
                Probe.rude(List.of("S29"), tls13, List.of(), () -> refused(
                        every13().compression(1, 0).named("TLS 1.3 with compression methods DEFLATE and null"),
                        "illegal_parameter (RFC 8446 §4.1.2)")),
                Probe.rude(List.of("S33"), tls12, List.of(), () -> refused(
                        every12().extension(Extensions.RENEGOTIATION_INFO, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
                                .named("renegotiation_info that is not empty"),
                        "handshake_failure (RFC 5746 §3.6)")),
                Probe.rude(List.of("S39"), Set.of(Need.TLS), List.of(), () -> refused(
                        plain().twoServerNames("one.invalid", "two.invalid").named("two host names in server_name"),
                        "an alert (RFC 6066 §3)")),
                Probe.rude(List.of("S44"), Set.of(Need.TLS_1_2, Need.ECDHE), List.of(), this::unknownGroup),
                Probe.rude(List.of("S46"), Set.of(Need.TLS_1_2, Need.DHE), List.of(), this::unknownField),
                Probe.rude(List.of("S47"), Set.of(Need.TLS_1_2, Need.ECDHE), List.of(), () -> refused(
                        inquiry.tls12(with(KeyExchange.ECDHE))
                                .extension(Extensions.EC_POINT_FORMATS, 2, 1, 2)
                                .named("ec_point_formats without uncompressed"),
                        "illegal_parameter (RFC 8422 §5.1.2)")),
                Probe.rude(List.of("S50"), tls13, List.of(), () -> missing(Extensions.SIGNATURE_ALGORITHMS, "signature_algorithms")),
                Probe.rude(List.of("S50"), tls13, List.of(), () -> missing(Extensions.KEY_SHARE, "key_share")));
    }

    private Question every12() {
        return inquiry.tls12(inquiry.list(TlsVersion.TLS_1_2));
    }

    private Question every13() {
        return inquiry.tls13(inquiry.list(TlsVersion.TLS_1_3));
    }

    private Question plain() {
        return inquiry.speaks(TlsVersion.TLS_1_2) ? every12() : every13();
    }

    private List<CipherSuite> with(KeyExchange exchange) {
        return inquiry.list(TlsVersion.TLS_1_2).stream().filter(s -> s.keyExchange() == exchange).toList();
    }

    private void expect(Question question, Predicate<Answer> good, String wanted) throws UnreachableException {
        Answer answer = inquiry.ask(question);
        if (answer.kind() != Answer.Kind.SILENCE && !good.test(answer)) {
            inquiry.notes().remark(evidence(question, answer) + "; expected " + wanted);
        }
    }

    private void refused(Question question, String wanted) throws UnreachableException {
        expect(question, Answer::refused, wanted);
    }

    private void missing(int extension, String name) throws UnreachableException {
        expect(
                every13().without(extension).named("TLS 1.3 without " + name),
                a -> a.alert().map(AlertDescription.MISSING_EXTENSION::equals).orElse(false),
                "missing_extension (RFC 8446 §9.2)");
    }

    private void grease() throws UnreachableException {
        List<CipherSuite> suites = new ArrayList<>(List.of(CipherSuite.of(GREASE)));
        List<TlsVersion> versions = new ArrayList<>(List.of(new TlsVersion(GREASE)));
        boolean tls13 = inquiry.speaks(TlsVersion.TLS_1_3);
        suites.addAll(inquiry.list(tls13 ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2));
        versions.add(tls13 ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2);
        List<NamedGroup> groups = new ArrayList<>(List.of(NamedGroup.of(GREASE)));
        groups.addAll(inquiry.offered().groups());
        Question question = (tls13 ? inquiry.tls13(suites) : inquiry.tls12(suites))
                .versions(versions)
                .groups(groups)
                .extension(GREASE, 0)
                .named("GREASE values of version, suite, group and extension");
        expect(question, Answer::accepted, "that they are ignored (RFC 8701)");
    }

    private void versionTwoForm() throws UnreachableException {
        Target.Echo echo = inquiry.target().send(Question.sslv2FormOfTls12(inquiry.list(TlsVersion.TLS_1_2)));
        byte[] o = echo.octets();
        if (o.length > 5 && o[0] == 22 && o[5] == 2) {
            inquiry.notes().remark("a hello of TLS 1.2 in the form of SSL 2.0 → " + VersionProbes.words(echo)
                    + "; expected that it is refused");
        }
    }

    private void unknownGroup() throws UnreachableException {
        Question question = inquiry.tls12(with(KeyExchange.ECDHE))
                .groups(List.of(NamedGroup.of(UNKNOWN_GROUP)))
                .named("ECDHE with a group that is not assigned");
        refused(question, "no ECDHE suite with a group that was not offered (RFC 8422 §5.1)");
    }

    private void unknownField() throws UnreachableException {
        Question question = inquiry.tls12(with(KeyExchange.DHE))
                .groups(List.of(NamedGroup.of(UNKNOWN_FFDHE)))
                .named("DHE with a finite field that is not assigned");
        refused(question, "no DHE suite (RFC 7919 §4)");
    }
}
