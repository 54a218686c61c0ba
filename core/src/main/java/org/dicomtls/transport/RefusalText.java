package org.dicomtls.transport;

import org.dicomtls.rule.Rule;
import org.dicomtls.tls.AlertDescription;

/** The one line that all refusals have. */
final class RefusalText {

    private RefusalText() {}

    static String of(
            String problem,
            String offered,
            String wanted,
            Rule rule,
            AlertDescription alert,
            boolean byPeer,
            String remedy) {
        StringBuilder text = new StringBuilder(problem);
        part(text, "offered", offered);
        part(text, "wanted", wanted);
        if (rule != null) {
            part(text, "rule", rule.id() + " (" + rule.clause() + ")");
        }
        if (alert != null) {
            part(text, byPeer ? "alert received" : "alert sent", alert.toString());
        }
        part(text, "remedy", remedy);
        return text.toString();
    }

    private static void part(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("; ").append(name).append(": ").append(value);
        }
    }
}
