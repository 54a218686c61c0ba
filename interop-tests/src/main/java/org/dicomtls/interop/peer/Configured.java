package org.dicomtls.interop.peer;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.rule.Role;

/**
 * A configuration put together of its parts.
 *
 * @param stored the roles in which it stores
 * @param echoesLines whether its server knows no DICOM
 * @param server how it is started as a server; empty if it is none
 * @param client how it is made ready as a client; empty if it is none
 */
record Configured(
        String id,
        String title,
        Set<Role> stored,
        boolean echoesLines,
        Optional<ClientModel> clientModel,
        Optional<ServerModel> serverModel,
        Optional<Start<PeerServer>> server,
        Optional<Start<PeerClient>> client)
        implements PeerConfiguration {

    interface Start<T> {
        T on(Bench bench) throws IOException, InterruptedException;
    }

    /** One that is to be filled. */
    static Configured of(String id, String title) {
        return new Configured(
                id, title, Set.of(), false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    Configured serving(Optional<ServerModel> model, Start<PeerServer> start) {
        return new Configured(
                id, title, stored, echoesLines, clientModel, model, Optional.of(start), client);
    }

    Configured calling(Optional<ClientModel> model, Start<PeerClient> start) {
        return new Configured(
                id, title, stored, echoesLines, model, serverModel, server, Optional.of(start));
    }

    Configured storing(Role... in) {
        return new Configured(id, title, Set.of(in), echoesLines, clientModel, serverModel, server, client);
    }

    /** Its server knows no DICOM and sends back lines of text. */
    Configured echoingLines() {
        return new Configured(id, title, stored, true, clientModel, serverModel, server, client);
    }

    @Override
    public boolean speaksDicom(Role role) {
        return role == Role.CLIENT || !echoesLines;
    }

    @Override
    public Set<Role> roles() {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        server.ifPresent(s -> roles.add(Role.SERVER));
        client.ifPresent(c -> roles.add(Role.CLIENT));
        return roles;
    }

    @Override
    public boolean stores(Role role) {
        return stored.contains(role);
    }

    @Override
    public PeerServer serve(Bench bench) throws IOException, InterruptedException {
        return server.orElseThrow(() -> new IOException(id + " is no server")).on(bench);
    }

    @Override
    public PeerClient client(Bench bench) throws IOException, InterruptedException {
        return client.orElseThrow(() -> new IOException(id + " is no client")).on(bench);
    }
}
