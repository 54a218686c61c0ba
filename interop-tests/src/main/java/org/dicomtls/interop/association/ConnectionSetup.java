package org.dicomtls.interop.association;

import java.io.IOException;
import java.net.Socket;

/**
 * What is done with an accepted connection before DICOM begins on it, such as a handshake of some TLS without a policy; under
 * a policy the server itself shakes hands.
 */
@FunctionalInterface
public interface ConnectionSetup {
    /** Nothing: plain TCP. */
    ConnectionSetup PLAIN = accepted -> accepted;

    /**
     * Makes the accepted socket ready, on the connection's own thread. The socket is closed by the server when the setup
     * takes too long or fails; closing the socket that is returned must close the accepted one.
     *
     * @return the socket to speak DICOM on
     * @throws IOException when the connection is refused
     */
    Socket prepare(Socket accepted) throws IOException;
}
