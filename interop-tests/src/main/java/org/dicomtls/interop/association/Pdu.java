package org.dicomtls.interop.association;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A protocol data unit of the DICOM upper layer (PS3.8 §9.3). */
sealed interface Pdu {
    int ASSOCIATE_RQ = 1;
    int ASSOCIATE_AC = 2;
    int ASSOCIATE_RJ = 3;
    int P_DATA_TF = 4;
    int RELEASE_RQ = 5;
    int RELEASE_RP = 6;
    int ABORT = 7;

    /** Type, reserved octet and 32-bit length. */
    int HEADER_LENGTH = 6;

    /** The standard's name of it. */
    String title();

    /**
     * A-ASSOCIATE-RQ.
     *
     * @param protocolVersion a bit field; bit 0 is version 1
     */
    record AssociateRequest(
            int protocolVersion,
            String calledAeTitle,
            String callingAeTitle,
            String applicationContext,
            List<PresentationContext> presentationContexts,
            UserInformation userInformation)
            implements Pdu {
        public AssociateRequest {
            presentationContexts = List.copyOf(presentationContexts);
        }

        @Override
        public String title() {
            return "A-ASSOCIATE-RQ";
        }
    }

    /** A-ASSOCIATE-AC. The AE titles are echoed by the acceptor and tested by nobody. */
    record AssociateAccept(
            int protocolVersion,
            String calledAeTitle,
            String callingAeTitle,
            String applicationContext,
            List<ContextResult> results,
            UserInformation userInformation)
            implements Pdu {
        public AssociateAccept {
            results = List.copyOf(results);
        }

        @Override
        public String title() {
            return "A-ASSOCIATE-AC";
        }
    }

    /**
     * The acceptor's answer to one presentation context.
     *
     * @param result 0 acceptance, 1 user rejection, 2 no reason, 3 abstract syntax and 4 transfer syntaxes not supported
     * @param transferSyntax significant only with result 0
     */
    record ContextResult(int id, int result, Optional<String> transferSyntax) {}

    /**
     * The sub-items that this implementation reads and writes; others are let pass unread.
     *
     * @param maxLength the longest P-DATA-TF that the sender of this item receives, in octets; 0 is no limit
     */
    record UserInformation(
            long maxLength, Optional<String> implementationClass, Optional<String> implementationVersion) {}

    /** A-ASSOCIATE-RJ. */
    record AssociateReject(int result, int source, int reason) implements Pdu {
        @Override
        public String title() {
            return "A-ASSOCIATE-RJ";
        }
    }

    /** P-DATA-TF. */
    record Data(List<PresentationDataValue> values) implements Pdu {
        public Data {
            values = List.copyOf(values);
        }

        @Override
        public String title() {
            return "P-DATA-TF";
        }
    }

    /**
     * A fragment of a command or data set.
     *
     * @param fragment backed by an array; valid until the next PDU is read from the same connection
     */
    record PresentationDataValue(int contextId, boolean command, boolean last, ByteBuffer fragment) {}

    /** A-RELEASE-RQ. */
    record ReleaseRequest() implements Pdu {
        @Override
        public String title() {
            return "A-RELEASE-RQ";
        }
    }

    /** A-RELEASE-RP. */
    record ReleaseReply() implements Pdu {
        @Override
        public String title() {
            return "A-RELEASE-RP";
        }
    }

    /** A-ABORT. */
    record Abort(int source, int reason) implements Pdu {
        @Override
        public String title() {
            return "A-ABORT";
        }
    }
}
