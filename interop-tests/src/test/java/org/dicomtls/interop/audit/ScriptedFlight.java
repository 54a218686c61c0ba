package org.dicomtls.interop.audit;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.bouncycastle.tls.crypto.DHGroup;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;

/**
 * The first flight of a server up to ServerHelloDone, or its HelloRetryRequest, with values that no library of today
 * negotiates. Keys and signatures are made up: whoever asks what a server chooses checks neither.
 */
final class ScriptedFlight {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
    private static final byte[] SENTINEL = HexFormat.of().parseHex("444f574e47524401");

    private ScriptedFlight() {}

    /** The records that carry out that choice. */
    static byte[] of(Choice choice, ClientHello hello, Habits habits) throws GeneralSecurityException {
        return choice.version().equals(TlsVersion.TLS_1_3) ? tls13(choice, hello) : tls12(choice, habits);
    }

    private static byte[] tls13(Choice choice, ClientHello hello) {
        int group = choice.group().orElseThrow().code();
        boolean shared = hello.keyShares().map(s -> s.contains(choice.group().get())).orElse(false);
        Writer extensions = new Writer()
                .extension(Extensions.SUPPORTED_VERSIONS, new Writer().uint16(0x0304).octets())
                .extension(
                        Extensions.KEY_SHARE,
                        shared
                                ? new Writer().uint16(group).vector16(random(65)).octets()
                                : new Writer().uint16(group).octets());
        return record(
                22,
                TlsVersion.TLS_1_2,
                serverHello(
                        TlsVersion.TLS_1_2, shared ? random(32) : RETRY, hello.sessionId(), choice.suite(), 0,
                        extensions.octets()));
    }

    /** A ServerHello that goes on from the session of before, with a fresh key exchange (psk_dhe_ke) or without (psk_ke). */
    static byte[] resumption13(Choice choice, ClientHello hello, boolean exchange) {
        Writer extensions = new Writer()
                .extension(Extensions.SUPPORTED_VERSIONS, new Writer().uint16(0x0304).octets())
                .extension(Extensions.PRE_SHARED_KEY, new Writer().uint16(0).octets());
        if (exchange) {
            int group = choice.group().orElseThrow().code();
            extensions.extension(Extensions.KEY_SHARE, new Writer().uint16(group).vector16(random(65)).octets());
        }
        return record(
                22,
                TlsVersion.TLS_1_2,
                serverHello(
                        TlsVersion.TLS_1_2, random(32), hello.sessionId(), choice.suite(), 0, extensions.octets()));
    }

    private static byte[] tls12(Choice choice, Habits habits) throws GeneralSecurityException {
        byte[] random = random(32);
        if (choice.version().equals(TlsVersion.TLS_1_2)
                && habits.versions().contains(TlsVersion.TLS_1_3)
                && !habits.odd(Oddity.NO_SENTINEL)) {
            System.arraycopy(SENTINEL, 0, random, 24, SENTINEL.length);
        }
        Writer extensions = new Writer();
        if (!habits.odd(Oddity.NO_EXTENDED_MASTER_SECRET)) {
            extensions.extension(Extensions.EXTENDED_MASTER_SECRET, new byte[0]);
        }
        if (!habits.odd(Oddity.NO_RENEGOTIATION_INFO)) {
            extensions.extension(Extensions.RENEGOTIATION_INFO, new byte[1]);
        }
        Writer flight = new Writer().all(serverHello(
                choice.version(), random, new byte[0], choice.suite(), choice.compression(),
                choice.version().equals(TlsVersion.SSL_3) ? new byte[0] : extensions.octets()));
        if (choice.credential().isPresent()) {
            Writer chain = new Writer();
            for (X509Certificate certificate : choice.credential().get().chain()) {
                chain.vector24(certificate.getEncoded());
            }
            flight.all(message(11, new Writer().vector24(chain.octets()).octets()));
        }
        byte[] exchange = serverKeyExchange(choice, habits);
        if (exchange.length > 0) {
            flight.all(message(12, exchange));
        }
        return record(22, choice.version(), flight.all(message(14, new byte[0])).octets());
    }

