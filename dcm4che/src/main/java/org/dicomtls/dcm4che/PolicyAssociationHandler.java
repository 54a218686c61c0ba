package org.dicomtls.dcm4che;

import java.io.IOException;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.AssociationHandler;
import org.dcm4che3.net.pdu.AAssociateAC;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers an A-ASSOCIATE-RQ only on a connection under a profile; every {@link PolicyDevice} has one. The verdict on the
 * handshake was given before: nothing of DICOM is read from a connection that does not keep its profile. A subclass can
 * add one of the site, such as which AE title goes with which certificate.
 */
public class PolicyAssociationHandler extends AssociationHandler {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.dcm4che");

    /**
     * The site's own verdict, before A-ASSOCIATE-AC; accepts unless it is overridden.
     *
     * @throws AAssociateRJ to reject the association
     */
    protected void judge(Association association, AAssociateRQ request, AssociationSecurity security)
            throws AAssociateRJ {
        // Who has a certificate that the transport trusts is accepted.
    }

    @Override
    protected AAssociateAC negotiate(Association association, AAssociateRQ request) throws IOException {
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
        judge(association, request, security);
        return super.negotiate(association, request);
    }
}
