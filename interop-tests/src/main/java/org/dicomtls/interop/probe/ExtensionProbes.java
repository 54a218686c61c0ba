package org.dicomtls.interop.probe;

import static org.dicomtls.interop.probe.Inquiry.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.interop.probe.Probe.Need;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/** What a server makes of extensions, present and absent. */
final class ExtensionProbes {

    private final Inquiry inquiry;
    private final Notes notes;

    ExtensionProbes(Inquiry inquiry) {
        this.inquiry = inquiry;
        this.notes = inquiry.notes();
    }

    List<Probe> probes() {
        Set<Need> tls12 = Set.of(Need.TLS_1_2);
        return List.of(
                Probe.gentle(
                        List.of("S31", "S34"),
                        tls12,
                        List.of(Property.EXTENDED_MASTER_SECRET, Property.RENEGOTIATION_INFO),
                        this::answered),
                Probe.gentle(List.of("S31"), tls12, List.of(Property.RENEGOTIATION_INFO), this::signallingSuite),
                Probe.rude(List.of("S29"), tls12, List.of(Property.NO_COMPRESSION), this::compression),
                Probe.gentle(List.of("S41"), tls12, List.of(Property.OCSP_STAPLING), this::stapling12),
                Probe.gentle(List.of("S41"), Set.of(Need.TLS_1_3), List.of(Property.OCSP_STAPLING), this::stapling13),
                Probe.rude(List.of("S30"), tls12, List.of(Property.NO_TRUNCATED_HMAC), this::truncatedHmac),
                demanded(
                        "S35",
                        Property.EXTENDED_MASTER_SECRET_DEMANDED,
                        "no extended_master_secret",
                        Extensions.EXTENDED_MASTER_SECRET),
                demanded(
                        "S32",
                        Property.RENEGOTIATION_INFO_DEMANDED,
                        "no renegotiation_info and no SCSV",
                        Extensions.RENEGOTIATION_INFO),
                Probe.gentle(
                        List.of("S21"),
                        Set.of(Need.TLS_1_2, Need.CBC),
                        List.of(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC),
                        this::encryptThenMac),
                Probe.gentle(
                        List.of("S39"),
                        Set.of(Need.TLS),
                        List.of(Property.SERVER_NAME_SUPPORTED, Property.UNKNOWN_SERVER_NAME_REFUSED),
                        this::serverName),
                Probe.gentle(
                        List.of("S40"),
                        Set.of(Need.TLS),
                        List.of(Property.ALPN_SUPPORTED, Property.ALPN_MISMATCH_REFUSED),
                        this::applicationProtocols));
    }

    private Question every12() {
        return inquiry.tls12(inquiry.list(TlsVersion.TLS_1_2));
    }

    private void answered() throws UnreachableException {
        Question question = every12().named("extended_master_secret, renegotiation_info");
        Answer answer = inquiry.ask(question);
        String shown = evidence(question, answer);
        answer.hello().filter(h -> answer.accepted()).ifPresent(h -> {
            notes.holds(Property.EXTENDED_MASTER_SECRET, h.extendedMasterSecret(), shown);
            notes.holds(Property.RENEGOTIATION_INFO, h.renegotiationInfo(), shown);
        });
    }

    private void compression() throws UnreachableException {
        Question question = every12().compression(1, 0).named("compression methods DEFLATE and null");
        Answer answer = inquiry.ask(question);
        if (answer.accepted() || answer.refused()) {
            notes.holds(
                    Property.NO_COMPRESSION,
                    answer.hello().filter(h -> answer.accepted() && h.compression() != 0).isEmpty(),
                    evidence(question, answer));
        }
    }

