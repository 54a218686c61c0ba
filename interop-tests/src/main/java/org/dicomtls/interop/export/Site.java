package org.dicomtls.interop.export;

import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.predict.KeyKind;

/**
 * Where an exported configuration is to live: files, addresses and names on the machine of the system, none of which has
 * to be there when the export is written.
 *
 * @param credentials the certificates of this end, in order of preference; none for a client that shows none
 * @param trust the file with the certificates of the trusted authorities, PEM
 * @param revoked the file with the list of revoked certificates, PEM, if there is one
 * @param dhParameters the file with the group of DHE, PEM; used where a profile has DHE suites
 * @param clientAuthentication whether a server demands a certificate of clients
 * @param listen where a server takes TLS connections; an empty host stands for every address
 * @param peer the server that a client connects to
 * @param peerName the name, or the address, in the certificate of that server
 * @param plain where a TLS terminator speaks plain DICOM: the SCP behind it as a server, its own listener as a client
 * @param aeTitle of this end
 * @param peerAeTitle of the other end, for clients
 * @param connection the distinguished name of the network connection in LDAP
 * @param peerConnection that of the remote device's, for clients
 */
public record Site(
        List<Credential> credentials,
        String trust,
        Optional<String> revoked,
        String dhParameters,
        boolean clientAuthentication,
        Endpoint listen,
        Endpoint peer,
        String peerName,
        Endpoint plain,
        String aeTitle,
        String peerAeTitle,
        String connection,
        Optional<String> peerConnection) {

    /** The registered port of DICOM on TLS. */
    public static final int DICOM_TLS_PORT = 2762;

    private static final int LONGEST = 1024;

    /**
     * A certificate chain and its key.
     *
     * @param certificate the file with the certificate and its intermediates, PEM
     * @param key the file with the unencrypted key, PEM
     * @param kind what key that is
     */
    public record Credential(String certificate, String key, KeyKind kind) {
        public Credential {
            path("certificate", certificate);
            path("key", key);
        }
    }

    /**
     * A host and a port.
     *
     * @param host a name or an address without brackets; empty for every address of a listener
     * @param port 1 to 65535
     */
    public record Endpoint(String host, int port) {
        public Endpoint {
            if (!host.matches("([A-Za-z0-9:][A-Za-z0-9._:%-]{0,252})?")) {
                throw new IllegalArgumentException("'" + printable(host) + "' is not a host");
            }
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " is outside 1…65535");
            }
        }

        /** {@code host:port}, an IPv6 address in brackets. */
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }

        /**
         * This, for a system that cannot be told to listen on one address.
         *
         * @throws IllegalArgumentException when it is one address
         */
        Endpoint requireEveryAddress(String system) {
            if (!host.isEmpty()) {
                throw new IllegalArgumentException(system + " listens on every address and cannot be told to listen on "
                        + printable(host) + " alone; leave that to a firewall");
            }
            return this;
        }
    }

    /**
     * @throws IllegalArgumentException when a value cannot be what it is said to be; the message is one line
     */
    public Site {
        credentials = List.copyOf(credentials);
        path("trust", trust);
        revoked.ifPresent(file -> path("revocation list", file));
        path("DH parameters", dhParameters);
        new Endpoint(peerName, peer.port());
        AeTitle.require(aeTitle);
        AeTitle.require(peerAeTitle);
        text("distinguished name", connection);
        peerConnection.ifPresent(dn -> text("distinguished name", dn));
    }

    private static void path(String what, String path) {
        text("file of the " + what, path);
        if (path.startsWith("-")) {
            throw new IllegalArgumentException("a file of the name '" + printable(path) + "' would be taken for an option");
        }
    }

    private static void text(String what, String text) {
        if (text.isBlank() || text.length() > LONGEST || !text.equals(text.strip())) {
            throw new IllegalArgumentException("the " + what + " is empty, begins or ends with a blank or is longer than "
                    + LONGEST + " characters: '" + printable(text) + "'");
        }
        if (text.codePoints().anyMatch(Site::unprintable)) {
            throw new IllegalArgumentException("the " + what + " has control characters in it: '" + printable(text) + "'");
        }
    }

    private static boolean unprintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static String printable(String text) {
        return text.codePoints()
                .limit(80)
                .map(c -> unprintable(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Whether the peer has a name and not only an address. */
    boolean named() {
        return !peerName.contains(":") && !peerName.matches("[0-9.]*");
    }

    /** The same, with these certificates only, or in that order. */
    Site with(List<Credential> others) {
        return new Site(
                others, trust, revoked, dhParameters, clientAuthentication, listen, peer, peerName, plain, aeTitle,
                peerAeTitle, connection, peerConnection);
    }
}
