package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Profile;

/** The named profiles: those of PS3.15 Annex B, the proposed CRYPTREC profile, and that of IHE ITI-19. */
public final class DicomProfiles {

    /** PS3.15 B.1, Basic TLS Secure Transport Connection Profile; retired. */
    public static final Profile BASIC = BasicTls.PROFILE;
    /** PS3.15 B.3, AES TLS Secure Transport Connection Profile; retired. */
    public static final Profile AES = AesTls.PROFILE;
    /** PS3.15 B.9, BCP 195 TLS Secure Transport Connection Profile; retired. */
    public static final Profile BCP195 = Bcp195Tls.PROFILE;
    /** PS3.15 B.10, Non-Downgrading BCP 195 TLS Secure Transport Connection Profile; retired. */
    public static final Profile BCP195_NON_DOWNGRADING = NonDowngradingTls.PROFILE;
    /** PS3.15 B.11, Extended BCP 195 TLS Profile Secure Transport Connection Profile; retired. */
    public static final Profile BCP195_EXTENDED = ExtendedTls.PROFILE;
    /** PS3.15 B.12 up to 2024a, BCP 195 RFC 8996 TLS Secure Transport Connection Profile; superseded. */
    public static final Profile BCP195_RFC8996 = Bcp195Rfc8996Tls.PROFILE;
    /** PS3.15 B.12 from 2024b on, BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile; current. */
    public static final Profile BCP195_RFC9325 = Bcp195Rfc9325Tls.PROFILE;
    /** PS3.15 B.13 up to 2024b, Modified BCP 195 TLS Secure Transport Connection Profile; superseded. */
    public static final Profile BCP195_MODIFIED_2023 = ModifiedTls2023.PROFILE;
    /** PS3.15 B.13 from 2024c on, Modified BCP 195 TLS Secure Transport Connection Profile; current. */
    public static final Profile BCP195_MODIFIED = ModifiedTls.PROFILE;
    /** The high security type of CRYPTREC's TLS guideline as a DICOM profile; proposed. */
    public static final Profile CRYPTREC_HIGH_SECURITY = CryptrecHighSecurityTls.PROFILE;
    /** IHE ITI-19, STX: TLS 1.2 floor using BCP195; external to DICOM. */
    public static final Profile IHE_TLS12_FLOOR = IheTls12Floor.PROFILE;

    private static final List<Profile> ALL = List.of(
            BASIC,
            AES,
            BCP195,
            BCP195_NON_DOWNGRADING,
            BCP195_EXTENDED,
            BCP195_RFC8996,
            BCP195_RFC9325,
            BCP195_MODIFIED_2023,
            BCP195_MODIFIED,
            CRYPTREC_HIGH_SECURITY,
            IHE_TLS12_FLOOR);

    private DicomProfiles() {}

    /** All of them, oldest clause first. */
    public static List<Profile> all() {
        return ALL;
    }
}
