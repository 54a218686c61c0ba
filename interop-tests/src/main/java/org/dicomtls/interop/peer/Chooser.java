package org.dicomtls.interop.peer;

/** Whose order of preference decides between things that both ends have. */
public enum Chooser {
    SERVER,
    CLIENT
}
