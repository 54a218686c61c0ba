package org.dicomtls.audittrail;

import java.util.Objects;
import java.util.function.Predicate;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.TransportListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a Security Alert of each refusal of a transport and gives it to a sink. Hand it to {@code
 * SecureTransport.Builder.listener}.
 */
public final class AuditTrail implements TransportListener {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    private final AuditSource source;
    private final AuditSink sink;
    private final Predicate<Refusal> which;

    private AuditTrail(AuditSource source, AuditSink sink, Predicate<Refusal> which) {
        this.source = Objects.requireNonNull(source, "source");
        this.sink = Objects.requireNonNull(sink, "sink");
        this.which = Objects.requireNonNull(which, "which");
    }

    /** A trail of every refusal. */
    public static AuditTrail of(AuditSource source, AuditSink sink) {
        return new AuditTrail(source, sink, refusal -> true);
    }

    /**
     * The same, of these refusals only: a node that is asked every few seconds by a health check may want to leave out
     * {@link org.dicomtls.transport.RefusalKind#NOTHING_SENT}.
     */
    public AuditTrail only(Predicate<Refusal> value) {
        return new AuditTrail(source, sink, value);
    }

    @Override
    public void refused(Refusal refusal) {
        if (DeliveryThread.isCurrent() || !which.test(refusal)) {
            // A refusal on the way to the repository, reported by the delivery itself: an alert for each attempt to
            // deliver an alert would never end.
            return;
        }
        try {
            sink.accept(SecurityAlert.of(source, refusal));
        } catch (AuditNotRecordedException e) {
            LOG.error("audit message not recorded: {}; refusal: {}", e.getMessage(), refusal.text());
        }
    }
}
