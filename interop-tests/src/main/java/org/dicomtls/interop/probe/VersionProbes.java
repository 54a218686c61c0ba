package org.dicomtls.interop.probe;

import static org.dicomtls.interop.probe.Inquiry.evidence;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.dicomtls.interop.probe.Probe.Need;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.ServerHello;

/** Versions, the framing of records, and plain DICOM where only TLS should be spoken. */
final class VersionProbes {

    private static final List<TlsVersion> OLD = List.of(TlsVersion.TLS_1_0, TlsVersion.TLS_1_1);

    private final Inquiry inquiry;
    private final Notes notes;

    VersionProbes(Inquiry inquiry) {
        this.inquiry = inquiry;
        this.notes = inquiry.notes();
    }

    /** The two hellos that every other question builds on. */
    void first() throws UnreachableException {
        Target target = inquiry.target();
        inquiry.hello(TlsVersion.TLS_1_3, target.ask(inquiry.tls13(inquiry.offered().tls13()).named("TLS 1.3")));
        inquiry.hello(TlsVersion.TLS_1_2, target.ask(inquiry.tls12(inquiry.offered().tls12()).named("TLS 1.2")));
    }

    List<Probe> beforeSuites() {
        return List.of(
                Probe.rude(List.of("S01"), Set.of(), List.of(Dimension.VERSION), this::sslv2),
                Probe.rude(List.of("S02"), Set.of(), List.of(Dimension.VERSION), () -> old(TlsVersion.SSL_3)),
                Probe.gentle(List.of("S03"), Set.of(), List.of(Dimension.VERSION), () -> old(TlsVersion.TLS_1_0)),
                Probe.gentle(List.of("S04"), Set.of(), List.of(Dimension.VERSION), () -> old(TlsVersion.TLS_1_1)),
                Probe.gentle(List.of("S05"), Set.of(), List.of(Dimension.VERSION), this::oldListed),
                Probe.rude(List.of("S63"), Set.of(), List.of(Property.STRICT_TLS, Property.TLS_PORT_SEPARATE), this::strictTls),
                Probe.gentle(
                        List.of("S11"), Set.of(), List.of(Property.ANY_RECORD_VERSION), () -> recordVersion(0x0300)),
                Probe.rude(List.of("S11"), Set.of(), List.of(Property.ANY_RECORD_VERSION), () -> recordVersion(0x03FF)));
    }

    List<Probe> afterSuites() {
        return List.of(
                Probe.gentle(
                        List.of("S08"), Set.of(Need.TLS_1_3), List.of(Property.PREFERS_TLS_1_3), this::versionPreference),
                Probe.gentle(
                        List.of("S37"),
                        Set.of(Need.TLS_1_2, Need.TLS_1_3),
                        List.of(Property.DOWNGRADE_SENTINEL),
                        this::downgradeSentinel),
                Probe.gentle(
                        List.of("S03", "S04"), Set.of(), List.of(Property.PROTOCOL_VERSION_ALERT), this::oldVersionAlerts));
    }

    private void sslv2() throws UnreachableException {
        Target.Echo echo = inquiry.target().send(Question.sslv2());
        byte[] o = echo.octets();
        notes.evidence(Dimension.VERSION, "SSL 2.0 CLIENT-HELLO → " + words(echo));
        if (o.length > 2 && (o[0] & 0x80) != 0 && o[2] == 4) {
            notes.supports(Dimension.VERSION, List.of(TlsVersion.SSL_2));
            inquiry.sslv2(true);
        } else if (o.length > 0 || echo.ended()) {
            notes.lacks(Dimension.VERSION, List.of(TlsVersion.SSL_2));
            inquiry.sslv2(false);
        }
    }

    private void old(TlsVersion version) throws UnreachableException {
        Question question = inquiry.old(version, inquiry.offered().tls12()).named(version + " hello");
        Answer answer = inquiry.ask(question);
        inquiry.hello(version, answer);
        if (answer.accepted()) {
            new SuiteProbes(inquiry).enumerate(version);
        }
    }

