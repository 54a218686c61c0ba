package org.dicomtls.server;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Whom connections are counted for: an IPv4 address, or the /64 network of an IPv6 address, of which one host has as many
 * addresses as it likes.
 */
record AddressBlock(boolean six, long prefix) {

    static AddressBlock of(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4
                ? new AddressBlock(false, ByteBuffer.wrap(octets).getInt())
                : new AddressBlock(true, ByteBuffer.wrap(octets).getLong());
    }
}
