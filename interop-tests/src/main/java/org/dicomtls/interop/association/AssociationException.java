package org.dicomtls.interop.association;

import java.io.IOException;

/** An association cannot do what was asked of it, although the connection itself is sound. */
public sealed class AssociationException extends IOException
        permits AssociationRejectedException, AssociationAbortedException, ContextNotAcceptedException {
    private static final long serialVersionUID = 1;

    AssociationException(String message) {
        super(message);
    }
}
