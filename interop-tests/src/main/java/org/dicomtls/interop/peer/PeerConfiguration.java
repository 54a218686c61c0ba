package org.dicomtls.interop.peer;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.rule.Role;

/**
 * One way to run a peer. Started at most once in each role at a time; a server is kept up for all cells that need it, and
 * cells do not overlap at the same server or client.
 */
public interface PeerConfiguration {

    /** A short name, such as {@code bcp195-nd}; see {@link Peer#id}. */
    String id();

    /** What is particular about it, for people: the decisive options, say. */
    String title();

    /** The roles in which it is run: as the server that our clients call, as the client that calls our servers. */
    Set<Role> roles();

    /**
     * Whether it stores: as a server that it takes C-STORE and {@link PeerServer#stored} finds what came, as a client that
     * it sends what {@link PeerClient#store} is given.
     */
    boolean stores(Role role);

    /**
     * Whether DICOM can be spoken with it in that role. A server with which it cannot is to send back every line of text,
     * which is then tried instead of a C-ECHO.
     */
    default boolean speaksDicom(Role role) {
        return true;
    }

    /**
     * What it offers as a client, written from its documentation and its measured ClientHello; empty to have it measured
     * before the run.
     */
    default Optional<ClientModel> clientModel() {
        return Optional.empty();
    }

    /** What it accepts as a server, and how it chooses; empty to have it measured before the run. */
    default Optional<ServerModel> serverModel() {
        return Optional.empty();
    }

    /**
     * Starts it as a server on loopback and returns when it takes connections.
     *
     * @throws IOException when it cannot be started; the message says why
     */
    PeerServer serve(Bench bench) throws IOException, InterruptedException;

    /**
     * Makes it ready as a client.
     *
     * @throws IOException when it cannot be started; the message says why
     */
    PeerClient client(Bench bench) throws IOException, InterruptedException;
}
