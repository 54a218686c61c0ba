package org.dicomtls.transport;

import java.util.Map;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Loaded only where the module jdk.jfr is there. The names of events and fields are stable. */
final class JdkFlightRecorder extends FlightRecorder {

    /** From the beginning of a handshake to its end. */
    @Name("dicomtls.Handshake")
    @Label("DICOM TLS Handshake")
    @Category("DICOM TLS")
    @Description("A handshake that was finished under a profile")
    @StackTrace(false)
    static final class HandshakeEvent extends Event implements Handshake {
        @Label("Connection")
        long connection;

        @Label("Profile")
        String profile;

        @Label("Engine")
        String engine;

        @Label("Our End")
        String end;

        @Label("Peer Address")
        String peer;

        @Label("Local Address")
        String local;

        @Label("TLS Version")
        String version;

        @Label("Cipher Suite")
        String suite;

        @Label("Group")
        String group;

        @Label("Signature Scheme of the Server")
        String scheme;

        @Label("Subject of the Peer")
        String peerSubject;

        @Label("SHA-256 of the Peer's Certificate")
        String peerSha256;

        @Label("Resumed")
        boolean resumed;

        @Override
        public void established(Negotiated negotiated) {
            end();
            if (!shouldCommit()) {
                return;
            }
            TransportConnection about = negotiated.connection();
            connection = about.number();
            profile = about.profile();
            engine = about.engine().id();
            end = about.end().title();
            peer = about.peerText();
            local = about.localText();
            Map<String, String> facts = negotiated.facts();
            version = facts.get("version");
            suite = facts.get("suite");
            group = facts.get("group");
            scheme = facts.get("scheme");
            peerSubject = facts.get("peerSubject");
            peerSha256 = facts.get("peerSha256");
            resumed = negotiated.resumed();
            commit();
        }
    }

    /** The moment of a refusal. */
    @Name("dicomtls.Refusal")
    @Label("DICOM TLS Refusal")
    @Category("DICOM TLS")
    @Description("A connection or an association that was refused, by this end or by the peer")
    @StackTrace(false)
    static final class RefusalEvent extends Event {
        @Label("Connection")
        long connection;

        @Label("Profile")
        String profile;

        @Label("Engine")
        String engine;

        @Label("Our End")
        String end;

        @Label("Peer Address")
        String peer;

        @Label("Local Address")
        String local;

        @Label("Kind")
        String kind;

        @Label("Phase")
        String phase;

        @Label("By the Peer")
        boolean byPeer;

        @Label("Rule")
        String rule;

        @Label("Alert")
        String alert;

        @Label("Problem")
        String problem;

        @Label("Offered")
        String offered;

        @Label("Wanted")
        String wanted;

        @Label("Remedy")
        String remedy;
    }

    @Override
    Handshake begin() {
        HandshakeEvent event = new HandshakeEvent();
        if (!event.isEnabled()) {
            return Handshake.NOT_RECORDED;
        }
        event.begin();
        return event;
    }

    @Override
    void refused(Refusal refusal) {
        RefusalEvent event = new RefusalEvent();
        if (!event.shouldCommit()) {
            return;
        }
        TransportConnection about = refusal.connection();
        event.connection = about.number();
        event.profile = about.profile();
        event.engine = about.engine().id();
        event.end = about.end().title();
        event.peer = about.peerText();
        event.local = about.localText();
        event.kind = refusal.kind().key();
        event.phase = refusal.phase().name();
        event.byPeer = refusal.byPeer();
        event.rule = refusal.rule().map(rule -> rule.id()).orElse(null);
        event.alert = refusal.alert().map(Object::toString).orElse(null);
        event.problem = refusal.problem();
        event.offered = refusal.offered();
        event.wanted = refusal.wanted();
        event.remedy = refusal.remedy();
        event.commit();
    }
}
