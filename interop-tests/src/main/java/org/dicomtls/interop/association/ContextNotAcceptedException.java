package org.dicomtls.interop.association;

/** The association is there, and the peer accepted no presentation context for what is asked of it; it stays. */
public final class ContextNotAcceptedException extends AssociationException {
    private static final long serialVersionUID = 1;

    private final String offered;

    ContextNotAcceptedException(String offered) {
        super("the peer accepted no presentation context for " + offered);
        this.offered = offered;
    }

    /** The SOP class, and the transfer syntax where it matters. */
    public String offered() {
        return offered;
    }
}
