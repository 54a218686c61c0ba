package org.dicomtls.interop.association;

/** DICOM unique identifiers: their notation (PS3.5 §9.1) and those that the harness speaks of (PS3.6 annex A). */
public final class Uid {
    /** Verification SOP Class: C-ECHO. */
    public static final String VERIFICATION = "1.2.840.10008.1.1";
    /** What every Storage SOP Class UID begins with. */
    public static final String STORAGE_PREFIX = "1.2.840.10008.5.1.4.1.1.";
    /** Secondary Capture Image Storage. */
    public static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
    /** Implicit VR Little Endian, DICOM's default transfer syntax. */
    public static final String IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2";
    /** Explicit VR Little Endian. */
    public static final String EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

    static final String APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";
    static final String IMPLEMENTATION_CLASS = "2.25.306317352712922767466874795371042620362";
    static final String IMPLEMENTATION_VERSION = "DICOM_TLS_0_1";
    static final int MAX_LENGTH = 64;

    private Uid() {}

    /**
     * Whether it is 1 to 64 characters of digits in components separated by single dots. Leading zeros of a component,
     * which the standard forbids but archives are full of, are let through.
     */
    public static boolean isValid(String uid) {
        if (uid.isEmpty() || uid.length() > MAX_LENGTH) {
            return false;
        }
        char previous = '.';
        for (int i = 0; i < uid.length(); i++) {
            char c = uid.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && (c != '.' || previous == '.')) {
                return false;
            }
            previous = c;
        }
        return previous != '.';
    }

    static String require(String uid) {
        if (!isValid(uid)) {
            throw new IllegalArgumentException("not a UID: '" + AeTitle.printable(uid) + "'");
        }
        return uid;
    }
}
