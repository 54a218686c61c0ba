package org.dicomtls.interop.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dicomtls.interop.audit.Node;

/**
 * Names of files for the reports of nodes: {@code PACS_pacs.example_2762_bcp195-nd}. The same node has the same name in
 * every run, unless the list gains a node of a name that differs in nothing but what file names cannot show.
 */
final class ReportNames {

    private static final int LONGEST_HOST = 100;

    private ReportNames() {}

    /** A name for each node, without an ending; no two are equal, not even where case does not count. */
    static List<String> of(List<Node> nodes) {
        Map<String, Integer> plain = new HashMap<>();
        nodes.forEach(node -> plain.merge(name(node).toLowerCase(Locale.ROOT), 1, Integer::sum));
        return nodes.stream()
                .map(node -> plain.get(name(node).toLowerCase(Locale.ROOT)) == 1 && isExact(node)
                        ? name(node)
                        : name(node) + "-" + digest(node))
                .toList();
    }

    private static String name(Node node) {
        String host = node.host().length() > LONGEST_HOST ? node.host().substring(0, LONGEST_HOST) : node.host();
        String name = safe(node.aeTitle()) + "_" + safe(host) + "_" + node.port() + "_" + node.profile().id();
        return name.startsWith(".") || name.startsWith("-") ? "_" + name.substring(1) : name;
    }

    /** Whether the name says all that the node is. */
    private static boolean isExact(Node node) {
        return name(node).equals(node.aeTitle() + "_" + node.host() + "_" + node.port() + "_" + node.profile().id());
    }

    /** Letters, digits, dot and hyphen of ASCII stay; nothing that a file system or a shell could take for more. */
    private static String safe(String text) {
        return text.replaceAll("[^A-Za-z0-9.-]", "_");
    }

    private static String digest(Node node) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(node.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
