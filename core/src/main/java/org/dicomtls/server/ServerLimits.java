package org.dicomtls.server;

import java.util.OptionalInt;

/**
 * How much a server takes at once. Connections that wait for their client's first octets, or for a place, cost little and
 * no thread; they are the first to be given up when there is no room, those first that have waited longest, of the address
 * that has most of them, so that a flood of such from one address does not lock out others. All limits together bound
 * memory and threads: docs/serve.md has the figures for each connection.
 *
 * @param connections the most connections, whatever their state
 * @param perAddress the most connections of one address (of one /64 network in IPv6); empty leaves an eighth of the
 *     places to others
 * @param handshakes the most handshakes at once; each has a thread
 * @param established the most connections with the handler at once; each has a thread, and more wait for their handshake
 */
public record ServerLimits(int connections, OptionalInt perAddress, int handshakes, int established) {

    private static final ServerLimits DEFAULTS = new ServerLimits(4096, OptionalInt.empty(), 128, 1024);

    public ServerLimits {
        requireAtLeastOne(connections, "connections");
        requireAtLeastOne(handshakes, "handshakes");
        requireAtLeastOne(established, "established connections");
        perAddress.ifPresent(most -> requireAtLeastOne(most, "connections of one address"));
    }

    private static void requireAtLeastOne(int most, String what) {
        if (most < 1) {
            throw new IllegalArgumentException("a limit of " + most + " " + what);
        }
    }

    /** 4096 connections, of which 3584 of one address, 128 handshakes and 1024 established connections at once. */
    public static ServerLimits defaults() {
        return DEFAULTS;
    }

    public ServerLimits withConnections(int most) {
        return new ServerLimits(most, perAddress, handshakes, established);
    }

    public ServerLimits withPerAddress(int most) {
        return new ServerLimits(connections, OptionalInt.of(most), handshakes, established);
    }

    public ServerLimits withHandshakes(int most) {
        return new ServerLimits(connections, perAddress, most, established);
    }

    public ServerLimits withEstablished(int most) {
        return new ServerLimits(connections, perAddress, handshakes, most);
    }

    /** The most connections of one address, set or not. */
    public int mostOfOneAddress() {
        return Math.min(connections, perAddress.orElse(connections - connections / 8));
    }
}
