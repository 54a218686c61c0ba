/**
 * A small DICOM upper layer (PS3.8) over any {@link java.net.Socket}, with C-ECHO and C-STORE (PS3.7) on top. It
 * neither knows nor cares whether the socket carries TLS: {@link org.dicomtls.interop.association.Association} is the
 * requesting end, {@link org.dicomtls.interop.association.AssociationAcceptor} the accepting end of one connection,
 * and {@link org.dicomtls.interop.association.DicomServer} accepts many. All that a peer sends is bounded before memory
 * is set aside for it, and every wait has a deadline.
 */
package org.dicomtls.interop.association;
