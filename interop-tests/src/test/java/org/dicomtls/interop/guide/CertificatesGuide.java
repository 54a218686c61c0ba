package org.dicomtls.interop.guide;

import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.Expiry;
import org.dicomtls.transport.AssociationRefusal;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.PeerTrait;
import org.dicomtls.transport.Peers;
import org.dicomtls.transport.Reload;
import org.dicomtls.transport.Revocation;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import org.dicomtls.transport.Trust;
import org.dicomtls.transport.Watched;

/** The code of docs/certificates.md. What stands there stands here, letter by letter, so that it compiles and runs. */
final class CertificatesGuide {

    private CertificatesGuide() {}

    static SecureTransport watched(Path certificates, Path key, Path authorities, Path revocationList)
            throws CredentialException {
        SecureTransport transport = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                .identity(Identity.watched(certificates, key))
                .trust(Trust.watched(authorities))
                .revocation(Revocation.watched(revocationList))
                .listener(new Operator())
                .build();
        return transport;
    }

    /** Tells the operator what has to be known of certificates. */
    static final class Operator implements TransportListener {
        @Override
        public void reloaded(Reload reload) {
            tell(reload.toString()); // in use from now on, or why not
        }

        @Override
        public void expiring(Expiry expiry) {
            tell(expiry.toString()); // 30, 7 and 1 days before, and when it has ended
        }

        private void tell(String line) {
            System.err.println(line);
        }
    }

    static Watched<Identity> keyStore(Path file, char[] password) throws CredentialException {
        Watched<Identity> identity = Watched.of(() -> Identity.keyStore(file, password), file);
        return identity;
    }

    static Identity severalKeys(Path rsaChain, Path rsaKey, Path ecChain, Path ecKey) throws CredentialException {
        Identity identity = Identity.pem(rsaChain, rsaKey).and(Identity.pem(ecChain, ecKey));
        return identity;
    }

    static Identity token(String configuration, char[] pin) throws GeneralSecurityException, java.io.IOException {
        Provider token = Security.getProvider("SunPKCS11").configure(configuration);
        Security.addProvider(token); // for the whole JVM, so it is the application that does it
        KeyStore store = KeyStore.getInstance("PKCS11", token);
        store.load(null, pin);
        Identity identity = Identity.keyStore(store, pin);
        return identity;
    }

    static void lookFromTimeToTime(SecureTransport transport, ScheduledExecutorService scheduler) {
        scheduler.scheduleWithFixedDelay(transport::refresh, 1, 1, TimeUnit.MINUTES);
    }

    static Revocation revocation(Path list) throws CredentialException {
        Revocation revocation = Revocation.lists(list)
                .and(Revocation.ocsp().timeout(Duration.ofSeconds(2)));
        return revocation;
    }

    static Revocation soft(URI responder) {
        Revocation revocation = Revocation.ocsp(responder).softFail();
        return revocation;
    }

    static Peers peers() {
        Peers peers = Peers.none()
                .with(Set.of("CT1", "CT2"), PeerTrait.parse("dns:ct.example.org"))
                .with(Set.of(), PeerTrait.parse("ca:CN=Partner CA,O=Other Hospital"));
        return peers;
    }

    static Optional<AssociationRefusal> judge(SecureTransport transport, java.net.Socket connection, String callingAeTitle) {
        Negotiated negotiated = Negotiated.of(connection).orElseThrow();
        Optional<AssociationRefusal> refusal = transport.judge(negotiated, callingAeTitle);
        return refusal;
    }
}
