package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dicomtls.policy.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates that end soon are told of 30, 7 and 1 days before, and when they have ended; once each. */
class ExpiryTest {

    private final Heard heard = new Heard();
    private final MovingClock clock = new MovingClock();

    private SecureTransport.Builder server(Identity identity, Trust trust) {
        return SecureTransport.of(TestProfiles.WIDE)
                .engine(Engine.JDK)
                .identity(identity)
                .trust(trust)
                .listener(heard)
                .clock(clock);
    }

    private static Certificate.Issued until(int days, String name) {
        return Certificate.of("CN=" + name, Transports.P256).validForDays(-100, days).issued();
    }

    private List<String> told() {
        return heard.expiries.stream()
                .map(e -> e.use().title() + " " + e.certificate().getSubjectX500Principal().getName() + " "
                        + e.within())
                .toList();
    }

    @Test
    void anOwnCertificateIsToldOfAtEachThreshold() {
        SecureTransport transport =
                server(until(40, "own").with(), TestCertificates.trust()).build();
        for (int day = 0; day <= 42; day++) {
            transport.refresh();
            transport.refresh();
            clock.move(Duration.ofDays(1));
        }
        assertThat(told())
                .containsExactly(
                        "own certificate CN=own 30",
                        "own certificate CN=own 7",
                        "own certificate CN=own 1",
                        "own certificate CN=own 0");
    }

    @ParameterizedTest
    @CsvSource({"31, 99", "29, 30", "8, 30", "6, 7", "2, 7", "1, 7", "0, 1"})
    void whatIsNearAlreadyIsToldOfWhenTheTransportIsBuilt(int days, int within) {
        Certificate.Issued own = until(days, "own");
        clock.move(Duration.ofMinutes(-5));
        server(own.with(), TestCertificates.trust()).build();
        assertThat(told())
                .isEqualTo(within == 99 ? List.of() : List.of("own certificate CN=own " + within));
    }

    @Test
    void authoritiesPeersAndIntermediatesAreToldOfToo() {
        Certificate.Issued root = Certificate.of("CN=Root", "EC secp256r1 root")
                .authority()
                .validForDays(-100, 20)
                .selfSigned();
        Certificate.Issued between = Certificate.of("CN=Between", "EC secp256r1 between")
                .authority()
                .validForDays(-100, 5)
                .issuedBy(root);
        Certificate.Issued peer = Certificate.of("CN=peer", "EC secp256r1 peer")
                .validForDays(-100, -1)
                .selfSigned();
        Certificate.Issued leaf = Certificate.of("CN=own", Transports.P256).issuedBy(between);
        server(leaf.with(between), Trust.authorities(root.certificate(), peer.certificate())).build();
        assertThat(told())
                .containsExactly(
                        "trusted certificate CN=peer 0",
                        "own certificate CN=Between 7",
                        "trusted certificate CN=Root 30");
        assertThat(heard.expiries.get(0).ended()).isTrue();
        assertThat(heard.expiries.get(0))
                .hasToString("trusted certificate CN=peer (SHA-256 "
                        + PeerCertificateException.fingerprint(peer.certificate()) + ") has ended on "
                        + peer.certificate().getNotAfter().toInstant() + ", 24 hours ago");
        assertThat(heard.expiries.get(1).toString())
                .endsWith(") ends on " + between.certificate().getNotAfter().toInstant() + ", in 4 days");
    }

    @ParameterizedTest
    @CsvSource({"365, '30 7 1 0'", "45, '30 7 1 0'", "44, '7 1 0'", "10, '1 0'", "1, '0'"})
    void aThresholdInTheFirstThirdOfALifeSaysNothingNew(int days, String thresholds) {
        Certificate.Issued own = Certificate.of("CN=own", Transports.P256).validForDays(0, days).issued();
        SecureTransport transport = server(own.with(), TestCertificates.trust()).build();
        for (int hour = 0; hour <= days * 24 + 24; hour += 6) {
            transport.refresh();
            clock.move(Duration.ofHours(6));
        }
        assertThat(told().stream().filter(t -> t.startsWith("own")).map(t -> t.replaceAll(".* ", "")))
                .containsExactly(thresholds.split(" "));
    }

    @Test
    void connectionsAreReasonEnoughToLook() throws Exception {
        SecureTransport server = server(until(40, "own").with(), TestCertificates.trust())
                .lookInterval(Duration.ZERO)
                .build();
        clock.move(Duration.ofDays(11));
        Loopback.run(Transports.client(Engine.JDK), server).server().established();
        assertThat(told()).containsExactly("own certificate CN=own 30");
    }

    @Test
    void aRenewedCertificateIsANewOne(@TempDir Path directory) throws Exception {
        Pair pair = Pair.in(directory).write(until(5, "own"));
        SecureTransport transport = SecureTransport.of(TestProfiles.WIDE)
                .engine(Engine.JDK)
                .identity(pair.watched())
                .trust(TestCertificates.trust())
                .listener(heard)
                .clock(clock)
                .build();
        pair.rename(until(20, "renewed"));
        transport.refresh();
        assertThat(told()).containsExactly("own certificate CN=own 7", "own certificate CN=renewed 30");
    }
}
