package org.dicomtls.interop.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * One value that a tool offers and no other, e.g. one suite.
 *
 * @param code the code point, four hexadecimal digits
 * @param name what the tool calls it
 * @param command the tool's command line for a port
 */
record Offer(String code, String name, Function<Integer, List<String>> command) {
    private static final int AT_ONCE = 4;

    @Override
    public String toString() {
        return code + " " + name;
    }

    /** A way that may or may not make a tool offer a single value. */
    record Candidate(String name, Function<Integer, List<String>> command) {}

    /** Those that make the tool offer just one value, judged by its ClientHello; the first of equals. */
    static List<Offer> among(List<Candidate> candidates, Function<ClientHello, Set<String>> what) {
        List<Optional<Offer>> seen = all(
                candidates,
                candidate -> ClientHello.of(candidate.command())
                        .map(what)
                        .filter(codes -> codes.size() == 1)
                        .map(codes -> new Offer(codes.iterator().next(), candidate.name(), candidate.command())));
        Map<String, Offer> offers = new LinkedHashMap<>();
        seen.forEach(offer -> offer.ifPresent(o -> offers.putIfAbsent(o.code(), o)));
        return List.copyOf(offers.values());
    }

    /** A few at a time, in order. */
    static <A, B> List<B> all(List<A> items, Function<A, B> task) {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<B>> futures = pool.invokeAll(
                    items.stream().<Callable<B>>map(item -> () -> task.apply(item)).toList());
            List<B> results = new java.util.ArrayList<>();
            for (Future<B> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
