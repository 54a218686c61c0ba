package org.dicomtls.interop.association;

import java.util.Locale;

/**
 * The status of a DIMSE response (PS3.7 annex C).
 *
 * @param code 0 to 0xFFFF
 */
public record DimseStatus(int code) {
    /** 0000H. */
    public static final DimseStatus SUCCESS = new DimseStatus(0x0000);
    /** 0110H: the peer failed for a reason of its own. */
    public static final DimseStatus PROCESSING_FAILURE = new DimseStatus(0x0110);
    /** 0117H. */
    public static final DimseStatus INVALID_SOP_INSTANCE = new DimseStatus(0x0117);
    /** 0122H. */
    public static final DimseStatus SOP_CLASS_NOT_SUPPORTED = new DimseStatus(0x0122);
    /** 0211H. */
    public static final DimseStatus UNRECOGNIZED_OPERATION = new DimseStatus(0x0211);
    /** A700H: C-STORE refused, out of resources. */
    public static final DimseStatus OUT_OF_RESOURCES = new DimseStatus(0xA700);

    public DimseStatus {
        if (code < 0 || code > 0xFFFF) {
            throw new IllegalArgumentException("status " + code + " is outside 0…65535");
        }
    }

    public boolean isSuccess() {
        return code == 0;
    }

    /** Whether the operation was carried out, with a remark: 0001H, 0107H, 0116H or BxxxH. */
    public boolean isWarning() {
        return code == 0x0001 || code == 0x0107 || code == 0x0116 || code >>> 12 == 0xB;
    }

    /** Four hexadecimal digits: {@code 0000}, {@code A700}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%04X", code);
    }
}
