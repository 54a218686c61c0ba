package org.dicomtls.interop.export;

import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;

/** A security profile of DCMTK, as its options name it, and what that really switches on. Measured, on both sides. */
enum DcmtkOption {
    /** B.9 in name, with TLS 1.0 and 1.1. */
    BCP195("--profile-bcp195", "PS3.15 B.9", true, true, "C02F 009E C030 009F 002F"),
    /** B.10. */
    NON_DOWNGRADING("--profile-bcp195-nd", "PS3.15 B.10", true, false, "C02F 009E C030 009F"),
    /** B.11; nothing can be added to it. */
    EXTENDED("--profile-bcp195-ex", "PS3.15 B.11", false, false, "C02F 009E C030 009F C02C C02B"),
    /** B.12, from 3.6.8 on. TLS 1.0 and 1.1 stay on, and have no suite. */
    RFC8996("--profile-8996", "PS3.15 B.12", true, true, "C02F C02B C030 C02C"),
    /** B.13, from 3.6.8 on; nothing can be added to it. */
    MODIFIED("--profile-8996-mod", "PS3.15 B.13", true, true, "C0AC C0AE C02F C02B CCA8 CCA9 C0AD C0AF C030 C02C");

    private final String option;
    private final String clause;
    private final boolean tls13;
    private final boolean older;
    private final List<CipherSuite> suites;

    DcmtkOption(String option, String clause, boolean tls13, boolean older, String codes) {
        this.option = option;
        this.clause = clause;
        this.tls13 = tls13;
        this.older = older;
        this.suites = Stream.of(codes.split(" ")).map(code -> CipherSuite.of(Integer.parseInt(code, 16))).toList();
    }

    /** As it is given, e.g. {@code --profile-bcp195-nd}. */
    String option() {
        return option;
    }

    /** The clause that DCMTK means by it. */
    String clause() {
        return clause;
    }

    boolean tls13() {
        return tls13;
    }

    /** Whether TLS 1.0 and 1.1 are left on. */
    boolean older() {
        return older;
    }

    /** Whether TLS 1.0 and 1.1 have a suite, too. */
    boolean olderUsable() {
        return this == BCP195;
    }

    /** Those of TLS 1.2, in the order in which a client offers them. */
    List<CipherSuite> suites() {
        return suites;
    }

    /** Whether {@code +cs} adds to it. */
    boolean extensible() {
        return this != EXTENDED && this != MODIFIED;
    }

    List<TlsVersion> versions(boolean offered) {
        Stream<TlsVersion> old = older && (offered || olderUsable())
                ? Stream.of(TlsVersion.TLS_1_1, TlsVersion.TLS_1_0)
                : Stream.empty();
        Stream<TlsVersion> current =
                tls13 ? Stream.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2) : Stream.of(TlsVersion.TLS_1_2);
        return Stream.concat(current, old).toList();
    }
}
