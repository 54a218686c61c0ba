package org.dicomtls.interop.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.RenegotiationPolicy;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsServerProtocol;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/** One connection of a {@link BouncyServer}, with what its ServerHello leaves out and what it sends after the handshake. */
final class BouncyConnection extends TlsServerProtocol {

    private static final byte[] SENTINEL = {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x01};
    private static final int NEW_SESSION_TICKET = 4;
    private static final int CERTIFICATE_REQUEST = 13;
    private static final long THIRTY_DAYS = 30 * 86_400;

    private final Habits habits;
    private final Choice choice;

    BouncyConnection(InputStream in, OutputStream out, Habits habits, Choice choice) {
        super(in, out);
        this.habits = habits;
        this.choice = choice;
    }

    private boolean tls13() {
        return choice.version().equals(TlsVersion.TLS_1_3);
    }

    @Override
    protected int getRenegotiationPolicy() {
        return habits.odd(Oddity.RENEGOTIATES) || habits.odd(Oddity.RENEGOTIATES_IN_VAIN)
                ? RenegotiationPolicy.ACCEPT
                : RenegotiationPolicy.DENY;
    }

    /** The server knows of one version only, so the mark of a downgrade is ours to make; the array is the one in use. */
    @Override
    protected void sendServerHelloMessage(ServerHello hello) throws IOException {
        if (!tls13()) {
            byte[] random = hello.getRandom();
            if (habits.versions().contains(TlsVersion.TLS_1_3) && !habits.odd(Oddity.NO_SENTINEL)) {
                System.arraycopy(SENTINEL, 0, random, random.length - SENTINEL.length, SENTINEL.length);
            }
            if (habits.odd(Oddity.NO_RENEGOTIATION_INFO)) {
                hello.getExtensions().remove(Extensions.RENEGOTIATION_INFO);
            }
        }
        super.sendServerHelloMessage(hello);
    }

    /**
     * What a server of TLS 1.3 sends when the handshake is over.
     *
     * @param willing whether the client offered post_handshake_auth
     */
    void afterwards(boolean willing) throws IOException {
        if (!tls13()) {
            return;
        }
        ScriptedFlight.Writer extensions = new ScriptedFlight.Writer();
        if (habits.odd(Oddity.EARLY_DATA)) {
            extensions.extension(Extensions.EARLY_DATA, new byte[] {0, 0, 0x40, 0});
        }
        ticket(habits.ticketSeconds(), extensions.octets());
        if (habits.odd(Oddity.SECOND_TICKET_FOR_30_DAYS)) {
            ticket(THIRTY_DAYS, extensions.octets());
        }
        if (willing && habits.odd(Oddity.POST_HANDSHAKE_AUTHENTICATION)) {
            byte[] schemes = new ScriptedFlight.Writer().vector16(new byte[] {4, 3}).octets();
            send(CERTIFICATE_REQUEST, new ScriptedFlight.Writer()
                    .vector8(new byte[] {1})
                    .vector16(new ScriptedFlight.Writer()
                            .extension(Extensions.SIGNATURE_ALGORITHMS, schemes).octets()));
        }
    }

    private void ticket(long seconds, byte[] extensions) throws IOException {
        send(NEW_SESSION_TICKET, new ScriptedFlight.Writer()
                .uint16((int) (seconds >>> 16)).uint16((int) seconds & 0xFFFF)
                .uint16(0).uint16(1)
                .vector8(new byte[8]).vector16(BouncyServer.TICKET).vector16(extensions));
    }

    private void send(int type, ScriptedFlight.Writer body) throws IOException {
        byte[] message = new ScriptedFlight.Writer().all(new byte[] {(byte) type}).vector24(body.octets()).octets();
        safeWriteRecord(ContentType.handshake, message, 0, message.length);
    }

    /** Whether the first identity of a pre_shared_key extension is the ticket; each has two lengths before it. */
    static boolean offersTicket(byte[] preSharedKey) {
        int end = 4 + BouncyServer.TICKET.length;
        return preSharedKey.length >= end && isTicket(Arrays.copyOfRange(preSharedKey, 4, end));
    }

    static boolean isTicket(byte[] octets) {
        return Arrays.equals(octets, BouncyServer.TICKET);
    }
}
