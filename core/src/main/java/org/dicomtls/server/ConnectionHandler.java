package org.dicomtls.server;

import java.io.IOException;

/** What a server does with a connection, for example serve one DICOM association. */
@FunctionalInterface
public interface ConnectionHandler {

    /**
     * Serves the connection to its end, on a thread of its own; when this returns, or throws, the connection is closed. It
     * bounds its own waiting, by timeouts of the socket for one.
     *
     * @throws IOException when the connection ends before its time; it is logged and concerns nobody else
     */
    void serve(AcceptedConnection connection) throws IOException;
}
