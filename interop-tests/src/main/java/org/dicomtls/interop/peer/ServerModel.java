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
    private final Chooser shareChooser;
    private final Chooser retryChooser;
    private final List<SignatureScheme> schemes;
    private final Set<SignatureScheme> clientSchemes;
    private final Set<KeyKind> keys;
    private final Optional<DhePrime> dhePrime;
    private final boolean namedFieldsHeeded;
    private final boolean clientCertificateDemanded;
    private final boolean extendedMasterSecret;
    private final boolean renegotiationInfo;
    private final int leastRsaBits;

    private ServerModel(Builder builder) {
        this.versions = List.copyOf(builder.versions);
        this.suites = List.copyOf(builder.suites);
        this.suiteChooser = builder.suiteChooser;
        this.groups = List.copyOf(builder.groups);
        this.groupChooser = builder.groupChooser;
        this.shareChooser = builder.shareChooser;
        this.retryChooser = builder.retryChooser;
        this.schemes = List.copyOf(builder.schemes);
        this.clientSchemes = Set.copyOf(builder.clientSchemes.isEmpty() ? builder.schemes : builder.clientSchemes);
        this.keys = Set.copyOf(builder.keys);
        this.dhePrime = builder.dhePrime;
        this.namedFieldsHeeded = builder.namedFieldsHeeded;
        this.clientCertificateDemanded = builder.clientCertificateDemanded;
        this.extendedMasterSecret = builder.extendedMasterSecret;
        this.renegotiationInfo = builder.renegotiationInfo;
        this.leastRsaBits = builder.leastRsaBits;
    }

    /**
     * The prime that a server uses for DHE before TLS 1.3, when the client names no finite field of RFC 7919.
     *
     * @param bits its length
     * @param group the group of RFC 7919 that it is of; empty for a prime of another origin
     * @param published whether an RFC names it: RFC 7919, or RFC 3526
     */
    public record DhePrime(int bits, Optional<NamedGroup> group, boolean published) {

        /** The prime of a group of RFC 7919. */
        public static DhePrime of(NamedGroup group) {
            return new DhePrime(group.bits(), Optional.of(group), true);
        }
    }

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

    /** Whose order decides on the group before TLS 1.3. */
    public Chooser groupChooser() {
        return groupChooser;
    }

    /** Whose order decides in TLS 1.3 among the groups for which the client sent a share. */
    public Chooser shareChooser() {
        return shareChooser;
    }

    /** Whose order decides in TLS 1.3 if the client sent no share that fits, and is asked for one. */
    public Chooser retryChooser() {
        return retryChooser;
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

    /** Its prime for DHE before TLS 1.3; empty if it has no DHE suite. */
    public Optional<DhePrime> dhePrime() {
        return dhePrime;
    }

    /** Whether a client that names finite fields of RFC 7919 gets one of them, or no DHE suite, before TLS 1.3. */
    public boolean namedFieldsHeeded() {
        return namedFieldsHeeded;
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

    /** The least length of an RSA key, in bits, anywhere in the other end's certificate chain; 0 if it takes any. */
    public int leastRsaBits() {
        return leastRsaBits;
    }

    /** Collects a model. */
    public static final class Builder {
        private final List<TlsVersion> versions;
        private List<CipherSuite> suites = List.of();
        private Chooser suiteChooser = Chooser.SERVER;
        private List<NamedGroup> groups = List.of();
        private Chooser groupChooser = Chooser.CLIENT;
        private Chooser shareChooser = Chooser.CLIENT;
        private Chooser retryChooser = Chooser.SERVER;
        private List<SignatureScheme> schemes = List.of();
        private List<SignatureScheme> clientSchemes = List.of();
        private Set<KeyKind> keys = new LinkedHashSet<>(List.of(KeyKind.RSA));
        private Optional<DhePrime> dhePrime = Optional.empty();
        private boolean namedFieldsHeeded;
        private boolean clientCertificateDemanded = true;
        private boolean extendedMasterSecret = true;
        private boolean renegotiationInfo = true;
        private int leastRsaBits;

        private Builder(List<TlsVersion> versions) {
            this.versions = versions;
        }

        /** Of all versions. */
        public Builder suites(List<CipherSuite> accepted, Chooser chooser) {
            suites = accepted;
            suiteChooser = chooser;
            return this;
        }

        /**
         * Of all versions.
         *
         * @param chooser whose order decides before TLS 1.3
         */
        public Builder groups(List<NamedGroup> accepted, Chooser chooser) {
            groups = accepted;
            groupChooser = chooser;
            return this;
        }

        /** Who decides in TLS 1.3 among the client's shares; by default the client. */
        public Builder sharesChosenBy(Chooser chooser) {
            shareChooser = chooser;
            return this;
        }

        /** Who decides in TLS 1.3 if no share fits; by default the server. */
        public Builder retryChosenBy(Chooser chooser) {
            retryChooser = chooser;
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

        /** By default fields that the client names are not heeded. */
        public Builder namedFieldsHeeded(boolean heeded) {
            namedFieldsHeeded = heeded;
            return this;
        }

        /** Its prime for DHE; by default none. */
        public Builder dhePrime(DhePrime prime) {
            dhePrime = Optional.of(prime);
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

        /** The least length of an RSA key in the other end's certificate chain; by default it takes any. */
        public Builder leastRsaBits(int bits) {
            leastRsaBits = bits;
            return this;
        }

        public ServerModel build() {
            return new ServerModel(this);
        }
    }
}
