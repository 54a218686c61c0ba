package org.dicomtls.interop.association;

/** Why the upper layer provider ends an association: the reason octet of an A-ABORT with source 2 (PS3.8 §9.3.8). */
public enum AbortReason {
    NOT_SPECIFIED(0, "reason not specified"),
    UNRECOGNIZED_PDU(1, "unrecognized PDU"),
    UNEXPECTED_PDU(2, "unexpected PDU"),
    UNRECOGNIZED_PDU_PARAMETER(4, "unrecognized PDU parameter"),
    UNEXPECTED_PDU_PARAMETER(5, "unexpected PDU parameter"),
    INVALID_PDU_PARAMETER_VALUE(6, "invalid PDU parameter value");

    private final int code;
    private final String title;

    AbortReason(int code, String title) {
        this.code = code;
        this.title = title;
    }

    /** The octet on the wire. */
    public int code() {
        return code;
    }

    /** The standard's words for it. */
    public String title() {
        return title;
    }

    static String describe(int code) {
        for (AbortReason reason : values()) {
            if (reason.code == code) {
                return reason.title;
            }
        }
        return "reserved reason " + code;
    }
}
