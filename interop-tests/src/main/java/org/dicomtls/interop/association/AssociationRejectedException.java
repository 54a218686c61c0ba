package org.dicomtls.interop.association;

/** The peer answered A-ASSOCIATE-RJ (PS3.8 §9.3.4). */
public final class AssociationRejectedException extends AssociationException {
    private static final long serialVersionUID = 1;

    private final int result;
    private final int source;
    private final int reason;

    AssociationRejectedException(int result, int source, int reason) {
        super("the peer rejected the association (" + (result == 2 ? "transient" : "permanent") + "): "
                + describe(source, reason));
        this.result = result;
        this.source = source;
        this.reason = reason;
    }

    /** 1 permanent, 2 transient. */
    public int result() {
        return result;
    }

    /** 1 service user, 2 service provider (ACSE), 3 service provider (presentation). */
    public int source() {
        return source;
    }

    /** The reason octet; its meaning depends on the source. */
    public int reason() {
        return reason;
    }

    /** The standard's words for the result. */
    public String resultText() {
        return switch (result) {
            case 1 -> "rejected-permanent";
            case 2 -> "rejected-transient";
            default -> "result " + result;
        };
    }

    /** The standard's words for the source. */
    public String sourceText() {
        return switch (source) {
            case 1 -> "service-user";
            case 2 -> "service-provider (ACSE)";
            case 3 -> "service-provider (presentation)";
            default -> "source " + source;
        };
    }

    /** The standard's words for the reason. */
    public String reasonText() {
        return describe(source, reason);
    }

    static String describe(int source, int reason) {
        return switch (source * 16 + reason) {
            case 0x11, 0x21 -> "no reason given";
            case 0x12 -> "application context name not supported";
            case 0x13 -> "calling AE title not recognized";
            case 0x17 -> "called AE title not recognized";
            case 0x22 -> "protocol version not supported";
            case 0x31 -> "temporary congestion";
            case 0x32 -> "local limit exceeded";
            default -> "source " + source + ", reason " + reason;
        };
    }
}
