package org.dicomtls.dcm4che;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import org.dcm4che3.net.SSLManagerFactory;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;

/** What dcm4che does by itself. */
final class Stock {

    private Stock() {}

    static KeyManager keyManager(TestPki pki, Role role) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Credential credential : pki.good(role)) {
            store.setKeyEntry(
                    credential.name(),
                    credential.key(),
                    new char[] {'x'},
                    credential.chain().toArray(X509Certificate[]::new));
        }
        return SSLManagerFactory.createKeyManager(store, new char[] {'x'});
    }
}
