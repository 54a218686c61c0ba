package org.dicomtls.interop.cli;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.dicomtls.interop.association.AssociationAbortedException;
import org.dicomtls.interop.association.AssociationException;
import org.dicomtls.interop.association.AssociationRejectedException;
import org.dicomtls.interop.association.ContextNotAcceptedException;
import org.dicomtls.interop.association.PduException;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.AssociationRefusal;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;

/** A failure of an association on an established connection, in the shape of all refusals and with DICOM's own words. */
final class AssociationFailure {

    private final Negotiated negotiated;
    private final String calling;
    private final String called;

    AssociationFailure(Negotiated negotiated, String calling, String called) {
        this.negotiated = negotiated;
        this.calling = calling;
        this.called = called;
    }

    /** What that failure is: a refusal of TLS as it is, everything else by what it says of the association. */
    Refusal of(IOException failure) {
        return Refusal.in(failure).orElseGet(() -> association(failure));
    }

    private String peer() {
        return negotiated.end().other().title();
    }

    private AssociationRefusal.Builder at(RefusalKind kind, String problem) {
        return AssociationRefusal.on(negotiated.connection(), kind, problem).aeTitles(calling, called);
    }

    private Refusal association(IOException failure) {
        AssociationRefusal.Builder refusal;
        if (failure instanceof AssociationRejectedException rejected) {
            refusal = rejected(rejected);
        } else if (failure instanceof AssociationAbortedException aborted) {
            refusal = at(
                            RefusalKind.ASSOCIATION_ABORTED,
                            "the " + peer() + " aborted the association (A-ABORT, source: " + aborted.sourceText()
                                    + ", reason: " + aborted.reasonText() + ")")
                    .byPeer()
                    .remedy("read the log of the " + peer());
        } else if (failure instanceof ContextNotAcceptedException context) {
            refusal = at(RefusalKind.ASSOCIATION_NO_CONTEXT, context.getMessage())
                    .byPeer()
                    .offered(context.offered())
                    .wanted("a presentation context for it")
                    .remedy("switch the SOP class on at the " + peer() + " for this AE title");
        } else if (failure instanceof SocketTimeoutException) {
            refusal = at(RefusalKind.ASSOCIATION_TIMEOUT, text(failure))
                    .remedy("look whether the " + peer() + " is overloaded, and whether it waits for an operator");
        } else if (failure instanceof PduException) {
            refusal = at(RefusalKind.ASSOCIATION_PROTOCOL_ERROR, "the " + peer() + " broke PS3.8: " + text(failure))
                    .remedy("look whether the " + peer() + " speaks DICOM on this port; else update its software");
        } else if (failure instanceof EOFException || failure instanceof SocketException) {
            refusal = closed();
        } else if (failure instanceof AssociationException) {
            refusal = at(RefusalKind.ASSOCIATION_CLOSED, text(failure))
                    .byPeer()
                    .remedy("read the log of the " + peer());
        } else {
            refusal = at(RefusalKind.ASSOCIATION_CLOSED, "this end ended the association: " + text(failure))
                    .remedy("look at what this end was to send");
        }
        return refusal.build(failure);
    }

    private AssociationRefusal.Builder closed() {
        boolean verdictIsLate = negotiated.end() == Role.CLIENT && negotiated.version().equals(TlsVersion.TLS_1_3);
        return at(RefusalKind.ASSOCIATION_CLOSED, "the " + peer() + " closed the connection without a word of DICOM")
                .byPeer()
                .remedy(
                        verdictIsLate
                                ? "read the log of the server: with TLS 1.3 it may refuse the client's certificate like this"
                                : "read the log of the " + peer());
    }

    private AssociationRefusal.Builder rejected(AssociationRejectedException rejected) {
        AssociationRefusal.Builder refusal = at(
                        RefusalKind.ASSOCIATION_REJECTED,
                        "the " + peer() + " rejected the association (A-ASSOCIATE-RJ, " + rejected.resultText() + ", source: "
                                + rejected.sourceText() + ", reason: " + rejected.reasonText() + ")")
                .byPeer();
        if (rejected.source() == 1 && rejected.reason() == 7) {
            return refusal.offered("called AE title " + called)
                    .wanted("the AE title of the " + peer())
                    .remedy("call the " + peer() + " by its AE title");
        }
        if (rejected.source() == 1 && rejected.reason() == 3) {
            return refusal.offered("calling AE title " + calling)
                    .wanted("an AE title that the " + peer() + " knows")
                    .remedy("enter our AE title at the " + peer() + ", or use one that it knows");
        }
        return refusal.remedy(
                rejected.result() == 2 ? "try again later" : "read the log of the " + peer() + ": it gives no reason");
    }

    private static String text(IOException failure) {
        return String.valueOf(failure.getMessage());
    }
}
