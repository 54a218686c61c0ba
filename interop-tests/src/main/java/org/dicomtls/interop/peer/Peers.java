package org.dicomtls.interop.peer;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;

/** The peers that are known: those on the class path, and those that are named. */
public final class Peers {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9.-]{0,39}");
    private static final Pattern CLASS =
            Pattern.compile("(?:[\\p{L}_$][\\p{L}\\p{N}_$]*\\.)*[\\p{L}_$][\\p{L}\\p{N}_$]*");

    private Peers() {}

    /**
     * Those that {@link ServiceLoader} finds, each id once; and those of modules that were not built, which are absent.
     *
     * @throws IllegalArgumentException when one of them cannot be loaded, or two have the same id; the message is one line
     */
    public static List<Peer> known() {
        List<Peer> peers = new ArrayList<>();
        try {
            ServiceLoader.load(Peer.class).forEach(peers::add);
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException("a peer on the class path cannot be loaded: " + e.getMessage(), e);
        }
        requireDifferent(peers);
        if (peers.stream().noneMatch(peer -> peer.id().equals(NotBuilt.DCM4CHE.id()))) {
            peers.add(NotBuilt.DCM4CHE);
        }
        return List.copyOf(peers);
    }

    /**
     * Those that are known and those that are named besides.
     *
     * @param words each the name of a class that implements {@link Peer}, a JSON file that describes a peer, or a command
     *     with placeholders
     * @throws IllegalArgumentException when one is none of these, or two peers have the same id; the message is one line
     */
    public static List<Peer> named(List<String> words) {
        List<Peer> peers = new ArrayList<>();
        int commands = 0;
        for (String word : words) {
            if (word.contains("{")) {
                commands++;
                peers.add(CommandPeer.command(commands == 1 ? "command" : "command-" + commands, word));
            } else if (word.endsWith(".json") || new File(word).exists()) {
                peers.add(described(word));
            } else if (CLASS.matcher(word).matches()) {
                peers.add(ofClass(word));
            } else {
                throw new IllegalArgumentException(
                        "'" + word + "' is neither a class, nor a JSON file, nor a command with {port} in it");
            }
        }
        return peers;
    }

    private static Peer described(String file) {
        try {
            return CommandPeer.read(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Peer ofClass(String name) {
        try {
            Class<?> type = Class.forName(name);
            if (!Peer.class.isAssignableFrom(type)) {
                throw new IllegalArgumentException("class " + name + " does not implement " + Peer.class.getName());
            }
            return (Peer) type.getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("class " + name + " is not on the class path", e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new IllegalArgumentException(
                    "class " + name + " is not public, or has no public constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("the constructor of class " + name + " failed: " + e.getCause(), e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException("class " + name + " cannot be loaded: " + e, e);
        }
    }

    /**
     * Makes sure that each peer can be told by its id.
     *
     * @throws IllegalArgumentException when an id is none, or two are the same; the message is one line
     */
    public static void requireDifferent(List<Peer> peers) {
        requireIds("peers", peers.stream().map(Peer::id).toList());
    }

    /**
     * Makes sure that these are ids, and different ones.
     *
     * @param what of what, in the plural
     * @throws IllegalArgumentException when they are not; the message is one line
     */
    public static void requireIds(String what, List<String> ids) {
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (id == null || !ID.matcher(id).matches()) {
                throw new IllegalArgumentException("an id of " + what + ", '" + id
                        + "', is not up to 40 lower-case letters, digits, dots and hyphens");
            }
            if (!seen.add(id)) {
                throw new IllegalArgumentException("two " + what + " are called '" + id + "'");
            }
        }
    }
}
