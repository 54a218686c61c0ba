package org.dicomtls.transport;

import java.io.IOException;
import java.nio.file.Path;
import org.dicomtls.policy.Engine;

/**
 * A server on engine jdk in a JVM of its own, because only a property of the whole JVM lets it staple. Prints its port and
 * ends with its standard input.
 */
final class StaplingServer {

    private StaplingServer() {}

    /** Arguments: the files of certificate and key. */
    public static void main(String[] arguments) throws Exception {
        SecureTransport transport = SecureTransport.of(TestProfiles.WIDE)
                .engine(Engine.JDK)
                .identity(Identity.pem(Path.of(arguments[0]), Path.of(arguments[1])))
                .trust(Trust.none())
                .clientAuthentication(false)
                .build();
        try (Accepting server = new Accepting(transport.sslContext())) {
            System.out.println("port " + server.port());
            while (System.in.read() >= 0) {
                // Until the test has ended.
            }
        } catch (IOException e) {
            System.out.println(e);
        }
        System.exit(0);
    }
}
