package org.dicomtls.audittrail;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.dicomtls.audittrail.AuditMessage.AccessPoint;
import org.dicomtls.audittrail.AuditMessage.Action;
import org.dicomtls.audittrail.AuditMessage.ActiveParticipant;
import org.dicomtls.audittrail.AuditMessage.Detail;
import org.dicomtls.audittrail.AuditMessage.Event;
import org.dicomtls.audittrail.AuditMessage.Outcome;
import org.dicomtls.audittrail.AuditMessage.ParticipantObject;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.PeerCertificateException;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;

/**
 * The Security Alert of PS3.15 A.5.3.11. Each alert carries an id of its own, so that a repository can tell one that
 * arrives twice from two alike; the same alert is always the same octets.
 */
public final class SecurityAlert {

    /** The family of events. */
    public static final Code SECURITY_ALERT = Code.dcm("110113", "Security Alert");

    /** A node was, or was not, authenticated (CID 403). */
    public static final Code NODE_AUTHENTICATION = Code.dcm("110126", "Node Authentication");

    /** Audit messages were not recorded (CID 403). */
    public static final Code AUDIT_RECORDING_STOPPED = Code.dcm("110133", "Audit Recording Stopped");

    /** The alert's subject is given by the identity of a node. */
    public static final Code NODE_ID = Code.dcm("110182", "Node ID");

    /** The alert's subject is given by a URI. */
    public static final Code URI = new Code("12", "RFC-3881", "URI");

    /** The only detail that A.5.3.11 demands. */
    public static final String ALERT_DESCRIPTION = "Alert Description";

    // Octets of texts that peers have a say in. Each may grow sixfold in XML, and an alert is to stay below the 8192 octets
    // that RFC 5425 §4.3 recommends every receiver to take.
    private static final int DESCRIPTION = 1400;
    private static final int CLAUSE = 120;
    private static final int NAME = 128;
    private static final int HOST = 64;

    /** ParticipantObjectTypeCodeRole Security Resource. */
    private static final int SECURITY_RESOURCE = 13;

    private SecurityAlert() {}

    /**
     * The alert for a refusal: event type Node Authentication, the peer as the subject.
     *
     * @param source the node that reports
     */
    public static AuditMessage of(AuditSource source, Refusal refusal) {
        Peer peer = Peer.of(refusal.connection().peer());
        Optional<X509Certificate> certificate = certificate(refusal);
        Optional<String> peerAeTitle = refusal.end() == Role.SERVER ? refusal.callingAeTitle() : refusal.calledAeTitle();
        Event event = new Event(
                SECURITY_ALERT,
                Action.EXECUTE,
                refusal.time(),
                outcome(refusal),
                List.of(NODE_AUTHENTICATION),
                Optional.of(AuditText.clean(refusal.problem(), CLAUSE)));
        ActiveParticipant other = new ActiveParticipant(
                peer.id(),
                peerAeTitle.filter(title -> !title.isBlank()).map(title -> "AETITLES=" + title),
                certificate.map(SecurityAlert::subject),
                false,
                List.of(),
                peer.accessPoint());
        List<Detail> details = new ArrayList<>();
        details.add(new Detail(ALERT_DESCRIPTION, AuditText.clean(refusal.text(), DESCRIPTION)));
        details.add(new Detail("Refusal Kind", refusal.kind().key()));
        details.add(new Detail("Refused By", refusal.byPeer() ? "the peer" : "this node"));
        details.add(new Detail("Profile", refusal.connection().profile()));
        refusal.rule().ifPresent(rule -> details.add(new Detail("Rule", rule.id() + " (" + rule.clause() + ")")));
        details.add(new Detail("Peer Address", refusal.connection().peerText()));
        details.add(new Detail("Local Address", refusal.connection().localText()));
        certificate.ifPresent(c -> details.add(new Detail("Peer Certificate SHA-256", fingerprint(c))));
        return alert(source, event, refusal.end() == Role.CLIENT, Optional.of(other), peer.subject(details));
    }

    /**
     * The alert that audit messages were lost, once it can be recorded: the one thing that a repository cannot find out
     * by itself.
     *
     * @param count how many
     * @param from when the first was lost
     * @param until when the last was lost
     */
    static AuditMessage recordingStopped(AuditSource source, long count, Instant from, Instant until, String why) {
        String text = count + " audit " + (count == 1 ? "message was" : "messages were") + " not recorded from "
                + AuditXml.time(from) + " until " + AuditXml.time(until) + ": " + why;
        Event event = new Event(
                SECURITY_ALERT,
                Action.EXECUTE,
                from,
                Outcome.MAJOR_FAILURE,
                List.of(AUDIT_RECORDING_STOPPED),
                Optional.of(AuditText.clean(text, CLAUSE)));
        List<Detail> details = new ArrayList<>();
        details.add(new Detail(ALERT_DESCRIPTION, AuditText.clean(text, DESCRIPTION)));
        details.add(new Detail("Messages", Long.toString(count)));
        return alert(source, event, true, Optional.empty(), Peer.ofHost(source.node()).subject(details));
    }

