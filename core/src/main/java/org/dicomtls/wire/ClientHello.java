package org.dicomtls.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * What a client offers (RFC 5246 §7.4.1.2, RFC 8446 §4.1.2), order kept, unknown values and GREASE kept.
 *
 * @param legacyVersion the version field; TLS 1.3 clients put TLS 1.2 there
 * @param random 32 octets
 * @param sessionId 0 to 32 octets
 * @param suites the cipher suites, signalling values among them
 * @param compression the compression methods
 * @param versions supported_versions if present
 * @param groups supported_groups if present
 * @param schemes signature_algorithms if present
 * @param certificateSchemes signature_algorithms_cert if present
 * @param keyShares the groups of key_share if present
 * @param serverNames the host names of server_name
 * @param applicationProtocols the ids of ALPN
 * @param extensions all extensions
 */
public record ClientHello(
        TlsVersion legacyVersion,
        byte[] random,
        byte[] sessionId,
        List<CipherSuite> suites,
        List<Integer> compression,
        Optional<List<TlsVersion>> versions,
        Optional<List<NamedGroup>> groups,
        Optional<List<SignatureScheme>> schemes,
        Optional<List<SignatureScheme>> certificateSchemes,
        Optional<List<NamedGroup>> keyShares,
        List<String> serverNames,
        List<String> applicationProtocols,
        Extensions extensions) {

    /**
     * Reads the body of a ClientHello message, without the four octets of the handshake header.
     *
     * @throws WireException when the octets are anything else
     */
    public static ClientHello read(byte[] body) throws WireException {
        Octets in = new Octets(body);
        TlsVersion legacy = new TlsVersion(in.uint16("client_version"));
        byte[] random = in.take(32, "random");
        byte[] session = in.vector8("session_id").rest();
        if (session.length > 32) {
            throw new WireException("session_id of " + session.length + " octets, at most 32 are allowed");
        }
        List<CipherSuite> suites = new ArrayList<>();
        for (int code : in.vector16("cipher_suites").uint16List("cipher_suites")) {
            suites.add(CipherSuite.of(code));
        }
        if (suites.isEmpty()) {
            throw new WireException("cipher_suites is empty");
        }
        List<Integer> compression = new ArrayList<>();
        Octets methods = in.vector8("compression_methods");
        while (methods.remaining() > 0) {
            compression.add(methods.uint8("compression_methods"));
        }
        Extensions extensions = Extensions.read(in);
        return new ClientHello(
                legacy,
                random,
                session,
                Collections.unmodifiableList(suites),
                Collections.unmodifiableList(compression),
                versions(extensions),
                groups(extensions),
                schemes(extensions, Extensions.SIGNATURE_ALGORITHMS),
                schemes(extensions, Extensions.SIGNATURE_ALGORITHMS_CERT),
                keyShares(extensions),
                serverNames(extensions),
                applicationProtocols(extensions),
                extensions);
    }

    /** The versions that the client really offers: supported_versions, or its version field and nothing else. */
    public List<TlsVersion> offeredVersions() {
        return versions.orElseGet(() ->
                List.of(legacyVersion.compareTo(TlsVersion.TLS_1_2) > 0 ? TlsVersion.TLS_1_2 : legacyVersion));
    }

    /** Whether the client signals RFC 5746 in either of the two ways. */
    public boolean renegotiationInfo() {
        return extensions.has(Extensions.RENEGOTIATION_INFO)
                || suites.contains(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    }

    public boolean extendedMasterSecret() {
        return extensions.has(Extensions.EXTENDED_MASTER_SECRET);
    }

    /** Whether ec_point_formats is absent or lists uncompressed alone. */
    public boolean pointFormatsUncompressed() {
        return extensions
                .content(Extensions.EC_POINT_FORMATS)
                .map(formats -> Arrays.equals(formats, new byte[] {1, 0}))
                .orElse(true);
    }

    private static Optional<List<TlsVersion>> versions(Extensions extensions) throws WireException {
        return codes(extensions, Extensions.SUPPORTED_VERSIONS, "supported_versions", TlsVersion::new);
    }

    private static Optional<List<NamedGroup>> groups(Extensions extensions) throws WireException {
        return codes(extensions, Extensions.SUPPORTED_GROUPS, "supported_groups", NamedGroup::of);
    }

    private static Optional<List<SignatureScheme>> schemes(Extensions extensions, int type) throws WireException {
        return codes(extensions, type, "signature_algorithms", SignatureScheme::of);
    }

    /** A list of code points that is all of an extension; supported_versions alone has a length of 8 bits. */
    private static <T> Optional<List<T>> codes(Extensions extensions, int type, String what, IntFunction<T> value)
            throws WireException {
        Optional<Octets> in = extensions.open(type);
        if (in.isEmpty()) {
            return Optional.empty();
        }
        Octets list = type == Extensions.SUPPORTED_VERSIONS ? in.get().vector8(what) : in.get().vector16(what);
        in.get().end(what);
        List<T> values = new ArrayList<>();
        for (int code : list.uint16List(what)) {
            values.add(value.apply(code));
        }
        return Optional.of(Collections.unmodifiableList(values));
    }

    private static Optional<List<NamedGroup>> keyShares(Extensions extensions) throws WireException {
        Optional<Octets> in = extensions.open(Extensions.KEY_SHARE);
        if (in.isEmpty()) {
            return Optional.empty();
        }
        Octets list = in.get().vector16("key_share");
        in.get().end("key_share");
        List<NamedGroup> groups = new ArrayList<>();
        while (list.remaining() > 0) {
            groups.add(NamedGroup.of(list.uint16("key_share group")));
            list.vector16("key_share value");
        }
        return Optional.of(Collections.unmodifiableList(groups));
    }

    private static List<String> serverNames(Extensions extensions) throws WireException {
        Optional<Octets> in = extensions.open(Extensions.SERVER_NAME);
        if (in.isEmpty()) {
            return List.of();
        }
        Octets list = in.get().vector16("server_name");
        in.get().end("server_name");
        List<String> names = new ArrayList<>();
        while (list.remaining() > 0) {
            int type = list.uint8("server_name type");
            byte[] name = list.vector16("server_name value").rest();
            if (type == 0) {
                names.add(new String(name, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return Collections.unmodifiableList(names);
    }

    private static List<String> applicationProtocols(Extensions extensions) throws WireException {
        Optional<Octets> in = extensions.open(Extensions.ALPN);
        if (in.isEmpty()) {
            return List.of();
        }
        Octets list = in.get().vector16("ALPN");
        in.get().end("ALPN");
        List<String> ids = new ArrayList<>();
        while (list.remaining() > 0) {
            ids.add(new String(
                    list.vector8("ALPN id").rest(), java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        return Collections.unmodifiableList(ids);
    }
}
