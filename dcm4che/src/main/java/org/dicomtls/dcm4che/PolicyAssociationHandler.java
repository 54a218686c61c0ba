package org.dicomtls.dcm4che;

import java.io.IOException;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.AssociationHandler;
import org.dcm4che3.net.pdu.AAssociateAC;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dicomtls.transport.Peers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers an A-ASSOCIATE-RQ only on a connection under a profile, and only to a peer that may use its AE title; every
 * {@link PolicyDevice} has one. The verdict on the handshake was given before: nothing of DICOM is read from a connection
 * that does not keep its profile. A subclass can add a verdict of the site, and answer in its own way.
 */
public class PolicyAssociationHandler extends AssociationHandler {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.dcm4che");

    /**
     * The site's own verdict, before A-ASSOCIATE-AC and after that of the {@link Peers} of the transport. Unless it is
     * overridden everybody whom those let through may go on.
     *
     * @throws AAssociateRJ to reject the association
     */
    protected void judge(Association association, AAssociateRQ request, AssociationSecurity security)
            throws AAssociateRJ {}

    /** Answers a request that passed all verdicts; unless it is overridden as dcm4che does. */
    protected AAssociateAC answer(Association association, AAssociateRQ request) throws IOException {
        return super.negotiate(association, request);
    }

    /** Asks for the verdicts and then for the answer; who calls itself by an AE title of another is told so. */
    @Override
    protected final AAssociateAC negotiate(Association association, AAssociateRQ request) throws IOException {
        AssociationSecurity security;
        try {
            security = AssociationSecurity.of(association);
        } catch (IllegalStateException e) {
            LOG.error("{}", e.getMessage());
            throw new AAssociateRJ(
                    AAssociateRJ.RESULT_REJECTED_PERMANENT,
                    AAssociateRJ.SOURCE_SERVICE_USER,
                    AAssociateRJ.REASON_NO_REASON_GIVEN);
        }
        if (association.getConnection().getDevice() instanceof PolicyDevice device
                && device.transport(association.getConnection())
                        .judge(security.negotiated(), request.getCallingAET())
                        .isPresent()) {
            throw new AAssociateRJ(
                    AAssociateRJ.RESULT_REJECTED_PERMANENT,
                    AAssociateRJ.SOURCE_SERVICE_USER,
                    AAssociateRJ.REASON_CALLING_AET_NOT_RECOGNIZED);
        }
        judge(association, request, security);
        return answer(association, request);
    }
}
