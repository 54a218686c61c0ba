package org.dicomtls.interop.probe;

import java.util.Map;
import org.dicomtls.rule.Facts;

/**
 * What the questions to a server brought to light.
 *
 * @param own what the server does and presents
 * @param accepting the same, with the certificates that it takes from clients
 * @param absent of what the server has none, and how that is known
 * @param open why something is not known
 * @param connections how many were opened
 * @param millis how long it took
 * @param silent whether the server was silent so often that asking was stopped
 */
public record Survey(
        Facts own,
        Facts accepting,
        Map<Object, String> absent,
        Map<Object, String> open,
        int connections,
        long millis,
        boolean silent) {}