    private void oldListed() throws UnreachableException {
        Question listed = inquiry.tls12(inquiry.offered().tls12())
                .versions(List.of(TlsVersion.TLS_1_1, TlsVersion.TLS_1_0))
                .named("supported_versions TLSv1.1, TLSv1.0");
        Answer answer = inquiry.ask(listed);
        notes.evidence(Dimension.VERSION, evidence(listed, answer));
        answer.hello()
                .filter(h -> answer.accepted() && h.version().compareTo(TlsVersion.TLS_1_2) < 0)
                .ifPresent(h -> notes.supports(Dimension.VERSION, List.of(h.version())));
    }

    static String words(Target.Echo echo) {
        String hex = HexFormat.of().formatHex(echo.octets());
        return hex.isEmpty() ? echo.ended() ? "connection ended" : "no answer in time" : "[" + hex + "]";
    }

    private void oldVersionAlerts() {
        for (TlsVersion version : OLD) {
            inquiry.hello(version).filter(answer -> answer.accepted() || answer.refused()).ifPresent(answer -> notes.holds(
                    Property.PROTOCOL_VERSION_ALERT,
                    answer.alert().map(AlertDescription.PROTOCOL_VERSION::equals).orElse(false),
                    version + " hello → " + answer.words()));
        }
    }

    private void versionPreference() throws UnreachableException {
        if (!inquiry.speaks(TlsVersion.TLS_1_2)) {
            notes.holds(Property.PREFERS_TLS_1_3, true, "the server speaks TLS 1.3 and not TLS 1.2");
            return;
        }
        List<CipherSuite> offered = new ArrayList<>(inquiry.list(TlsVersion.TLS_1_2));
        offered.addAll(inquiry.list(TlsVersion.TLS_1_3));
        Question question = inquiry.tls13(offered)
                .extension(Extensions.EXTENDED_MASTER_SECRET)
                .extension(Extensions.RENEGOTIATION_INFO, 0)
                .extension(Extensions.EC_POINT_FORMATS, 1, 0)
                .versions(List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3))
                .named("TLSv1.2 listed before TLSv1.3");
        Answer answer = inquiry.ask(question);
        if (answer.accepted()) {
            notes.holds(
                    Property.PREFERS_TLS_1_3,
                    answer.hello().orElseThrow().version().equals(TlsVersion.TLS_1_3),
                    evidence(question, answer));
        }
    }

    private void downgradeSentinel() {
        inquiry.hello(TlsVersion.TLS_1_2).flatMap(Answer::hello).ifPresent(this::downgradeSentinel);
    }

    private void downgradeSentinel(ServerHello old) {
        notes.holds(
                Property.DOWNGRADE_SENTINEL,
                old.downgradeSentinel().map(last -> last == 1).orElse(false),
                "TLS 1.2 hello → random " + HexFormat.of().formatHex(old.random()));
    }

    private void strictTls() throws UnreachableException {
        Target.Echo echo = inquiry.target().send(inquiry.target().associateRequest());
        String shown = "A-ASSOCIATE-RQ without TLS → " + words(echo);
        byte[] o = echo.octets();
        if (o.length >= 2 && o[0] >= 1 && o[0] <= 7 && o[1] == 0) {
            notes.holds(Property.STRICT_TLS, false, shown);
            notes.holds(Property.TLS_PORT_SEPARATE, false, shown);
        } else if (o.length > 0 || echo.ended()) {
            notes.holds(Property.STRICT_TLS, true, shown);
            notes.holds(Property.TLS_PORT_SEPARATE, true, shown);
        } else {
            String why = "the server neither answered plain DICOM nor ended the connection in time";
            notes.open(Property.STRICT_TLS, why);
            notes.open(Property.TLS_PORT_SEPARATE, why);
        }
    }

    private void recordVersion(int version) throws UnreachableException {
        boolean tls12 = inquiry.hello(TlsVersion.TLS_1_2).orElseThrow().accepted();
        if (!tls12 && !inquiry.hello(TlsVersion.TLS_1_3).orElseThrow().accepted()) {
            return;
        }
        Question question = (tls12 ? inquiry.tls12(inquiry.offered().tls12()) : inquiry.tls13(inquiry.offered().tls13()))
                .recordVersion(version)
                .named(String.format(Locale.ROOT, "record version %04X", version));
        Answer answer = inquiry.ask(question);
        if (answer.accepted() || answer.refused()) {
            notes.holds(Property.ANY_RECORD_VERSION, answer.accepted(), evidence(question, answer));
        }
    }
}
