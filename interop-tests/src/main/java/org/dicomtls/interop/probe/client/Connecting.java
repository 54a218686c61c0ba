package org.dicomtls.interop.probe.client;

/** A client that can be told to connect: a lambda of a vendor, or a command. */
@FunctionalInterface
public interface Connecting {

    /**
     * Opens one connection, sends a C-ECHO or whatever the client does, and closes it. That it fails is what most cases
     * want; what it throws is not looked at.
     */
    void connect(String host, int port) throws Exception;
}
