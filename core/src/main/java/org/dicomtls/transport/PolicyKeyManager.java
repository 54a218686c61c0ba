package org.dicomtls.transport;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.tls.NamedGroup;

/**
 * Hands out the keys of an identity. The engines ask in different words (SunJSSE {@code EC}, BCJSSE {@code
 * EC/secp256r1} and {@code ECDHE_ECDSA}); this manager understands both, so one identity serves both engines.
 */
final class PolicyKeyManager extends X509ExtendedKeyManager {

    private final List<Identity.Entry> entries;

    PolicyKeyManager(Identity identity) {
        this.entries = identity.entries();
    }

    private static boolean fits(KeyKind kind, String asked) {
        String upper = asked.toUpperCase(Locale.ROOT);
        int slash = upper.indexOf('/');
        String family = slash < 0 ? upper : upper.substring(0, slash);
        String detail = slash < 0 ? "" : upper.substring(slash + 1);
        boolean sameFamily = switch (family) {
            case "EC", "ECDSA", "ECDHE_ECDSA" -> kind.algorithm().equals("EC");
            case "RSA", "ECDHE_RSA", "DHE_RSA" -> kind.algorithm().equals("RSA");
            case "RSASSA-PSS" -> kind.algorithm().equals("RSASSA-PSS");
            case "EDDSA" -> kind.algorithm().startsWith("Ed");
            case "ED25519" -> kind.algorithm().equals("Ed25519");
            case "ED448" -> kind.algorithm().equals("Ed448");
            default -> false;
        };
        return sameFamily
                && (detail.isEmpty()
                        || kind.curve().isEmpty()
                        || kind.curve().get().name().toUpperCase(Locale.ROOT).equals(detail));
    }

    private boolean issuedByOneOf(Identity.Entry entry, Principal[] issuers) {
        if (issuers == null || issuers.length == 0) {
            return true;
        }
        List<Principal> accepted = Arrays.asList(issuers);
        return entry.chain().stream()
                .anyMatch(c -> accepted.contains(c.getIssuerX500Principal())
                        || accepted.contains(c.getSubjectX500Principal()));
    }

    private String[] aliases(String keyType, Principal[] issuers) {
        String[] found = IntStream.range(0, entries.size())
                .filter(i -> fits(entries.get(i).kind(), keyType) && issuedByOneOf(entries.get(i), issuers))
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        return found.length == 0 ? null : found;
    }

    private String first(String[] keyTypes, Principal[] issuers, SSLSession handshake) {
        for (String keyType : keyTypes) {
            String[] found = aliases(keyType, issuers);
            for (String alias : found == null ? new String[0] : found) {
                if (accepted(entry(alias).kind(), handshake)) {
                    return alias;
                }
            }
        }
        return null;
    }

    /**
     * Whether the peer verifies signatures of such a key. SunJSSE signs on a curve by the hash that TLS 1.3 ties to
     * it, and tells what the peer accepts by hash; BCJSSE tells nothing here and asks for the curve instead.
     */
    private static boolean accepted(KeyKind kind, SSLSession handshake) {
        String[] peer = handshake instanceof ExtendedSSLSession session
                ? session.getPeerSupportedSignatureAlgorithms()
                : null;
        if (peer == null || peer.length == 0 || !kind.algorithm().equals("EC")) {
            return true;
        }
        String hash = kind.curve().map(NamedGroup::name).map(name -> switch (name) {
            case "secp384r1" -> "SHA384";
            case "secp521r1" -> "SHA512";
            default -> "SHA256";
        }).orElse("SHA256");
        return Arrays.asList(peer).contains(hash + "withECDSA");
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return first(keyTypes, issuers, socket instanceof SSLSocket ssl ? ssl.getHandshakeSession() : null);
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return first(keyTypes, issuers, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return chooseClientAlias(new String[] {keyType}, issuers, socket);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return chooseEngineClientAlias(new String[] {keyType}, issuers, engine);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return aliases(keyType, issuers);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return aliases(keyType, issuers);
    }

    private Identity.Entry entry(String alias) {
        return IntStream.range(0, entries.size())
                .filter(i -> Integer.toString(i).equals(alias))
                .mapToObj(entries::get)
                .findFirst()
                .orElse(null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Identity.Entry entry = entry(alias);
        return entry == null ? null : entry.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Identity.Entry entry = entry(alias);
        return entry == null ? null : entry.key();
    }
}