    private static byte[] serverKeyExchange(Choice choice, Habits habits) {
        KeyExchange exchange = choice.suite().keyExchange();
        boolean anonymous = choice.suite().anonymous();
        Writer out = new Writer();
        if (exchange == KeyExchange.ECDHE || exchange == KeyExchange.ECDH && anonymous) {
            int group = choice.group().orElse(habits.groups().get(0)).code();
            out.all(new byte[] {3}).uint16(group).vector8(random(65));
        } else if (exchange == KeyExchange.DHE || exchange == KeyExchange.DH && anonymous) {
            DHGroup group = BouncyServer.finiteField(habits.dheBits());
            byte[] prime = unsigned(group.getP());
            out.vector16(prime).vector16(unsigned(group.getG())).vector16(random(prime.length));
        } else {
            return new byte[0];
        }
        if (!anonymous) {
            choice.scheme().ifPresent(s -> out.uint16(s.code()));
            out.vector16(random(64));
        }
        return out.octets();
    }

    /** A ServerHello and a ChangeCipherSpec: the session of before goes on. */
    static byte[] resumption(CipherSuite suite, ClientHello hello) {
        Writer extensions = new Writer()
                .extension(Extensions.EXTENDED_MASTER_SECRET, new byte[0])
                .extension(Extensions.RENEGOTIATION_INFO, new byte[1]);
        byte[] first = record(
                22,
                TlsVersion.TLS_1_2,
                serverHello(TlsVersion.TLS_1_2, random(32), hello.sessionId(), suite, 0, extensions.octets()));
        return new Writer().all(first).all(record(20, TlsVersion.TLS_1_2, new byte[] {1})).octets();
    }

    static byte[] alert(int description) {
        return record(21, TlsVersion.TLS_1_2, new byte[] {2, (byte) description});
    }

    /** SERVER-HELLO of SSL 2.0, with no certificate worth the name. */
    static byte[] sslv2() {
        byte[] body = new Writer()
                .all(new byte[] {4, 0, 1}).uint16(2).uint16(0).uint16(3).uint16(16)
                .all(new byte[] {1, 0, (byte) 0x80}).all(random(16)).octets();
        return new Writer().uint16(0x8000 | body.length).all(body).octets();
    }

    private static byte[] serverHello(
            TlsVersion version, byte[] random, byte[] sessionId, CipherSuite suite, int compression, byte[] extensions) {
        Writer body = new Writer()
                .uint16(version.code()).all(random).vector8(sessionId).uint16(suite.code())
                .all(new byte[] {(byte) compression});
        if (extensions.length > 0) {
            body.vector16(extensions);
        }
        return message(2, body.octets());
    }

    private static byte[] message(int type, byte[] body) {
        return new Writer().all(new byte[] {(byte) type}).vector24(body).octets();
    }

    private static byte[] record(int type, TlsVersion version, byte[] body) {
        return new Writer().all(new byte[] {(byte) type}).uint16(version.code()).vector16(body).octets();
    }

    private static byte[] random(int length) {
        byte[] octets = new byte[length];
        RANDOM.nextBytes(octets);
        return octets;
    }

    private static byte[] unsigned(BigInteger value) {
        return org.bouncycastle.util.BigIntegers.asUnsignedByteArray(value);
    }

    /** Octets in network order. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer all(byte[] octets) {
            out.writeBytes(octets);
            return this;
        }

        Writer uint16(int value) {
            out.write(value >>> 8);
            out.write(value);
            return this;
        }

        Writer vector8(byte[] content) {
            out.write(content.length);
            return all(content);
        }

        Writer vector16(byte[] content) {
            return uint16(content.length).all(content);
        }

        Writer vector24(byte[] content) {
            out.write(content.length >>> 16);
            return uint16(content.length & 0xFFFF).all(content);
        }

        Writer extension(int type, byte[] content) {
            return uint16(type).vector16(content);
        }

        byte[] octets() {
            return out.toByteArray();
        }
    }
}
