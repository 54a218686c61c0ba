package org.dicomtls.interop.peer;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** What a peer accepts as a server, and how it chooses among what both ends have. Immutable. */
public final class ServerModel {

    private final List<TlsVersion> versions;
    private final List<CipherSuite> suites;
    private final Chooser suiteChooser;
    private final List<NamedGroup> groups;
    private final Chooser groupChooser;
    private final List<SignatureScheme> schemes;
    private final Set<SignatureScheme> clientSchemes;
    private final Set<KeyKind> keys;
    private final Optional<DhePrime> dhePrime;
    private final boolean clientCertificateDemanded;
    private final boolean extendedMasterSecret;
    private final boolean renegotiationInfo;

    private ServerModel(Builder builder) {
        this.versions = List.copyOf(builder.versions);
        this.suites = List.copyOf(builder.suites);
        this.suiteChooser = builder.suiteChooser;
        this.groups = List.copyOf(builder.groups);
        this.groupChooser = builder.groupChooser;
        this.schemes = List.copyOf(builder.schemes);
        this.clientSchemes = Set.copyOf(builder.clientSchemes.isEmpty() ? builder.schemes : builder.clientSchemes);
        this.keys = Set.copyOf(builder.keys);
        this.dhePrime = builder.dhePrime;
        this.clientCertificateDemanded = builder.clientCertificateDemanded;
        this.extendedMasterSecret = builder.extendedMasterSecret;
        this.renegotiationInfo = builder.renegotiationInfo;
    }

    /**
     * The prime that a server uses for DHE before TLS 1.3, when the client names no finite field of RFC 7919.
     *
     * @param bits its length
     * @param group the group of RFC 7919 that it is of; empty for a prime of another origin
     */
    public record DhePrime(int bits, Optional<NamedGroup> group) {}

    /** A model to be filled; every list is empty at first, in order of preference later. */
    public static Builder of(TlsVersion... newestFirst) {
        return new Builder(List.of(newestFirst));
    }

    /** Newest first: the newest that both ends have is negotiated. */
    public List<TlsVersion> versions() {
        return versions;
    }

    /** Of all versions, in its order of preference. */
    public List<CipherSuite> suites() {
        return suites;
    }

    /** Whose order decides on the suite. */
    public Chooser suiteChooser() {
        return suiteChooser;
    }

    /** In its order of preference. */
    public List<NamedGroup> groups() {
        return groups;
    }

    /** Whose order decides on the group; in TLS 1.3 among those for which the client sent a share, if there is one. */
    public Chooser groupChooser() {
        return groupChooser;
    }

    /** What it can sign with. */
    public List<SignatureScheme> schemes() {
        return schemes;
    }

    /** What it takes of clients under their certificates. */
    public Set<SignatureScheme> clientSchemes() {
        return clientSchemes;
    }

    /** The kinds of its keys. */
    public Set<KeyKind> keys() {
        return keys;
    }

    /** Its prime for DHE before TLS 1.3; empty if it has no DHE suite, or takes groups of RFC 7919 only. */
    public Optional<DhePrime> dhePrime() {
        return dhePrime;
    }

    /** Whether a client without a certificate is refused. */
    public boolean clientCertificateDemanded() {
        return clientCertificateDemanded;
    }

    /** Whether it answers extended_master_secret. */
    public boolean extendedMasterSecret() {
        return extendedMasterSecret;
    }

    /** Whether it answers renegotiation_info. */
    public boolean renegotiationInfo() {
        return renegotiationInfo;
    }

    /** Collects a model. */
    public static final class Builder {
        private final List<TlsVersion> versions;
        private List<CipherSuite> suites = List.of();
        private Chooser suiteChooser = Chooser.SERVER;
        private List<NamedGroup> groups = List.of();
        private Chooser groupChooser = Chooser.CLIENT;
        private List<SignatureScheme> schemes = List.of();
        private List<SignatureScheme> clientSchemes = List.of();
        private Set<KeyKind> keys = new LinkedHashSet<>(List.of(KeyKind.RSA));
        private Optional<DhePrime> dhePrime = Optional.empty();
        private boolean clientCertificateDemanded = true;
        private boolean extendedMasterSecret = true;
        private boolean renegotiationInfo = true;

        private Builder(List<TlsVersion> versions) {
            this.versions = versions;
        }

        /** Of all versions. */
        public Builder suites(List<CipherSuite> accepted, Chooser chooser) {
            suites = accepted;
            suiteChooser = chooser;
            return this;
        }

        public Builder groups(List<NamedGroup> accepted, Chooser chooser) {
            groups = accepted;
            groupChooser = chooser;
            return this;
        }

        /** What it can sign with. */
        public Builder schemes(List<SignatureScheme> can) {
            schemes = can;
            return this;
        }

        /** What it takes of clients, where that is not what it can sign with. */
        public Builder clientSchemes(List<SignatureScheme> taken) {
            clientSchemes = taken;
            return this;
        }

        /** By default RSA alone. */
        public Builder keys(KeyKind... kinds) {
            keys = new LinkedHashSet<>(List.of(kinds));
            return this;
        }

        /** A prime of RFC 7919. */
        public Builder dhePrime(NamedGroup group) {
            dhePrime = Optional.of(new DhePrime(group.bits(), Optional.of(group)));
            return this;
        }

        /** A prime of another origin. */
        public Builder dhePrime(int bits) {
            dhePrime = Optional.of(new DhePrime(bits, Optional.empty()));
            return this;
        }

        /** By default a client certificate is demanded. */
        public Builder clientCertificateDemanded(boolean demanded) {
            clientCertificateDemanded = demanded;
            return this;
        }

        /** By default it answers extended_master_secret. */
        public Builder extendedMasterSecret(boolean answered) {
            extendedMasterSecret = answered;
            return this;
        }

        /** By default it answers renegotiation_info. */
        public Builder renegotiationInfo(boolean answered) {
            renegotiationInfo = answered;
            return this;
        }

        public ServerModel build() {
            return new ServerModel(this);
        }
    }
}
