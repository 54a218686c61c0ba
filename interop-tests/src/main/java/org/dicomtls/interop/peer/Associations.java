package org.dicomtls.interop.peer;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DimseStatus;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.peer.PeerClient.Outcome;

/** Associations of peers that have no DICOM of their own. */
final class Associations {

    private Associations() {}

    /** What is done on an association. */
    interface Operation {
        DimseStatus on(Association association) throws IOException;
    }

    /** Opens an association on that connection, does one thing, and releases; the connection is closed then. */
    static Outcome call(Socket connection, List<PresentationContext> contexts, Bench bench, Operation operation) {
        try (Association association = Association.open(connection, "PEER-SCU", "ANY-SCP", contexts, bench.timeout())) {
            DimseStatus status = operation.on(association);
            if (!status.isSuccess()) {
                return Outcome.failed("status " + status);
            }
            association.release();
            return Outcome.SUCCEEDED;
        } catch (IOException e) {
            bench.log().say(e.toString());
            return Outcome.failed(String.valueOf(e.getMessage()));
        }
    }
}
