package org.dicomtls.interop.run;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.ClientModel;
import org.dicomtls.interop.peer.Jsse;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.peer.Presence;
import org.dicomtls.interop.peer.ServerModel;
import org.dicomtls.rule.Role;

/** JSSE as a peer that is odd in one thing: public, with a public constructor, as one of a lab would be. */
public class OddPeer implements Peer {

    private final String id;
    private final Presence presence;
    private final Oddity oddity;

    /** What is odd about it. */
    enum Oddity {
        NOTHING,
        /** It brings no models. */
        UNKNOWN,
        /** Its models say that it has TLS 1.2 only. */
        WRONG_MODEL,
        /** Its server cannot be started. */
        BROKEN,
        /** Its client has a defect. */
        FAULTY,
        /** Its client never comes back. */
        HANGING
    }

    public OddPeer() {
        this("lab", Presence.installed("1"), Oddity.UNKNOWN);
    }

    OddPeer(String id, Presence presence, Oddity oddity) {
        this.id = id;
        this.presence = presence;
        this.oddity = oddity;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return "The odd one";
    }

    @Override
    public Presence presence() {
        return presence;
    }

    @Override
    public List<PeerConfiguration> configurations() {
        return List.of(new Odd(new Jsse().configurations().get(0)));
    }

    private final class Odd implements PeerConfiguration {
        private final PeerConfiguration jsse;

        Odd(PeerConfiguration jsse) {
            this.jsse = jsse;
        }

        @Override
        public String id() {
            return "only";
        }

        @Override
        public String title() {
            return "<script>alert(1)</script>";
        }

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
            return switch (oddity) {
                case UNKNOWN -> Optional.empty();
                case WRONG_MODEL -> Optional.of(ClientModel.of(org.dicomtls.tls.TlsVersion.TLS_1_2)
                        .suites(jsse.clientModel().orElseThrow().offer().suites())
                        .groups(jsse.clientModel().orElseThrow().offer().groups().orElseThrow())
                        .schemes(jsse.clientModel().orElseThrow().offer().schemes().orElseThrow())
                        .build());
                default -> jsse.clientModel();
            };
        }

        @Override
        public Optional<ServerModel> serverModel() {
            return oddity == Oddity.UNKNOWN ? Optional.empty() : jsse.serverModel();
        }

        @Override
        public PeerServer serve(Bench bench) throws IOException, InterruptedException {
            if (oddity == Oddity.BROKEN) {
                bench.log().say("\u001b[31m<img src=x> no licence\u0007");
                throw new IOException("it has no licence");
            }
            return jsse.serve(bench);
        }

        @Override
        public PeerClient client(Bench bench) throws IOException, InterruptedException {
            if (oddity == Oddity.FAULTY) {
                throw new IllegalStateException("a defect");
            }
            PeerClient client = jsse.client(bench);
            return oddity == Oddity.HANGING ? new Hanging(client) : client;
        }
    }

    private record Hanging(PeerClient client) implements PeerClient {
        @Override
        public Outcome echo(String host, int port) throws InterruptedException {
            new CountDownLatch(1).await();
            return Outcome.SUCCEEDED;
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
