package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys, trust and lists that are replaced on disk while a transport is in use. */
@Timeout(60)
class WatchedTest {

    private static final Certificate.Issued OLD =
            Certificate.of("CN=old", "EC secp256r1 old key").issued();
    private static final Certificate.Issued NEW =
            Certificate.of("CN=new", "EC secp256r1 new key").issued();

    /** Short, and long enough for a moment not to be reported. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    @TempDir
    private Path directory;

    private final Heard heard = new Heard();
    private final MovingClock clock = new MovingClock();
    private Pair pair;

    @BeforeEach
    void begin() throws Exception {
        pair = Pair.in(directory).write(OLD);
    }

    /** A server that looks at its files whenever a connection begins. */
    private SecureTransport server(Engine engine) throws CredentialException {
        return Transports.serverOf(engine, TestProfiles.WIDE)
                .identity(pair.watched())
                .lookInterval(Duration.ZERO)
                .patience(PATIENCE)
                .listener(heard)
                .clock(clock)
                .build();
    }

    /** The subject of the certificate that is presented. */
    private static String served(Accepting server) throws IOException {
        try (SSLSocket client = connect(server)) {
            return Negotiated.of(client).orElseThrow().peer().get(0).getSubjectX500Principal().getName();
        }
    }

    private static SSLSocket connect(Accepting server) throws IOException {
        SSLSocket client = (SSLSocket) Transports.client(Engine.JDK)
                .sslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port());
        client.startHandshake();
        return client;
    }

    /** Looks until the listener has heard of so many changes. */
    private void lookUntilHeard(SecureTransport transport, int reloads) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (heard.reloads.size() < reloads && System.nanoTime() < end) {
            transport.refresh();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(heard.reloads).hasSize(reloads);
    }

    @ParameterizedTest
    @EnumSource
    void filesThatAreRenamedIntoPlaceAreServedFromThenOnAndOpenConnectionsGoOn(Engine engine) throws Exception {
        try (Accepting server = new Accepting(server(engine).sslContext())) {
            assertThat(served(server)).isEqualTo("CN=old");
        }
        SecureTransport transport = server(engine);
        try (Concurrent server = new Concurrent(transport);
                SSLSocket before = server.connect()) {
            assertThat(server.echo(before)).isTrue();
            pair.rename(NEW);
            try (SSLSocket after = server.connect()) {
                assertThat(Negotiated.of(after).orElseThrow().peer()).containsExactly(NEW.certificate());
                assertThat(server.echo(after)).isTrue();
            }
            assertThat(server.echo(before)).as("the connection that was there before").isTrue();
        }
        assertThat(heard.reloads)
                .containsExactly(new Reload(Reload.What.IDENTITY, pair.watched().files(), java.util.Optional.empty()));
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(NEW.certificate());
    }

    @Test
    void aChangeIsPickedUpWithinSecondsWithoutAnyoneAskingForIt() throws Exception {
        SecureTransport transport = Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                .identity(pair.watched())
                .build();
        try (Accepting server = new Accepting(transport.sslContext())) {
            assertThat(served(server)).isEqualTo("CN=old");
            pair.rename(NEW);
            long swapped = System.nanoTime();
            while (!served(server).equals("CN=new")) {
                assertThat(Duration.ofNanos(System.nanoTime() - swapped)).isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSymbolicLinkThatIsTurnedIsFollowed(Engine engine) throws Exception {
        // As Kubernetes does it: the files are links into ..data, and ..data is a link to a directory of this version.
        Path first = Files.createDirectory(directory.resolve("..1"));
        Path second = Files.createDirectory(directory.resolve("..2"));
        Pair.in(first).write(OLD);
        Pair.in(second).write(NEW);
        Path data = Files.createSymbolicLink(directory.resolve("..data"), first);
        Path mounted = Files.createDirectory(directory.resolve("mounted"));
        pair = new Pair(
                Files.createSymbolicLink(mounted.resolve("tls.crt"), data.resolve("tls.crt")),
                Files.createSymbolicLink(mounted.resolve("tls.key"), data.resolve("tls.key")));
        SecureTransport transport = server(engine);
        Pair.move(Files.createSymbolicLink(directory.resolve("..next"), second), data);
        transport.refresh();
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(NEW.certificate());
        assertThat(heard.problems()).isEmpty();
    }

    @Test
    void aFileThatIsWrittenOverWhereItLiesIsTakenWhenItIsWhole() throws Exception {
        SecureTransport transport = server(Engine.JDK);
        Pair.writeKey(pair.key(), NEW);
        Path whole = Pair.writeCertificate(directory.resolve("whole"), NEW);
        String text = Files.readString(whole);
        for (int quarter = 0; quarter < 4; quarter++) {
            Files.writeString(pair.certificate(), text.substring(0, text.length() * quarter / 4));
            transport.refresh();
            assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
        }
        Files.writeString(pair.certificate(), text);
        transport.refresh();
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(NEW.certificate());
        assertThat(heard.problems()).as("nobody has to know of a moment").isEmpty();
    }

    @Test
    void aCertificateAndItsKeyAreNeverServedApart() throws Exception {
        SecureTransport transport = server(Engine.JDK);
        pair.renameKey(NEW);
        transport.refresh();
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
        pair.renameCertificate(NEW);
        transport.refresh();
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(NEW.certificate());
        pair.renameCertificate(OLD);
        transport.refresh();
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(NEW.certificate());
        pair.renameKey(OLD);
        transport.refresh();
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
        assertThat(heard.problems()).isEmpty();
        assertThat(heard.reloads).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBrokenIsNotTakenAndToldOnce(Engine engine) throws Exception {
        SecureTransport transport = server(engine);
        Files.writeString(pair.certificate(), "this is no PEM file");
        lookUntilHeard(transport, 1);
        for (int i = 0; i < 20; i++) {
            transport.refresh();
        }
        assertThat(heard.problems())
                .containsExactly(pair.certificate() + ": no PEM block in it (-----BEGIN …-----)");
        assertThat(heard.reloads.get(0))
                .hasToString("identity from [" + pair.certificate() + ", " + pair.key()
                        + "] is not in order, the one before stays in use: " + pair.certificate()
                        + ": no PEM block in it (-----BEGIN …-----)");
        try (Accepting server = new Accepting(transport.sslContext())) {
            assertThat(served(server)).isEqualTo("CN=old");
            pair.rename(NEW);
            assertThat(served(server)).isEqualTo("CN=new");
        }
    }

    @Test
    void aNewChangeThatIsBrokenIsToldAgain() throws Exception {
        SecureTransport transport = server(Engine.JDK);
        Files.writeString(pair.key(), "garbage");
        lookUntilHeard(transport, 1);
        Files.delete(pair.key());
        lookUntilHeard(transport, 2);
        pair.renameKey(NEW);
        lookUntilHeard(transport, 3);
        assertThat(heard.problems())
                .containsExactly(
                        pair.key() + ": no PEM block in it (-----BEGIN …-----)",
                        pair.key() + ": no such file",
                        pair.certificate() + ": no certificate in it belongs to the private key of " + pair.key());
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
    }

    @Test
    void whatWasBrokenAndIsAsBeforeIsNotToldOf() throws Exception {
        SecureTransport transport = server(Engine.JDK);
        String before = Files.readString(pair.certificate());
        Files.writeString(pair.certificate(), "");
        transport.refresh();
        Files.writeString(pair.certificate(), before);
        long end = System.nanoTime() + 2 * PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            transport.refresh();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(heard.reloads).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatTheProfileDoesNotAllowIsNotTaken(Engine engine) throws Exception {
        SecureTransport transport = server(engine);
        Certificate.Issued weak = Certificate.of("CN=weak", "RSA 1024").issued();
        pair.rename(weak);
        lookUntilHeard(transport, 1);
        assertThat(heard.problems())
                .containsExactly("profile test-wide does not allow our own certificate CN=weak (SHA-256 "
                        + PeerCertificateException.fingerprint(weak.certificate())
                        + "): RSA key of a certificate of 1024 bits, at least 2048 are wanted (TEST/rsa, dicom-tls test)");
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
    }

    @Test
    void aCertificateThatIsValidFromTomorrowIsTakenTomorrow() throws Exception {
        SecureTransport transport = server(Engine.JDK);
        Certificate.Issued tomorrow = Certificate.of("CN=tomorrow", "EC secp256r1 new key")
                .validForDays(1, 30)
                .issued();
        pair.rename(tomorrow);
        lookUntilHeard(transport, 1);
        assertThat(heard.problems().get(0))
                .isEqualTo("the certificate CN=tomorrow is valid only from "
                        + tomorrow.certificate().getNotBefore().toInstant() + "; it will be taken then");
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
        clock.move(Duration.ofHours(25));
        transport.refresh();
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(tomorrow.certificate());
        assertThat(heard.reloads.get(1).taken()).isTrue();
    }

    @Test
    void aCertificateThatHasExpiredIsNotTaken() throws Exception {
        SecureTransport transport = server(Engine.JDK);
        pair.rename(Certificate.of("CN=expired", "EC secp256r1 new key").validForDays(-30, -1).issued());
        lookUntilHeard(transport, 1);
        assertThat(heard.problems().get(0)).startsWith("the certificate CN=expired expired on ");
        assertThat(transport.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
    }

    @ParameterizedTest
    @EnumSource
    void authoritiesAreReadAgain(Engine engine) throws Exception {
        Certificate.Issued other = Certificate.of("CN=Other CA", "EC secp256r1 other").authority().selfSigned();
        Path bundle = OpenSsl.pem(directory.resolve("ca.pem"), other.certificate());
        SecureTransport server = Transports.serverOf(engine, TestProfiles.WIDE)
                .trust(Trust.watched(bundle))
                .lookInterval(Duration.ZERO)
                .patience(PATIENCE)
                .listener(heard)
                .build();
        SecureTransport client = Transports.client(Engine.JDK);
        assertThat(Loopback.run(client, server).server().refusal().problem())
                .as("a client has no certificate of the authority that the server names")
                .isEqualTo("the client presented no certificate");
        OpenSsl.pem(bundle, other.certificate(), TestCertificates.CA);
        Loopback.run(client, server).server().established();
        assertThat(server.trust().authorities()).containsExactly(other.certificate(), TestCertificates.CA);
        Files.writeString(bundle, "");
        lookUntilHeard(server, 2);
        Loopback.run(client, server).server().established();
        assertThat(heard.problems()).containsExactly(bundle + ": no PEM block in it (-----BEGIN …-----)");
    }

    @Test
    void oneWatchedIdentityServesSeveralTransportsEachByItsOwnProfile() throws Exception {
        Watched<Identity> watched = pair.watched();
        SecureTransport strict = Transports.serverOf(Engine.JDK, TestProfiles.WIDE).identity(watched).build();
        SecureTransport careless = Transports.serverOf(Engine.BC, TestProfiles.CARELESS).identity(watched).build();
        pair.rename(Certificate.of("CN=weak", "RSA 1024").issued());
        strict.refresh();
        careless.refresh();
        assertThat(strict.identity().entries().get(0).certificate()).isEqualTo(OLD.certificate());
        assertThat(careless.identity().entries().get(0).certificate().getSubjectX500Principal().getName())
                .isEqualTo("CN=weak");
    }

    @Test
    void aListenerThatFailsHoldsUpNobody() throws Exception {
        SecureTransport transport = Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                .identity(pair.watched())
                .lookInterval(Duration.ZERO)
                .listener(new TransportListener() {
                    @Override
                    public void reloaded(Reload reload) {
                        throw new IllegalStateException("for this test");
                    }
                })
                .build();
        try (Accepting server = new Accepting(transport.sslContext())) {
            pair.rename(NEW);
            assertThat(served(server)).isEqualTo("CN=new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasReplacedIsForgotten(Engine engine) throws Exception {
        SecureTransport transport = server(engine);
        Loopback.run(Transports.client(Engine.JDK), transport).client().established();
        WeakReference<Identity.Entry> first =
                new WeakReference<>(transport.identity().entries().get(0));
        // The first one is held by the Watched that the transport was built with.
        pair.rename(NEW);
        transport.refresh();
        Loopback.run(Transports.client(Engine.JDK), transport).client().established();
        WeakReference<Identity.Entry> second =
                new WeakReference<>(transport.identity().entries().get(0));
        pair.rename(OLD);
        transport.refresh();
        for (int i = 0; i < 50 && second.get() != null; i++) {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(second.get()).as("keys that are no longer in use").isNull();
        assertThat(first).isNotNull();
    }

    @Test
    void filesThatCannotBeUsedAtFirstAreAnErrorAtOnce() throws Exception {
        Files.delete(pair.key());
        assertThat(catchThrowableOfType(CredentialException.class, () -> pair.watched()))
                .hasMessage(pair.key() + ": no such file");
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class, () -> Watched.of(Identity::none, java.util.List.of())))
                .hasMessage("nothing to watch: no file was named");
    }

    @Test
    void aClientUsesItsNewKeyToo() throws Exception {
        SecureTransport client = SecureTransport.of(TestProfiles.WIDE)
                .role(Role.CLIENT)
                .identity(pair.watched())
                .trust(TestCertificates.trust())
                .lookInterval(Duration.ZERO)
                .build();
        SecureTransport server = Transports.server(Engine.BC);
        assertThat(Loopback.run(client, server).server().established().peer()).containsExactly(OLD.certificate());
        OpenSsl.pem(pair.key(), new JcaPKCS8Generator(NEW.pair().getPrivate(), null));
        OpenSsl.pem(pair.certificate(), NEW.certificate());
        assertThat(Loopback.run(client, server).server().established().peer()).containsExactly(NEW.certificate());
    }
}
