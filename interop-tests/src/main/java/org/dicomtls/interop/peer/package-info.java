/**
 * DICOM systems of others, behind one interface: what they are, what they offer and accept, and how they are started. A
 * lab implements {@link org.dicomtls.interop.peer.Peer} for a device of its own.
 */
package org.dicomtls.interop.peer;
