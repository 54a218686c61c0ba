package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dcm4che3.data.UID;
import org.dcm4che3.net.Association;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.SecureTransport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreTest {

    private static final int PIXELS = 50_000_000;

    @ParameterizedTest
    @EnumSource(Engine.class)
    void fiftyMegabytesArriveAsTheyWereSent(Engine engine) throws Exception {
        byte[] pixels = new byte[PIXELS];
        new Random(7).nextBytes(pixels);
        byte[] header = {
            (byte) 0xE0, 0x7F, 0x10, 0, (byte) PIXELS, (byte) (PIXELS >> 8), (byte) (PIXELS >> 16), PIXELS >> 24
        };
        MessageDigest sent = Node.sha256();
        sent.update(header);
        sent.update(pixels);
        SecureTransport client = Keys.transport(DicomProfiles.BCP195_NON_DOWNGRADING, engine, Role.CLIENT).build();
        SecureTransport server = Keys.transport(DicomProfiles.BCP195_NON_DOWNGRADING, engine, Role.SERVER).build();
        try (Node scp = Node.scp(server);
                Node scu = Node.scu(client)) {
            Association association = scu.open(Node.remote(client, scp.port()));
            int status = Node.status(association.cstore(
                    Node.STORAGE,
                    "2.25.1",
                    0,
                    (out, transferSyntax) -> {
                        out.write(header);
                        out.write(pixels);
                    },
                    UID.ImplicitVRLittleEndian));
            association.release();
            assertThat(status).isZero();
            assertThat(scp.stored.get(30, TimeUnit.SECONDS)).isEqualTo(HexFormat.of().formatHex(sent.digest()));
        }
    }
}
