package org.dicomtls.transport;

import java.security.Provider;
import java.security.Security;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.dicomtls.policy.Engine;

/** Prints what building and using transports changes in a fresh JVM; "unchanged" when that is nothing. */
final class Footprint {

    private Footprint() {}

    public static void main(String[] arguments) throws Exception {
        TimeZone.getDefault(); // sets user.timezone, as any use of a date does
        SSLContext standard = SSLContext.getDefault();
        Object factory = HttpsURLConnection.getDefaultSSLSocketFactory();
        Map<String, String> before = snapshot();
        for (Engine client : Engine.values()) {
            for (Engine server : Engine.values()) {
                Loopback.run(Transports.client(client), Transports.server(server))
                        .client()
                        .established();
            }
        }
        Map<String, String> after = snapshot();
        if (SSLContext.getDefault() != standard) {
            System.out.println("SSLContext.getDefault");
        }
        if (HttpsURLConnection.getDefaultSSLSocketFactory() != factory) {
            System.out.println("HttpsURLConnection.getDefaultSSLSocketFactory");
        }
        before.forEach((key, value) -> {
            if (!value.equals(after.get(key))) {
                System.out.println(key + ": " + value + " -> " + after.get(key));
            }
        });
        after.forEach((key, value) -> {
            if (!before.containsKey(key)) {
                System.out.println(key + ": new: " + value);
            }
        });
        System.out.println("compared " + before.size() + (after.equals(before) ? ", unchanged" : ""));
    }

    private static Map<String, String> snapshot() {
        Map<String, String> all = new TreeMap<>();
        System.getProperties().forEach((key, value) -> all.put("system " + key, String.valueOf(value)));
        for (String name : new String[] {
            "jdk.tls.disabledAlgorithms", "jdk.tls.legacyAlgorithms", "jdk.tls.keyLimits", "jdk.certpath.disabledAlgorithms",
            "jdk.security.legacyAlgorithms", "jdk.disabled.namedCurves", "ssl.KeyManagerFactory.algorithm",
            "ssl.TrustManagerFactory.algorithm", "ssl.SocketFactory.provider", "ssl.ServerSocketFactory.provider",
            "ocsp.enable", "crypto.policy", "keystore.type"
        }) {
            all.put("security " + name, String.valueOf(Security.getProperty(name)));
        }
        all.put("providers", Stream.of(Security.getProviders()).map(Provider::getName).toList().toString());
        return all;
    }
}
