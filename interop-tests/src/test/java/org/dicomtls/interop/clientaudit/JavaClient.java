package org.dicomtls.interop.clientaudit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;

/**
 * A client on the defaults of the JVM that it is run by, which is another one than that of the tests. It serves all cases,
 * because a JVM for each takes long.
 */
final class JavaClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private JavaClient() {}

    /** Reads {@code host port} from standard input, and answers each with a line. */
    public static void main(String[] words) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var answers = System.out;
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] order = line.split(" ");
            String answer = "done";
            try {
                connect(words[0], order[0], Integer.parseInt(order[1]));
            } catch (IOException | RuntimeException e) {
                answer = "failed";
            }
            answers.println(answer);
            answers.flush();
        }
    }

    private static void connect(String kind, String host, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket socket = (SSLSocket) factory.createSocket(host, port)) {
            if (kind.equals("https")) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            try (Association association =
                    Association.open(socket, "JSSE", "ANY-SCP", PresentationContext.verification(), TIMEOUT)) {
                association.echo();
                association.release();
            }
        }
    }
}
