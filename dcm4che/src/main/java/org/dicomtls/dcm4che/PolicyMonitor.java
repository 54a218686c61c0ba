package org.dicomtls.dcm4che;

import org.dcm4che3.net.Association;
import org.dcm4che3.net.AssociationMonitor;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.dicomtls.transport.RefusalKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for every association that came about, and tells of every one that this end rejected, whatever handler and
 * monitor the application has.
 */
final class PolicyMonitor implements AssociationMonitor {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.dcm4che");

    private final PolicyDevice device;
    private final AssociationMonitor next;

    PolicyMonitor(PolicyDevice device, AssociationMonitor next) {
        this.device = device;
        this.next = next;
    }

    private static void established(Association association) {
        try {
            LOG.info(
                    "{} with {}: {}",
                    AssociationSecurity.printable(association.toString()),
                    association.getSocket().getRemoteSocketAddress(),
                    AssociationSecurity.of(association));
        } catch (IllegalStateException e) {
            // On a connection that is neither DICOM nor of an AE by its configuration, and is used for DICOM all the same.
            association.abort();
            LOG.error("{}; the association is aborted", e.getMessage());
            throw e;
        }
    }

    @Override
    public void onAssociationEstablished(Association association) {
        established(association);
        if (next != null) {
            next.onAssociationEstablished(association);
        }
    }

    @Override
    public void onAssociationAccepted(Association association) {
        established(association);
        if (next != null) {
            next.onAssociationAccepted(association);
        }
    }

    @Override
    public void onAssociationFailed(Association association, Throwable e) {
        if (next != null) {
            next.onAssociationFailed(association, e);
        }
    }

    @Override
    public void onAssociationRejected(Association association, AAssociateRJ rejection) {
        AssociationWatch.report(
                device.transport(association.getConnection()),
                association.getSocket(),
                association,
                RefusalKind.ASSOCIATION_REJECTED,
                false,
                rejection.toString(),
                "");
        if (next != null) {
            next.onAssociationRejected(association, rejection);
        }
    }
}
