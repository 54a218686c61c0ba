package org.dicomtls.dcm4che.interop;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dcm4che3.data.Implementation;
import org.dcm4che3.net.Connection;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.ClientModel;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.peer.Presence;
import org.dicomtls.interop.peer.ServerModel;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;

/**
 * dcm4che-net as it comes: a stock {@code Device} with versions and suites as its command line tools set them, on the JSSE
 * of the running Java. None of this library's classes is beneath it, so it is a witness of its own.
 */
public final class Dcm4che implements Peer {

    private static final String[] TLS12 = {
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
    };

    private static final String[] TLS13 = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"};

    private static final String[] BOTH_ECDSA = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    };

    @Override
    public String id() {
        return "dcm4che";
    }

    @Override
    public String title() {
        return "dcm4che";
    }

    @Override
    public Presence presence() {
        return Presence.installed(Implementation.getVersionName().replace("dcm4che-", "") + " on Java "
                + Runtime.version().feature());
    }

    @Override
    public List<PeerConfiguration> configurations() {
        return List.of(
                new Configuration(
                        "tls",
                        "--tls: TLS 1.2, RSA key exchange without encryption, with AES-128-CBC or 3DES",
                        KeyKind.RSA,
                        List.of(Connection.DEFAULT_TLS_PROTOCOLS),
                        List.of(
                                Connection.TLS_RSA_WITH_NULL_SHA,
                                Connection.TLS_RSA_WITH_AES_128_CBC_SHA,
                                Connection.TLS_RSA_WITH_3DES_EDE_CBC_SHA)),
                new Configuration(
                        "tls12",
                        "--tls12, --tls-cipher with ECDHE and DHE suites of AES-GCM",
                        KeyKind.RSA,
                        List.of("TLSv1.2"),
                        List.of(TLS12)),
                new Configuration(
                        "tls13", "--tls13, --tls-cipher with its suites", KeyKind.RSA, List.of("TLSv1.3"), List.of(TLS13)),
                new Configuration(
                        "ecdsa",
                        "--tls-protocol TLSv1.2 and TLSv1.3, --tls-cipher with suites of both, a key on P-256",
                        KeyKind.ECDSA,
                        List.of("TLSv1.2", "TLSv1.3"),
                        List.of(BOTH_ECDSA)));
    }

    /** A setting of versions and suites, as the names of JSSE. */
    record Configuration(String id, String title, KeyKind key, List<String> protocols, List<String> suites)
            implements PeerConfiguration {

        @Override
        public Set<Role> roles() {
            return EnumSet.allOf(Role.class);
        }

        @Override
        public boolean stores(Role role) {
            return true;
        }

        @Override
        public Optional<ClientModel> clientModel() {
            return StockModels.client(this);
        }

        @Override
        public Optional<ServerModel> serverModel() {
            return StockModels.server(this);
        }

        @Override
        public PeerServer serve(Bench bench) throws IOException {
            return StockNode.serve(this, bench);
        }

        @Override
        public PeerClient client(Bench bench) throws IOException {
            return StockNode.client(this, bench);
        }
    }
}
