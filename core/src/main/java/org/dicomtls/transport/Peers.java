package org.dicomtls.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which peers may connect, and which AE titles each may use. Who has a certificate of a trusted authority and is not on
 * the list is refused in the handshake; who is on it and calls itself by a title that is not its own is refused when it
 * asks for the association ({@link SecureTransport#judge}). Immutable.
 */
public final class Peers {

    private static final long LARGEST = 1 << 20;
    private static final int LONGEST_TITLE = 16;
    private static final Peers ANY = new Peers(List.of(), true);

    /** The titles that a certificate with all of those traits may use; none stands for any. */
    private record Entry(Set<String> titles, List<PeerTrait> traits) {
        boolean matches(List<X509Certificate> path) {
            return traits.stream().allMatch(trait -> trait.matches(path));
        }
    }

    private final List<Entry> entries;
    private final boolean any;

    private Peers(List<Entry> entries, boolean any) {
        this.entries = List.copyOf(entries);
        this.any = any;
    }

    /** Everybody whom the transport trusts, under any AE title. */
    public static Peers any() {
        return ANY;
    }

    /** Nobody, to begin a list with {@link #with}. */
    public static Peers none() {
        return new Peers(List.of(), false);
    }

    /**
     * This list with one more line. A list that has begun as {@link #any()} is one of this line alone.
     *
     * @param titles AE titles, each of 1 to 16 characters; empty for any title
     * @param traits what the certificate must have, all of it; at least one
     * @throws IllegalArgumentException when a title is none, or no trait is given
     */
    public Peers with(Set<String> titles, PeerTrait... traits) {
        if (traits.length == 0) {
            throw new IllegalArgumentException("a peer by nothing would be everybody");
        }
        Set<String> checked = new LinkedHashSet<>();
        titles.forEach(title -> checked.add(title(title)));
        List<Entry> more = new ArrayList<>(entries);
        more.add(new Entry(Set.copyOf(checked), List.of(traits)));
        return new Peers(more, false);
    }

    /**
     * Reads a list: on each line AE titles, an equals sign, and by what the certificate is recognised. Lines that are
     * empty or begin with {@code #} are left out.
     *
     * <pre>
     * # titles, or * for any  =  what the certificate has; of several traits, all
     * CT1, CT2 = spki:8f43…
     * MR1      = dns:mr1.example.org; ca:CN=Modality CA,O=Hospital
     * *        = ca:CN=Partner CA,O=Other Hospital
     * </pre>
     *
     * The kinds are those of {@link PeerTrait.Kind}. A semicolon in a subject is written {@code \\;}.
     *
     * @throws CredentialException when the file cannot be read, a line cannot be understood, or there is none
     */
    public static Peers read(Path file) throws CredentialException {
        Peers peers = none();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            try {
                peers = peers.with(line);
            } catch (IllegalArgumentException e) {
                throw new CredentialException(file + ":" + number + ": " + PemFile.oneLine(e), e);
            }
        }
        if (peers.entries.isEmpty()) {
            throw new CredentialException(file + ": names no peer");
        }
        return peers;
    }

    /**
     * What {@link #read} makes of that file at any time: give it to {@link SecureTransport.Builder#peers(Watched)}.
     *
     * @throws CredentialException when it cannot be used now
     */
    public static Watched<Peers> watched(Path file) throws CredentialException {
        return Watched.of(() -> read(file), file);
    }

    private static List<String> lines(Path file) throws CredentialException {
        byte[] octets = BoundedFile.read(file, LARGEST, "list of peers");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString().lines().toList();
        } catch (CharacterCodingException e) {
            throw new CredentialException(file + ": is not UTF-8 text", e);
        }
    }

    private Peers with(String line) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no equals sign between AE titles and traits");
        }
        String left = line.substring(0, equals).strip();
        Set<String> titles = new LinkedHashSet<>();
        if (!left.equals("*")) {
            Arrays.stream(left.split(",", -1)).forEach(titles::add);
        }
        PeerTrait[] traits = Arrays.stream(line.substring(equals + 1).split("(?<!\\\\);", -1))
                .map(PeerTrait::parse)
                .toArray(PeerTrait[]::new);
        return with(titles, traits);
    }

    /** As PS3.5 §6.2 has AE titles: spaces around them are none of them. */
    private static String title(String text) {
        String title = text.strip();
        boolean printable = title.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '\\');
        if (title.isEmpty() || title.length() > LONGEST_TITLE || !printable) {
            throw new IllegalArgumentException("'" + Printable.of(title, 40)
                    + "' is not an AE title (1 to 16 characters of the default repertoire, no backslash)");
        }
        return title;
    }

    /** Whether this is a list; otherwise everybody may connect under any title. */
    public boolean listed() {
        return !any;
    }

    /** Why a peer with that path may not connect at all; empty if it may. */
    Optional<String> objection(List<X509Certificate> path) {
        return any || entries.stream().anyMatch(e -> e.matches(path))
                ? Optional.empty()
                : Optional.of("it is not on the list of peers");
    }

    /**
     * Why a peer with that path may not use that AE title; empty if it may.
     *
     * @param path its own certificate first; empty for a peer without one
     */
    Optional<String> objection(List<X509Certificate> path, String aeTitle) {
        if (any) {
            return Optional.empty();
        }
        if (path.isEmpty()) {
            return Optional.of("the peer presented no certificate, and who may use which AE title is known by certificate");
        }
        List<Entry> its = entries.stream().filter(e -> e.matches(path)).toList();
        if (its.isEmpty()) {
            return objection(path);
        }
        if (its.stream().anyMatch(e -> e.titles().isEmpty() || e.titles().contains(aeTitle.strip()))) {
            return Optional.empty();
        }
        Set<String> titles = new TreeSet<>();
        its.forEach(e -> titles.addAll(e.titles()));
        return Optional.of("the AE title is not one of its own: " + String.join(", ", titles));
    }

    @Override
    public String toString() {
        return any ? "any peer" : entries.size() + (entries.size() == 1 ? " line of peers" : " lines of peers");
    }
}
