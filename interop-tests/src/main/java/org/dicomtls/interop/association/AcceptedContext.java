package org.dicomtls.interop.association;

/**
 * A presentation context on which both ends agreed.
 *
 * @param id its number in the association
 * @param abstractSyntax the SOP class UID
 * @param transferSyntax the one that the acceptor chose
 */
public record AcceptedContext(int id, String abstractSyntax, String transferSyntax) {}
