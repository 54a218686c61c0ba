package org.dicomtls.interop.kit;

import java.io.IOException;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.rule.Profile;

/** A server or a client that a test suite is about. */
public sealed interface EndUnderTest permits ServerUnderTest, ClientUnderTest {

    /**
     * Audits it.
     *
     * @throws IOException when it cannot be reached, or a file cannot be used
     */
    Acceptance ask(Profile profile) throws IOException, InterruptedException;
}
