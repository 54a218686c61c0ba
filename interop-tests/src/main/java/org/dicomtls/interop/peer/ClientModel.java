package org.dicomtls.interop.peer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.predict.Offer;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;

/** What a peer offers as a client, as far as a server decides on it, and what it demands. Immutable. */
public final class ClientModel {

    private final Offer offer;
    private final Set<KeyKind> keys;
    private final Set<SignatureScheme> signs;
    private final int leastRsaBits;

    private ClientModel(Builder builder) {
        this.offer = new Offer(
                List.copyOf(builder.versions),
                List.copyOf(builder.suites),
                builder.groups.map(List::copyOf),
                builder.schemes.map(List::copyOf),
                List.copyOf(builder.keyShares),
                builder.extendedMasterSecret,
                builder.renegotiationInfo);
        this.keys = Set.copyOf(builder.keys);
        this.leastRsaBits = builder.leastRsaBits;
        this.signs = Set.copyOf(builder.signs.isEmpty() ? builder.schemes.orElse(List.of()) : builder.signs);
    }

    /** A model to be filled; every list is empty at first, in order of preference later. */
    public static Builder of(TlsVersion... versions) {
        return new Builder(List.of(versions));
    }

    /** What that ClientHello offers; the client has an RSA key unless it is said otherwise. */
    public static Builder of(ClientHello hello) {
        Offer offer = Offer.of(hello);
        Builder builder = new Builder(offer.versions());
        builder.suites(offer.suites())
                .keyShares(offer.keyShares())
                .extendedMasterSecret(offer.extendedMasterSecret())
                .renegotiationInfo(offer.renegotiationInfo());
        offer.groups().ifPresent(builder::groups);
        offer.schemes().ifPresent(builder::schemes);
        return builder;
    }

    /** What it writes into its ClientHello. */
    public Offer offer() {
        return offer;
    }

    /** The kinds of its keys; empty if it has no certificate. */
    public Set<KeyKind> keys() {
        return keys;
    }

    /** The schemes that it can sign with; those that it offers unless said otherwise. */
    public Set<SignatureScheme> signs() {
        return signs;
    }

    /** The least length of an RSA key, in bits, anywhere in the other end's certificate chain; 0 if it takes any. */
    public int leastRsaBits() {
        return leastRsaBits;
    }

    /** Collects a model. */
    public static final class Builder {
        private final List<TlsVersion> versions;
        private final List<CipherSuite> suites = new ArrayList<>();
        private final List<NamedGroup> keyShares = new ArrayList<>();
        private final Set<KeyKind> keys = new LinkedHashSet<>(List.of(KeyKind.RSA));
        private final Set<SignatureScheme> signs = new LinkedHashSet<>();
        private Optional<List<NamedGroup>> groups = Optional.empty();
        private Optional<List<SignatureScheme>> schemes = Optional.empty();
        private boolean extendedMasterSecret = true;
        private boolean renegotiationInfo = true;
        private int leastRsaBits;

        private Builder(List<TlsVersion> versions) {
            this.versions = versions;
        }

        /** Of all versions, in its order; by default none. */
        public Builder suites(List<CipherSuite> offered) {
            suites.clear();
            suites.addAll(offered);
            return this;
        }

        /** supported_groups; by default the extension is absent. */
        public Builder groups(List<NamedGroup> offered) {
            groups = Optional.of(offered);
            return this;
        }

        /** The groups for which it sends a share in TLS 1.3; by default none. */
        public Builder keyShares(List<NamedGroup> sent) {
            keyShares.clear();
            keyShares.addAll(sent);
            return this;
        }

        /** signature_algorithms; by default the extension is absent. */
        public Builder schemes(List<SignatureScheme> offered) {
            schemes = Optional.of(offered);
            return this;
        }

        /** The schemes that it can sign with, where they are not those that it offers. */
        public Builder signs(List<SignatureScheme> can) {
            signs.clear();
            signs.addAll(can);
            return this;
        }

        /** By default RSA alone; none if it has no certificate. */
        public Builder keys(KeyKind... kinds) {
            keys.clear();
            keys.addAll(List.of(kinds));
            return this;
        }

        /** By default it offers extended_master_secret. */
        public Builder extendedMasterSecret(boolean offered) {
            extendedMasterSecret = offered;
            return this;
        }

        /** By default it offers renegotiation_info, or its SCSV. */
        public Builder renegotiationInfo(boolean offered) {
            renegotiationInfo = offered;
            return this;
        }

        /** The least length of an RSA key in the other end's certificate chain; by default it takes any. */
        public Builder leastRsaBits(int bits) {
            leastRsaBits = bits;
            return this;
        }

        public ClientModel build() {
            return new ClientModel(this);
        }
    }
}
