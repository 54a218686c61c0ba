package org.dicomtls.interop.association;

import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * An association that was accepted.
 *
 * @param peer the address of the requestor
 * @param contexts what both ends agreed on; may be empty
 * @param peerImplementation what the requestor calls its implementation: the version name or else the class UID
 */
public record AssociationDescription(
        SocketAddress peer,
        String callingAeTitle,
        String calledAeTitle,
        List<AcceptedContext> contexts,
        Optional<String> peerImplementation) {
    public AssociationDescription {
        contexts = List.copyOf(contexts);
    }
}