    private void signallingSuite() throws UnreachableException {
        List<CipherSuite> signalling = new ArrayList<>(inquiry.list(TlsVersion.TLS_1_2));
        signalling.add(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
        Question question = inquiry.tls12(signalling)
                .without(Extensions.RENEGOTIATION_INFO)
                .named("TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
        Answer answer = inquiry.ask(question);
        answer.hello().filter(h -> answer.accepted()).ifPresent(h ->
                notes.holds(Property.RENEGOTIATION_INFO, h.renegotiationInfo(), evidence(question, answer)));
    }

    private void stapling12() throws UnreachableException {
        stapling(every12());
    }

    /** In TLS 1.3 the status stands in the encrypted flight. */
    private void stapling13() throws UnreachableException {
        Optional<Question> readable = inquiry.readable13();
        if (readable.isPresent()) {
            stapling(readable.get());
        }
    }

    private void stapling(Question plain) throws UnreachableException {
        Question question = plain.extension(Extensions.STATUS_REQUEST, 1, 0, 0, 0, 0).named("status_request");
        Answer answer = inquiry.ask(question);
        if (answer.accepted() && answer.readable()) {
            notes.holds(Property.OCSP_STAPLING, answer.stapled(), evidence(question, answer));
        }
    }

    private void truncatedHmac() throws UnreachableException {
        List<CipherSuite> all = inquiry.list(TlsVersion.TLS_1_2);
        List<CipherSuite> cbc = all.stream().filter(s -> s.mode() == CipherMode.CBC).toList();
        Question question =
                inquiry.tls12(cbc.isEmpty() ? all : cbc).extension(Extensions.TRUNCATED_HMAC).named("truncated_hmac");
        Answer answer = inquiry.ask(question);
        answer.hello().filter(h -> answer.accepted()).ifPresent(h -> notes.holds(
                Property.NO_TRUNCATED_HMAC,
                !h.extensions().has(Extensions.TRUNCATED_HMAC),
                evidence(question, answer)));
    }

    private Probe demanded(String test, Property property, String name, int without) {
        return Probe.gentle(
                List.of(test),
                Set.of(Need.TLS_1_2),
                List.of(property),
                () -> refused(property, every12().without(without).named(name)));
    }

    private void refused(Property property, Question question) throws UnreachableException {
        Answer answer = inquiry.ask(question);
        if (answer.accepted() || answer.refused()) {
            notes.holds(property, answer.refused(), evidence(question, answer));
        }
    }

    private void encryptThenMac() throws UnreachableException {
        List<CipherSuite> cbc =
                inquiry.list(TlsVersion.TLS_1_2).stream().filter(s -> s.mode() == CipherMode.CBC).toList();
        refused(
                Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC,
                inquiry.tls12(cbc).without(Extensions.ENCRYPT_THEN_MAC).named("CBC suites, no encrypt_then_mac"));
    }

    /** In TLS 1.2 if that is spoken, for there the answer is in the clear. */
    private Question plain() throws UnreachableException {
        return inquiry.speaks(TlsVersion.TLS_1_2)
                ? every12()
                : inquiry.readable13().orElse(inquiry.tls13(inquiry.list(TlsVersion.TLS_1_3)));
    }

    private void serverName() throws UnreachableException {
        Question unknown = plain().serverName("unknown.invalid").named("server_name unknown.invalid");
        Answer name = inquiry.ask(unknown);
        boolean refused = name.alert().map(AlertDescription.UNRECOGNIZED_NAME::equals).orElse(false);
        boolean echoed = name.extensions().map(e -> e.has(Extensions.SERVER_NAME)).orElse(false);
        if (refused || echoed) {
            notes.holds(Property.SERVER_NAME_SUPPORTED, true, evidence(unknown, name));
        } else {
            notes.open(
                    Property.SERVER_NAME_SUPPORTED,
                    "the server shows no reaction to server_name; it may be configured with no names");
        }
        if (refused || echoed) {
            // RFC 6066 §3: who answers with the extension has made use of the name.
            notes.condition(Condition.SERVER_NAMES, true);
        }
        if (name.accepted() || refused) {
            notes.holds(Property.UNKNOWN_SERVER_NAME_REFUSED, refused, evidence(unknown, name));
        }
    }

    private void applicationProtocols() throws UnreachableException {
        Question bogus = plain().applicationProtocols("x-no-such-protocol").named("ALPN x-no-such-protocol");
        Answer other = inquiry.ask(bogus);
        Question dicom = plain().applicationProtocols("dicom").named("ALPN dicom");
        Answer own = inquiry.ask(dicom);
        boolean mismatch = other.alert().map(AlertDescription.NO_APPLICATION_PROTOCOL::equals).orElse(false);
        boolean taken = own.extensions().map(e -> e.has(Extensions.ALPN)).orElse(false);
        if (mismatch || taken) {
            notes.condition(Condition.ALPN, true);
            notes.holds(Property.ALPN_SUPPORTED, true, evidence(dicom, own));
            notes.holds(Property.ALPN_MISMATCH_REFUSED, other.refused(), evidence(bogus, other));
        } else if (other.accepted() && own.accepted() && own.extensions().isPresent()) {
            notes.condition(Condition.ALPN, false);
            notes.evidence(Property.ALPN_SUPPORTED, evidence(dicom, own));
            notes.open(Property.ALPN_SUPPORTED, "the server ignores ALPN; it may be configured with no protocols");
        }
    }
}
