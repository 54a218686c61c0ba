package org.dicomtls.interop.association;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/** Decides whether whoever is at the other end of a connection may call itself by an AE title. */
@FunctionalInterface
public interface Admission {

    /** Everybody may call itself as it likes. */
    Admission ANYBODY = (connection, callingAeTitle) -> Optional.empty();

    /**
     * Why an association is rejected with "calling AE title not recognized" (PS3.8 §9.3.4); empty if it is not.
     *
     * @param connection on which the association is asked for, its handshake done
     */
    Optional<IOException> objection(Socket connection, String callingAeTitle);
}
