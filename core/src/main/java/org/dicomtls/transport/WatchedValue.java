package org.dicomtls.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What one transport has of watched files: the value in use, and what became of the newest change. Not safe for several
 * threads; its transport sees to that.
 */
final class WatchedValue<T> {

    /**
     * How long something that is not in order must stay as it is before it is reported: two files are not replaced at the
     * same moment, and a file that is written over is cut short for a moment.
     */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Reload.What what;
    private final Watched<T> watched;

    /** Why what was read cannot be used in this transport, if so. */
    private final Function<T, Optional<String>> objection;

    private final Duration patience;

    private T value;
    private FileState seen;
    private FileState used;
    private T candidate;
    private String problem;
    private long problemSince;
    private boolean reported;

    WatchedValue(Reload.What what, Watched<T> watched, Function<T, Optional<String>> objection, Duration patience) {
        this.patience = patience;
        this.what = what;
        this.watched = watched;
        this.objection = objection;
        this.value = watched.first();
        this.seen = watched.state();
        this.used = watched.state();
    }

    T value() {
        return value;
    }

    /**
     * Looks whether the files have changed, and takes what they hold if it is in order.
     *
     * @param now by {@link System#nanoTime()}
     * @param events are told, once, of each change
     * @return whether the value is another one now
     */
    boolean look(long now, Consumer<Reload> events) {
        if (watched.files().isEmpty()) {
            return false;
        }
        FileState faces = FileState.facesOf(watched.files());
        if (!faces.looksLike(seen) || !seen.settled()) {
            read(now);
        }
        boolean taken = candidate != null && take(now);
        if (taken) {
            events.accept(new Reload(what, watched.files(), Optional.empty()));
        } else if (problem != null && !reported && now - problemSince >= patience.toNanos()) {
            reported = true;
            events.accept(new Reload(what, watched.files(), Optional.of(problem)));
        }
        return taken;
    }

    private void read(long now) {
        FileState state = FileState.of(watched.files());
        boolean same = state.holdsTheSameAs(seen);
        if (!same && state.holdsTheSameAs(used)) {
            candidate = null; // what had changed was changed back
            problem = null;
        } else if (!same) {
            try {
                candidate = watched.source().read();
                problem = null;
            } catch (CredentialException | RuntimeException e) {
                candidate = null;
                problem(now, PemFile.oneLine(e));
            }
            if (!FileState.of(watched.files()).holdsTheSameAs(state)) {
                candidate = null; // it was written while we read; the next look sees it as it is then
                problem = null;
                return;
            }
        }
        seen = state;
    }

    /** Something may be right later that is not now, such as a certificate that is valid from tomorrow. */
    private boolean take(long now) {
        Optional<String> objected = objection.apply(candidate);
        if (objected.isPresent()) {
            if (problem == null) {
                problem(now, objected.get());
            }
            return false;
        }
        value = candidate;
        used = seen;
        candidate = null;
        problem = null;
        return true;
    }

    private void problem(long now, String text) {
        problem = text;
        problemSince = now;
        reported = false;
    }
}
