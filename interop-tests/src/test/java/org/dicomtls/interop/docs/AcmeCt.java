package org.dicomtls.interop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.Presence;
import org.dicomtls.interop.run.Interop;
import org.dicomtls.interop.run.InteropRun;
import org.dicomtls.policy.Engine;

/** A device of a lab, as docs/interop.md shows it. */
public final class AcmeCt implements Peer {
    public String id() { return "acme-ct"; }
    public String title() { return "ACME CT"; }
    public Presence presence() { return Presence.installed("4.2"); }
    public List<PeerConfiguration> configurations() { return List.of(); }
}

/** A test of it. */
final class AcmeRun {

    private AcmeRun() {}

    static void run() throws Exception {
        Interop run = InteropRun.of(
                Matrix.enforceable(), List.of(Engine.values()), List.of(new AcmeCt()), InteropRun.Place.LOOPBACK, InteropRun.Progress.NONE);
        assertThat(run.disagreeing()).isEmpty();
    }
}
