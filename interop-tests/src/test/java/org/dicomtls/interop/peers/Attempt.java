package org.dicomtls.interop.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection by a tool that hands its standard input to the server and the server's octets to its standard output.
 * Only the server's A-ASSOCIATE-AC is a success: with TLS 1.3 a tool ends its handshake before the server has seen its
 * certificate. Only an alert of the server is a refusal, or that it closes in the middle of what the tool writes: a tool that
 * gives up by itself tells nothing about the server.
 */
record Attempt(Outcome outcome, Optional<Integer> alert, String said) {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int MOST_OCTETS = 64 * 1024;
    private static final Pattern ALERT = Pattern.compile("SSL alert number (\\d+)|Received alert \\[(\\d+)]");

    // With TLS 1.3 the tool may still be writing when the server closes; then it never reads the alert.
    private static final Pattern CUT_OFF =
            Pattern.compile("(?:read|write):errno=(?:32|104)|Error in the (?:push|pull) function|Connection reset by peer");
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "attempt-deadline");
        thread.setDaemon(true);
        return thread;
    });

    enum Outcome {
        /** The server answered in DICOM. */
        ACCEPTED,
        /** The server sent an alert, or cut the tool off. */
        REFUSED,
        /** Neither: the tool gave up by itself. */
        UNDECIDED,
        /** Nothing happened at all. */
        HUNG
    }

    static Attempt of(List<String> command) {
        Process process = null;
        Future<?> watch = null;
        AtomicBoolean hung = new AtomicBoolean();
        try {
            process = new ProcessBuilder(command).start();
            Process started = process;
            watch = WATCH.schedule(
                    () -> {
                        hung.set(true);
                        started.destroyForcibly();
                    },
                    DEADLINE.toMillis(),
                    TimeUnit.MILLISECONDS);
            ask(process.getOutputStream());
            int first = first(process.getInputStream());
            if (first == Requests.ASSOCIATE_AC) {
                return new Attempt(Outcome.ACCEPTED, Optional.empty(), "");
            }
            String said = new String(process.getErrorStream().readNBytes(MOST_OCTETS), StandardCharsets.UTF_8);
            Matcher alert = ALERT.matcher(said);
            if (alert.find()) {
                String number = alert.group(1) == null ? alert.group(2) : alert.group(1);
                return new Attempt(Outcome.REFUSED, Optional.of(Integer.valueOf(number)), said);
            }
            if (!hung.get() && CUT_OFF.matcher(said).find()) {
                return new Attempt(Outcome.REFUSED, Optional.empty(), said);
            }
            return new Attempt(hung.get() ? Outcome.HUNG : Outcome.UNDECIDED, Optional.empty(), command + "\n" + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (watch != null) {
                watch.cancel(false);
            }
            if (process != null) {
                process.destroyForcibly();
                try {
                    process.waitFor(5, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** The input stays open: at its end the tools close the connection. */
    private static void ask(OutputStream in) {
        try {
            in.write(Requests.verification());
            in.flush();
        } catch (IOException e) {
            // It ended already; its output says why.
        }
    }

    private static int first(InputStream out) {
        try {
            return out.read();
        } catch (IOException e) {
            return -1;
        }
    }
}