    private static AuditMessage alert(
            AuditSource source,
            Event event,
            boolean requestor,
            Optional<ActiveParticipant> other,
            ParticipantObject subject) {
        List<ActiveParticipant> participants = new ArrayList<>();
        participants.add(new ActiveParticipant(
                Long.toString(ProcessHandle.current().pid()),
                source.aeTitles().isEmpty()
                        ? Optional.empty()
                        : Optional.of("AETITLES=" + String.join(";", source.aeTitles())),
                Optional.of(source.application()),
                requestor,
                List.of(),
                Peer.ofHost(source.node()).accessPoint()));
        other.ifPresent(participants::add);
        return new AuditMessage(event, participants, source, List.of(subject));
    }

    /**
     * Never {@link Outcome#MAJOR_FAILURE}: whatever is refused has not come about. Serious is what says that somebody
     * may be another than he claims to be or that somebody is in between; minor, what a wrong configuration, a broken
     * network or foreign traffic bring about every day.
     */
    static Outcome outcome(Refusal refusal) {
        RefusalKind kind = refusal.kind();
        return switch (kind) {
            case SHUTTING_DOWN -> Outcome.SUCCESS;
            case DOWNGRADE, INTEGRITY, OUTSIDE_POLICY, RENEGOTIATION, RECORD_DAMAGED, ASSOCIATION_AE_TITLE ->
                    Outcome.SERIOUS_FAILURE;
            default -> {
                String family = kind.key().substring(0, kind.key().indexOf('.'));
                yield family.equals("certificate") || family.equals("own-certificate")
                        ? Outcome.SERIOUS_FAILURE
                        : Outcome.MINOR_FAILURE;
            }
        };
    }

    private static Optional<X509Certificate> certificate(Refusal refusal) {
        Throwable failure = (Throwable) refusal;
        for (int depth = 0; failure != null && depth < 10; depth++) {
            if (failure instanceof PeerCertificateException refused) {
                return Optional.of(refused.certificate());
            }
            failure = failure.getCause();
        }
        return Optional.empty();
    }

    private static String subject(X509Certificate certificate) {
        return AuditText.clean(certificate.getSubjectX500Principal().getName(), NAME);
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            return "unknown";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * A node as A.5.3.11 has it.
     *
     * @param id the address or the name
     * @param name for people, with the port where there is one
     */
    private record Peer(String id, String name, boolean address, boolean known) {

        static Peer of(Optional<InetSocketAddress> at) {
            if (at.isEmpty()) {
                return new Peer("unknown", "unknown", false, false);
            }
            InetSocketAddress socket = at.get();
            if (socket.isUnresolved()) {
                String host = AuditText.clean(socket.getHostString(), HOST);
                return host.isEmpty()
                        ? new Peer("unknown", "unknown", false, false)
                        : new Peer(host, host + ":" + socket.getPort(), false, true);
            }
            String host = withoutZone(socket.getAddress().getHostAddress());
            return new Peer(
                    host, (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort(), true, true);
        }

        /** By its name or address, which is one if it consists of digits and what stands between them. */
        static Peer ofHost(String host) {
            boolean address = host.matches("[0-9]+(\\.[0-9]+){3}") || host.contains(":");
            return new Peer(host, host, address, true);
        }

        /** The zone of a link-local address names an interface of this node. */
        private static String withoutZone(String address) {
            int zone = address.indexOf('%');
            return zone < 0 ? address : address.substring(0, zone);
        }

        Optional<AccessPoint> accessPoint() {
            return known ? Optional.of(new AccessPoint(id, address)) : Optional.empty();
        }

        /** An IP address or {@code node_name@domain_name} is a Node ID; what is neither goes as a URI. */
        ParticipantObject subject(List<Detail> details) {
            details.add(new Detail("Alert ID", UUID.randomUUID().toString()));
            int dot = id.indexOf('.');
            Code type = address || dot > 0 && dot < id.length() - 1 ? NODE_ID : URI;
            String node = address ? id : type == NODE_ID ? id.substring(0, dot) + "@" + id.substring(dot + 1) : uri();
            return new ParticipantObject(node, type, Optional.of(SECURITY_RESOURCE), name, details);
        }

        private String uri() {
            return "dicom-tls://" + name.replaceAll("[^A-Za-z0-9.:_-]", "_");
        }
    }
}
