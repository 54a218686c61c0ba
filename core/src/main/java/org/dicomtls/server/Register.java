package org.dicomtls.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.dicomtls.server.AcceptedConnection.State;

/**
 * All connections of a server by their state and address, and who is next. Not safe for use by several threads: the server
 * has a lock around it.
 */
final class Register {

    /** The connections of one address. */
    private static final class Block {
        private int open;
        private final Set<AcceptedConnection> waiting = new LinkedHashSet<>();
        private final ArrayDeque<AcceptedConnection> queued = new ArrayDeque<>();

        int removable() {
            return waiting.size() + queued.size();
        }
    }

    private final Map<AddressBlock, Block> blocks = new HashMap<>();
    private final Map<State, Set<AcceptedConnection>> byState = new EnumMap<>(State.class);

    /** The addresses that have somebody in the queue; each gets its turn. */
    private final ArrayDeque<Block> turns = new ArrayDeque<>();

    Register() {
        for (State state : State.values()) {
            byState.put(state, new LinkedHashSet<>());
        }
    }

    int open() {
        return byState.values().stream().mapToInt(Set::size).sum();
    }

    int open(AddressBlock address) {
        Block block = blocks.get(address);
        return block == null ? 0 : block.open;
    }

    int count(State state) {
        return byState.get(state).size();
    }

    /** Those in that state, who came into it first at first. */
    List<AcceptedConnection> in(State state) {
        return List.copyOf(byState.get(state));
    }

    /** Those in that state for which it holds, from the first on as long as it holds. */
    List<AcceptedConnection> first(State state, Predicate<AcceptedConnection> holds) {
        List<AcceptedConnection> found = new ArrayList<>();
        for (AcceptedConnection connection : byState.get(state)) {
            if (!holds.test(connection)) {
                break;
            }
            found.add(connection);
        }
        return found;
    }

    void add(AcceptedConnection connection, State state) {
        blocks.computeIfAbsent(connection.block(), b -> new Block()).open++;
        enter(connection, state);
    }

    /** Does nothing when the connection is closed already. */
    boolean move(AcceptedConnection connection, State state) {
        if (connection.state == State.CLOSED) {
            return false;
        }
        leave(connection);
        enter(connection, state);
        return true;
    }

    private void enter(AcceptedConnection connection, State state) {
        connection.state = state;
        if (state != State.CLOSED) {
            byState.get(state).add(connection);
        }
        Block block = blocks.get(connection.block());
        switch (state) {
            case WAITING -> block.waiting.add(connection);
            case QUEUED -> {
                if (block.queued.isEmpty()) {
                    turns.add(block);
                }
                block.queued.add(connection);
            }
            case CLOSED -> {
                if (--block.open == 0) {
                    blocks.remove(connection.block());
                }
            }
            default -> { }
        }
    }

    private void leave(AcceptedConnection connection) {
        byState.get(connection.state).remove(connection);
        Block block = blocks.get(connection.block());
        if (connection.state == State.WAITING) {
            block.waiting.remove(connection);
        } else if (connection.state == State.QUEUED) {
            block.queued.remove(connection);
            if (block.queued.isEmpty()) {
                turns.remove(block);
            }
        }
    }

    /** Who shakes hands next: addresses take turns, and each has a queue. Taken out of it by {@link #move}. */
    Optional<AcceptedConnection> next() {
        Block block = turns.poll();
        if (block == null) {
            return Optional.empty();
        }
        turns.add(block);
        return Optional.of(block.queued.peek());
    }

    /**
     * Who is to make room for one more connection of that address, if anybody is: of the address with the most connections
     * that have no thread yet, who waits longest for its client's first octets, or else who came into the queue last. An
     * address that has fewer of them than the newcomer's own will have is spared.
     */
    Optional<AcceptedConnection> makesRoomFor(AddressBlock newcomer) {
        Block own = blocks.get(newcomer);
        Block most = own;
        for (Block block : blocks.values()) {
            if (most == null || block.removable() > most.removable()) {
                most = block;
            }
        }
        return most == null ? Optional.empty() : makesRoom(most, own);
    }

    /** As {@link #makesRoomFor}, of that address alone. */
    Optional<AcceptedConnection> makesRoomOf(AddressBlock address) {
        Block own = blocks.get(address);
        return own == null ? Optional.empty() : makesRoom(own, own);
    }

    private static Optional<AcceptedConnection> makesRoom(Block block, Block newcomer) {
        if (!block.waiting.isEmpty()) {
            return Optional.of(block.waiting.iterator().next());
        }
        return block != newcomer && block.queued.size() > 1 + (newcomer == null ? 0 : newcomer.removable())
                ? Optional.of(block.queued.peekLast())
                : Optional.empty();
    }

    /** All of them. */
    Collection<AcceptedConnection> all() {
        List<AcceptedConnection> all = new ArrayList<>();
        byState.values().forEach(all::addAll);
        return all;
    }
}
