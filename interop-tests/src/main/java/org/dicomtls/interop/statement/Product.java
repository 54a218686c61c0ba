package org.dicomtls.interop.statement;

import java.util.List;
import org.dicomtls.interop.association.AeTitle;

/**
 * The product that a statement is about, as far as the rules do not know it.
 *
 * @param name as the vendor calls it
 * @param aeTitles the application entities that are secured; empty for all
 * @param port on which it accepts TLS, 1 to 65535
 */
public record Product(String name, List<String> aeTitles, int port) {
    public Product {
        aeTitles = aeTitles.stream().map(AeTitle::require).toList();
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is outside 1…65535");
        }
    }
}
