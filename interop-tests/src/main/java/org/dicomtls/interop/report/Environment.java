package org.dicomtls.interop.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Where a report was made: TLS behaviour differs by JDK and engine version, so every report names them.
 *
 * @param java version and vendor of the JDK
 * @param bouncyCastle version of Bouncy Castle
 * @param os operating system
 * @param processors processors that the JVM sees
 */
public record Environment(String java, String bouncyCastle, String os, int processors) {

    /** The version of this program. */
    public static final String VERSION = "0.1.0";

    /** The environment of this JVM. */
    public static Environment here() {
        return new Environment(
                System.getProperty("java.vm.version") + " (" + System.getProperty("java.vendor") + ")",
                new BouncyCastleProvider().getVersionStr(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    }

    /** As a JSON object. */
    public ObjectNode json() {
        return Json.object()
                .put("dicomTls", VERSION)
                .put("java", java)
                .put("bouncyCastle", bouncyCastle)
                .put("os", os)
                .put("processors", processors);
    }

    @Override
    public String toString() {
        return "JDK " + java + ", Bouncy Castle " + bouncyCastle + ", " + os + ", " + processors + " processors";
    }
}
