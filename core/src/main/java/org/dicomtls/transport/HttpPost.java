package org.dicomtls.transport;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST over HTTP/1.0 on a connection of its own, within a time and a size. The JDK's own clients leave threads behind,
 * and {@code HttpURLConnection} reads on in the background, without end, from a server that drips. Proxies are those of
 * the JVM. Redirections are not followed.
 */
final class HttpPost implements Closeable {

    private static final int LONGEST_HEAD = 1 << 14;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");

    private final URI uri;
    private final long end;
    private final int largest;
    private volatile Socket socket;
    private volatile boolean closed;

    /**
     * A POST to that http or https URI.
     *
     * @param end by {@link System#nanoTime()}
     * @param largest of the answer's body, in octets
     */
    HttpPost(URI uri, long end, int largest) {
        this.uri = uri;
        this.end = end;
        this.largest = largest;
    }

    /**
     * Sends a body of that type and returns the one that is answered with status 200.
     *
     * @throws IOException with what is wrong, in words that follow "cannot be asked"
     */
    byte[] send(String type, String accepted, byte[] body) throws IOException {
        boolean secure = uri.getScheme().equalsIgnoreCase("https");
        Proxy proxy = proxy();
        boolean through = proxy.type() == Proxy.Type.HTTP;
        if (secure && through) {
            throw new IOException("https through a proxy is not supported");
        }
        try (Socket tcp = through || proxy.type() == Proxy.Type.DIRECT ? new Socket() : new Socket(proxy)) {
            open(tcp);
            tcp.connect(through ? resolved((InetSocketAddress) proxy.address()) : server(secure), left());
            tcp.setSoTimeout(left());
            Socket talking = secure ? layered(tcp) : tcp;
            talking.getOutputStream().write(request(through, type, accepted, body));
            talking.getOutputStream().flush();
            return answer(talking);
        }
    }

    private synchronized void open(Socket tcp) throws IOException {
        if (closed) {
            throw new SocketTimeoutException("no time left");
        }
        socket = tcp;
    }

    /** Ends it from aside, in whatever it is. */
    @Override
    public void close() throws IOException {
        Socket open;
        synchronized (this) {
            closed = true;
            open = socket;
        }
        if (open != null) {
            open.close();
        }
    }

    private Proxy proxy() {
        ProxySelector selector = ProxySelector.getDefault();
        List<Proxy> proxies = selector == null ? List.of() : selector.select(uri);
        return proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
    }

    private static InetSocketAddress resolved(InetSocketAddress address) {
        return address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
    }

    private InetSocketAddress server(boolean secure) throws IOException {
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
        InetSocketAddress address = new InetSocketAddress(uri.getHost(), port);
        if (address.isUnresolved()) {
            throw new IOException("host " + uri.getHost() + " is unknown");
        }
        return address;
    }

    private Socket layered(Socket tcp) throws IOException {
        SSLSocket tls = (SSLSocket)
                ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(tcp, uri.getHost(), tcp.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private byte[] request(boolean absolute, String type, String accepted, byte[] body) {
        String path = (uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        String authority = uri.getHost() + (uri.getPort() > 0 ? ":" + uri.getPort() : "");
        String head = "POST " + (absolute ? "http://" + authority + path : path) + " HTTP/1.0\r\n"
                + "Host: " + authority + "\r\n"
                + "Content-Type: " + type + "\r\n"
                + "Accept: " + accepted + "\r\n"
                + "Content-Length: " + body.length + "\r\n"
                + "Connection: close\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private byte[] answer(Socket talking) throws IOException {
        Octets in = new Octets(talking);
        Matcher status = STATUS.matcher(in.line());
        if (!status.matches()) {
            throw new IOException("it does not answer by HTTP");
        }
        if (!status.group(1).equals("200")) {
            throw new IOException("it answers with HTTP status " + status.group(1));
        }
        long length = -1;
        for (String line = in.line(); !line.isEmpty(); line = in.line()) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) {
                length = length(line.substring(colon + 1).strip());
            } else if (name.equals("transfer-encoding")) {
                throw new IOException("it answers HTTP/1.0 with a transfer encoding");
            }
        }
        return in.body(length);
    }

    private static long length(String text) throws IOException {
        if (!text.matches("\\d{1,15}")) {
            throw new IOException("its Content-Length is no number");
        }
        return Long.parseLong(text);
    }

    private int left() throws IOException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no time left");
        }
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }

    /** What comes, within the time that is left. */
    private final class Octets {
        private final Socket from;
        private final InputStream in;
        private final byte[] buffer = new byte[4096];
        private int next;
        private int filled;
        private int head;

        Octets(Socket from) throws IOException {
            this.from = from;
            this.in = from.getInputStream();
        }

        /** The next octet, or -1 at the end. */
        private int read() throws IOException {
            if (next == filled) {
                from.setSoTimeout(left());
                filled = Math.max(0, in.read(buffer));
                next = 0;
                if (filled == 0) {
                    return -1;
                }
            }
            return buffer[next++] & 0xFF;
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = read(); octet != '\n'; octet = read()) {
                if (octet < 0) {
                    throw new IOException("it hangs up");
                }
                if (++head > LONGEST_HEAD) {
                    throw new IOException("its answer has too many headers");
                }
                line.append((char) octet);
            }
            return line.toString().stripTrailing();
        }

        byte[] body(long length) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (body.size() != length) {
                int octet = read();
                if (octet < 0 && length < 0) {
                    return body.toByteArray();
                }
                if (octet < 0) {
                    throw new IOException("it hangs up");
                }
                body.write(octet);
                if (body.size() > largest) {
                    throw new IOException("its answer is larger than " + largest + " octets");
                }
            }
            return body.toByteArray();
        }
    }
}
