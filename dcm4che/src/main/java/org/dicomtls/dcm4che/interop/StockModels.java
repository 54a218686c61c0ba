package org.dicomtls.dcm4che.interop;

import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.peer.Chooser;
import org.dicomtls.interop.peer.ClientModel;
import org.dicomtls.interop.peer.Jsse;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.ServerModel;
import org.dicomtls.interop.peer.ServerModel.DhePrime;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.predict.Offer;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * What dcm4che offers and accepts: of the versions and suites that it was given those that the running Java has by default,
 * and everything else as that Java does. Java 17 has one suite of {@code --tls} left, AES-128-CBC; Java 25 has none.
 */
final class StockModels {

    private static final int WITHOUT_PKCS1_IN_TLS_1_3 = 25;

    private final List<TlsVersion> versions;
    private final List<CipherSuite> suites;
    private final List<NamedGroup> groups;
    private final List<SignatureScheme> schemes;
    private final Offer java;

    private StockModels(Dcm4che.Configuration given, Offer java) {
        this.java = java;
        this.suites = given.suites().stream()
                .map(name -> CipherSuite.require(name.replaceFirst("^SSL_", "TLS_")))
                .filter(java.suites()::contains)
                .toList();
        this.versions = java.versions().stream()
                .filter(version -> given.protocols().contains(version.jsseName()))
                .filter(version -> suites.stream().anyMatch(s -> s.tls13() == version.equals(TlsVersion.TLS_1_3)))
                .toList();
        boolean agreed = suites.stream().anyMatch(s -> s.tls13() || s.keyExchange() != KeyExchange.RSA);
        this.groups = agreed ? java.groups().orElse(List.of()) : List.of();
        this.schemes = java.schemes().orElse(List.of()).stream().filter(this::signed).toList();
    }

    /** Without TLS 1.2, nothing of it; what Java 17 leaves of it is for certificates. */
    private boolean signed(SignatureScheme scheme) {
        boolean older = Runtime.version().feature() < WITHOUT_PKCS1_IN_TLS_1_3
                && scheme.hash() != HashAlgorithm.SHA224
                && !scheme.keyType().equals("DSA");
        return has(TlsVersion.TLS_1_2) || scheme.tls13Handshake() || older;
    }

    private boolean has(TlsVersion version) {
        return versions.contains(version);
    }

    /** The JSSE of a Java whose defaults are known; a server takes of clients what it offers them as a client. */
    private static Optional<StockModels> of(Dcm4che.Configuration given) {
        return new Jsse().configurations().stream()
                .map(PeerConfiguration::clientModel)
                .findFirst()
                .orElseThrow()
                .map(defaults -> new StockModels(given, defaults.offer()));
    }

    private static KeyKind key(Dcm4che.Configuration given) {
        return given.key() == org.dicomtls.interop.pki.KeyKind.RSA ? KeyKind.RSA : KeyKind.ECDSA_P256;
    }

    /** As a client; empty on a Java of which too little is known. */
    static Optional<ClientModel> client(Dcm4che.Configuration given) {
        return of(given).map(models -> models.client(key(given)));
    }

    private ClientModel client(KeyKind key) {
        ClientModel.Builder model = ClientModel.of(versions.toArray(TlsVersion[]::new))
                .suites(suites)
                .keyShares(has(TlsVersion.TLS_1_3) ? java.keyShares() : List.of())
                .schemes(schemes)
                .keys(key)
                .extendedMasterSecret(has(TlsVersion.TLS_1_2))
                .renegotiationInfo(has(TlsVersion.TLS_1_2));
        return groups.isEmpty() ? model.build() : model.groups(groups).build();
    }

    /** As a server; empty on a Java of which too little is known. */
    static Optional<ServerModel> server(Dcm4che.Configuration given) {
        return of(given).map(models -> models.server(key(given)));
    }

    private ServerModel server(KeyKind key) {
        TlsVersion lowest = has(TlsVersion.TLS_1_2) ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
        ServerModel.Builder model = ServerModel.of(versions.toArray(TlsVersion[]::new))
                .suites(suites.stream().filter(s -> s.tls13() || key.serves(s)).toList(), Chooser.SERVER)
                .groups(groups, Chooser.CLIENT)
                .sharesChosenBy(Chooser.CLIENT)
                .retryChosenBy(Chooser.CLIENT)
                .schemes(schemes.stream().filter(s -> key.signs(s, lowest)).toList())
                .clientSchemes(schemes)
                .keys(key);
        if (suites.stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE)) {
            model.dhePrime(DhePrime.of(NamedGroup.FFDHE2048)).namedFieldsHeeded(true);
        }
        return model.build();
    }
}
