package org.dicomtls.interop.association;

/** The peer sent A-ABORT (PS3.8 §9.3.8). */
public final class AssociationAbortedException extends AssociationException {
    private static final long serialVersionUID = 1;

    private final int source;
    private final int reason;

    AssociationAbortedException(int source, int reason) {
        super("the peer aborted the association: "
                + (source == 2 ? "provider, " + AbortReason.describe(reason) : "service user"));
        this.source = source;
        this.reason = reason;
    }

    /** 0 service user, 2 service provider. */
    public int source() {
        return source;
    }

    /** The reason octet; it means something only when the source is 2. */
    public int reason() {
        return reason;
    }

    /** The standard's words for the source. */
    public String sourceText() {
        return switch (source) {
            case 0 -> "service-user";
            case 2 -> "service-provider";
            default -> "source " + source;
        };
    }

    /** The standard's words for the reason, which only a provider gives. */
    public String reasonText() {
        return source == 2 ? AbortReason.describe(reason) : "none";
    }
}
