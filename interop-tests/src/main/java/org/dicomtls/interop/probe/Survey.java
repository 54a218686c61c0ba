package org.dicomtls.interop.probe;

import java.util.List;
import java.util.Map;
import org.dicomtls.rule.Facts;

/**
 * What the questions to a server brought to light.
 *
 * @param own what the server does and presents
 * @param accepting the same, with the certificates that it takes from clients
 * @param absent of what the server has none, and how that is known
 * @param open why something is not known
 * @param remarks what was seen besides and no rule is about, such as intolerance of GREASE
 * @param connections how many were opened
 * @param millis how long it took
 * @param silent whether the server was silent so often that asking was stopped
 */
public record Survey(
        Facts own,
        Facts accepting,
        Map<Object, String> absent,
        Map<Object, String> open,
        List<String> remarks,
        int connections,
        long millis,
        boolean silent) {
    public Survey {
        absent = Map.copyOf(absent);
        open = Map.copyOf(open);
        remarks = List.copyOf(remarks);
    }
}
