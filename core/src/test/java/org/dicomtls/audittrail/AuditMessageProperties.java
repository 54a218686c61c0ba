package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.AssociationRefusal;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.TestEnds;

/** Whatever a peer puts into names and messages, what goes to the repository is valid, short and one line. */
class AuditMessageProperties {

    /** What RFC 5425 §4.3 recommends every receiver to take. */
    private static final int MOST_RECEIVERS = 8_192;

    private static final AuditSource SOURCE = new AuditSource(
            "s".repeat(128),
            Optional.of("e".repeat(128)),
            Optional.of(AuditSource.Type.OTHER),
            "n".repeat(255),
            "a".repeat(48),
            java.util.Collections.nCopies(8, "ABCDEFGHIJKLMNOP"));

    private final AuditSchema schema = new AuditSchema();

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(300);
        Arbitrary<String> utf16 = Arbitraries.chars().range('\0', '\uffff').list().ofMaxSize(300).map(list -> {
            StringBuilder text = new StringBuilder();
            list.forEach(text::append);
            return text.toString();
        });
        Arbitrary<String> known = Arbitraries.of(
                "",
                " ",
                "\0",
                "]]>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
                "\"/><EventIdentification EventOutcomeIndicator=\"0\"/>",
                "\r\n<85>1 - - - - - - forged",
                "\u001b[2J\u202egnp.exe\u200b",
                "\ud800",
                "\udc00\ud800",
                "\ufffe\uffff",
                "\ufeff",
                "😀é\u0301",
                "&".repeat(65_536),
                "\"".repeat(65_536),
                "\u0001".repeat(65_536),
                "\ud83d\ude00".repeat(65_536));
        return Arbitraries.oneOf(any, utf16, known);
    }

    private void check(AuditMessage message) throws AuditNotRecordedException {
        String xml = message.xml();
        assertThat(schema.problems(xml)).as(xml).isEmpty();
        Xml.of(xml);
        byte[] syslog = new SyslogFormat("DICOM+RFC3881", true).of(message);
        assertThat(syslog.length).as(xml).isLessThanOrEqualTo(MOST_RECEIVERS);
        String text = new String(syslog, StandardCharsets.UTF_8);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(syslog);
        assertThat(text.codePoints().filter(Character::isISOControl)).isEmpty();
        assertThat(Segment.encode(1, syslog).remaining()).isEqualTo(Segment.size(syslog));
    }

    @Property(tries = 120)
    void aRefusalIsAlwaysAValidMessage(
            @ForAll("hostile") String words,
            @ForAll("hostile") String name,
            @ForAll RefusalKind kind,
            @ForAll Role end,
            @ForAll boolean certificate)
            throws Exception {
        InetSocketAddress peer = InetSocketAddress.createUnresolved(name, 104);
        Refusal refusal = TestEnds.refusal(
                kind,
                end,
                Optional.of(peer),
                words,
                certificate ? Optional.of(TestEnds.named(name)) : Optional.empty());
        check(SecurityAlert.of(SOURCE, refusal));
        check(SecurityAlert.of(
                SOURCE,
                AssociationRefusal.on(refusal.connection(), RefusalKind.ASSOCIATION_AE_TITLE, words)
                        .aeTitles(name, words)
                        .build()));
    }

    @Property(tries = 300)
    void textIsCleanCutAndStaysTheSameWhenCleanedAgain(@ForAll("hostile") String text) {
        String clean = AuditText.clean(text, 100);
        assertThat(clean.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(100);
        assertThat(AuditText.clean(clean, 100)).isEqualTo(clean);
        assertThat(new String(clean.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(clean);
    }

    @Property(tries = 300)
    void plainTextIsKeptAsItIs(@ForAll("plain") String text) {
        assertThat(AuditText.clean(text, 10_000)).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> plain() {
        return Arbitraries.strings()
                .withChars("abcXYZ019<>&\"'=;:/é日本語😀".codePoints()
                        .filter(Character::isBmpCodePoint)
                        .mapToObj(Character::toString)
                        .reduce("", String::concat)
                        .toCharArray())
                .ofMaxLength(200);
    }
}
