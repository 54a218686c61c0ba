package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A client that is a command for each call; its exit status tells whether it went well. */
final class CommandClient implements PeerClient {

    private final Bench bench;
    private final Echo echo;
    private final Optional<Store> store;

    interface Echo {
        List<String> words(String host, int port);
    }

    interface Store {
        List<String> words(String host, int port, Path file);
    }

    CommandClient(Bench bench, Echo echo, Optional<Store> store) {
        this.bench = bench;
        this.echo = echo;
        this.store = store;
    }

    @Override
    public Outcome echo(String host, int port) throws IOException, InterruptedException {
        return run(echo.words(host, port));
    }

    @Override
    public Outcome store(String host, int port, Path file) throws IOException, InterruptedException {
        return store.isPresent()
                ? run(store.get().words(host, port, file))
                : PeerClient.super.store(host, port, file);
    }

    private Outcome run(List<String> words) throws IOException, InterruptedException {
        return PeerProcess.run(words, bench.log(), bench.timeout())
                .map(status -> status == 0 ? Outcome.SUCCEEDED : Outcome.failed("exit status " + status))
                .orElse(Outcome.failed("not done within " + bench.timeout().toSeconds() + " s"));
    }

    @Override
    public void close() {
        // Each command has ended by itself.
    }
}
