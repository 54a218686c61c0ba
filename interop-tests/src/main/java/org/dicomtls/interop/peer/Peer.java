package org.dicomtls.interop.peer;

import java.util.List;

/**
 * A DICOM system of somebody else, or of a lab, that the interop run connects to and is called by.
 *
 * <p>An implementation has a public constructor without parameters. It is found by {@link java.util.ServiceLoader} when
 * its class is named in {@code META-INF/services/org.dicomtls.interop.peer.Peer}, or it is named on the command line.
 * Its methods may be called by several threads.
 */
public interface Peer {

    /** A short name for command lines and reports: lower-case letters, digits, dots and hyphens, such as {@code dcmtk}. */
    String id();

    /** Its name for people, such as {@code DCMTK}. */
    String title();

    /** Whether it is there, in which version, or what to install; asked once, before anything is started. */
    Presence presence() throws InterruptedException;

    /** The configurations that it is run in, each with an id of its own; asked only if it is present. */
    List<PeerConfiguration> configurations() throws InterruptedException;
}
