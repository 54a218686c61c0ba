package org.dicomtls.interop.peer;

import java.util.List;

/** A peer that a module of its own brings, where that was not built: it is skipped by name, not passed over. */
record NotBuilt(String id, String title, String remedy) implements Peer {

    static final NotBuilt DCM4CHE =
            new NotBuilt("dcm4che", "dcm4che", "takes part where its module was built: mvn -Pdcm4che package");

    @Override
    public Presence presence() {
        return Presence.missing(remedy);
    }

    @Override
    public List<PeerConfiguration> configurations() {
        return List.of();
    }
}
