package org.dicomtls.interop.association;

import java.util.List;
import java.util.Optional;

/** A-ASSOCIATE-RQs that tests send by hand. */
final class Requests {
    private Requests() {}

    static Pdu.AssociateRequest verification() {
        return proposing(PresentationContext.verification());
    }

    static Pdu.AssociateRequest proposing(List<PresentationContext> contexts) {
        return new Pdu.AssociateRequest(
                1,
                "ANY",
                "TEST",
                Uid.APPLICATION_CONTEXT,
                contexts,
                new Pdu.UserInformation(16384, Optional.of("1.2.3"), Optional.empty()));
    }
}
