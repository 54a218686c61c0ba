package org.dicomtls.interop.report;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What the libraries below log. */
public final class Logs {

    private static Logger bouncyCastle;

    private Logs() {}

    /**
     * Has nothing of it on standard error, unless the environment variable {@code DICOM_TLS_LOG} names a level: refusals are
     * printed by the commands themselves, and logs are for those who embed the library. To be called before anything is logged.
     */
    public static void quiet() {
        String level = System.getenv("DICOM_TLS_LOG");
        System.getProperties().putIfAbsent("org.slf4j.simpleLogger.defaultLogLevel", level == null ? "off" : level);
        if (level == null) {
            bouncyCastle = Logger.getLogger("org.bouncycastle"); // held, or the level is lost with the logger
            bouncyCastle.setLevel(Level.OFF);
        }
    }
}
