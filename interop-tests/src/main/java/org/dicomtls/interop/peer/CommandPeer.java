package org.dicomtls.interop.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.TextFile;
import org.dicomtls.rule.Role;

/**
 * A lab's own device, run by commands: described in a JSON file, or by one command alone. See {@code docs/interop.md}.
 */
public final class CommandPeer implements Peer {

    private static final long LARGEST = 1 << 20;
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]{1,255}):(\\d{1,5})");
    private static final Set<String> KEYS_AND_PLACE = Set.of("ca", "cert", "key", "cert-ecdsa", "key-ecdsa", "dir");
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String id;
    private final String title;
    private final Optional<CommandTemplate> version;
    private final List<PeerConfiguration> configurations;

    private CommandPeer(
            String id, String title, Optional<CommandTemplate> version, List<PeerConfiguration> configurations) {
        this.id = id;
        this.title = title;
        this.version = version;
        this.configurations = configurations;
    }

    /**
     * Reads the description of a peer.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException when it describes no peer; the message is one line
     */
    public static CommandPeer read(Path file) throws IOException {
        String text = TextFile.read(file, LARGEST, "the description of a peer");
        try {
            return of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * A peer of one command: a client that does a C-ECHO, if {@code {host}} stands in it, else a server that does not
     * store.
     *
     * @throws IllegalArgumentException when it is neither; the message is one line
     */
    public static CommandPeer command(String id, String command) {
        ObjectNode json = Json.object().put("id", id).put("title", id);
        ObjectNode configuration = json.putArray("configurations").addObject().put("id", "default").put("title", command);
        if (command.contains("{host}")) {
            configuration.putObject("client").put("echo", command);
        } else {
            configuration.putObject("server").put("start", command);
        }
        return of(json);
    }

    private static CommandPeer of(JsonNode json) {
        requireKeys(json, "a peer", Set.of("id", "title", "version", "configurations"));
        String id = text(json, "id");
        Peers.requireIds("peers", List.of(id));
        List<PeerConfiguration> configurations = new ArrayList<>();
        for (JsonNode one : json.path("configurations")) {
            configurations.add(configuration(one));
        }
        Peers.requireIds("configurations", configurations.stream().map(PeerConfiguration::id).toList());
        if (configurations.isEmpty()) {
            throw new IllegalArgumentException("'configurations' is a list of at least one");
        }
        return new CommandPeer(
                id,
                json.has("title") ? text(json, "title") : id,
                json.has("version") ? Optional.of(CommandTemplate.of(text(json, "version"), Set.of())) : Optional.empty(),
                List.copyOf(configurations));
    }

    private static Configured configuration(JsonNode json) {
        requireKeys(json, "a configuration", Set.of("id", "title", "server", "client"));
        Configured configuration = Configured.of(text(json, "id"), json.has("title") ? text(json, "title") : "");
        List<Role> stores = new ArrayList<>();
        if (json.has("server")) {
            JsonNode server = json.get("server");
            requireKeys(server, "a server", Set.of("start", "address", "stores", "kept", "echoesLines", "model"));
            configuration = configuration.serving(model(server, ModelJson::server), server(server));
            if (flag(server, "stores")) {
                stores.add(Role.SERVER);
            }
            if (flag(server, "echoesLines")) {
                configuration = configuration.echoingLines();
            }
        }
        if (json.has("client")) {
            JsonNode client = json.get("client");
            requireKeys(client, "a client", Set.of("echo", "store", "model"));
            CommandTemplate echo = CommandTemplate.of(text(client, "echo"), allowed("host", "port"), "port");
            Optional<CommandTemplate> store = client.has("store")
                    ? Optional.of(CommandTemplate.of(text(client, "store"), allowed("host", "port", "file"), "file"))
                    : Optional.empty();
            store.ifPresent(s -> stores.add(Role.CLIENT));
            configuration = configuration.calling(model(client, ModelJson::client), bench -> call(bench, echo, store));
        }
        if (configuration.roles().isEmpty()) {
            throw new IllegalArgumentException("configuration '" + configuration.id() + "' has neither 'server' nor 'client'");
        }
        return configuration.storing(stores.toArray(Role[]::new));
    }

    /** One that is started here, or one that runs somewhere by itself. */
    private static Configured.Start<PeerServer> server(JsonNode json) {
        if (json.has("address") == json.has("start")) {
            throw new IllegalArgumentException("a server has either 'start' or 'address'");
        }
        Optional<String> kept = json.has("kept") ? Optional.of(text(json, "kept")) : Optional.empty();
        if (flag(json, "stores") && json.has("address") && kept.isEmpty()) {
            throw new IllegalArgumentException("where does the server at 'address' keep what is stored? 'kept' is missing");
        }
        if (json.has("start")) {
            CommandTemplate start = CommandTemplate.of(text(json, "start"), allowed("port"), "port");
            return bench -> serve(bench, start, kept);
        }
        Matcher address = ADDRESS.matcher(text(json, "address"));
        if (!address.matches() || Integer.parseInt(address.group(2)) > 65535) {
            throw new IllegalArgumentException("'address' is HOST:PORT, not '" + text(json, "address") + "'");
        }
        return bench -> new Elsewhere(address.group(1), Integer.parseInt(address.group(2)), kept.map(Path::of));
    }

    /** A server that nobody starts or ends here. */
    private record Elsewhere(String host, int port, Optional<Path> kept) implements PeerServer {
        @Override
        public Optional<Path> stored(String sopInstance) throws IOException {
            return kept.isPresent() ? StoredFiles.find(kept.get(), sopInstance) : Optional.empty();
        }

        @Override
        public void close() {
            // It is not ours to end.
        }
    }

    private static <T> Optional<T> model(JsonNode json, Function<JsonNode, T> reading) {
        return json.has("model") ? Optional.of(reading.apply(json.get("model"))) : Optional.empty();
    }

    private static Set<String> allowed(String... more) {
        Set<String> allowed = new HashSet<>(KEYS_AND_PLACE);
        allowed.addAll(List.of(more));
        return allowed;
    }

    private static PeerServer serve(Bench bench, CommandTemplate start, Optional<String> kept)
            throws IOException, InterruptedException {
        int port = bench.freePort();
        Map<String, String> values = values(bench, Role.SERVER);
        values.put("port", Integer.toString(port));
        Path directory = kept.map(text -> Path.of(text.replace("{dir}", values.get("dir")))).orElse(bench.directory());
        return ProcessServer.start(start.words(values), port, directory, bench);
    }

    private static PeerClient call(Bench bench, CommandTemplate echo, Optional<CommandTemplate> store) {
        return new CommandClient(
                bench,
                (host, port) -> echo.words(values(bench, host, port)),
                store.map(template -> (host, port, file) -> {
                    Map<String, String> values = values(bench, host, port);
                    values.put("file", file.toString());
                    return template.words(values);
                }));
    }

    private static Map<String, String> values(Bench bench, String host, int port) {
        Map<String, String> values = values(bench, Role.CLIENT);
        values.put("host", host);
        values.put("port", Integer.toString(port));
        return values;
    }

    private static Map<String, String> values(Bench bench, Role role) {
        Map<String, String> values = new HashMap<>();
        values.put("dir", bench.directory().toString());
        values.put("ca", bench.authority().toString());
        values.put("cert", bench.certificate(role, KeyKind.RSA).toString());
        values.put("key", bench.key(role, KeyKind.RSA).toString());
        values.put("cert-ecdsa", bench.certificate(role, KeyKind.ECDSA).toString());
        values.put("key-ecdsa", bench.key(role, KeyKind.ECDSA).toString());
        return values;
    }

    private static void requireKeys(JsonNode json, String what, Set<String> known) {
        if (!json.isObject()) {
            throw new IllegalArgumentException(what + " is a JSON object");
        }
        for (String key : (Iterable<String>) json::fieldNames) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(
                        "unknown key '" + key + "' in " + what + "; known: " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    private static String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new IllegalArgumentException("'" + key + "' is missing, or no text");
        }
        return value.asText();
    }

    private static boolean flag(JsonNode json, String key) {
        JsonNode value = json.get(key);
        if (value != null && !value.isBoolean()) {
            throw new IllegalArgumentException("'" + key + "' is true or false");
        }
        return value != null && value.asBoolean();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    /** If it has a command that tells its version, that must run; else it is taken for present. */
    @Override
    public Presence presence() throws InterruptedException {
        if (version.isEmpty()) {
            return Presence.installed("unknown");
        }
        List<String> words = version.get().words(Map.of());
        return PeerProcess.said(words)
                .map(said -> Presence.installed(Versions.in(said)))
                .orElse(Presence.missing("'" + String.join(" ", words) + "' cannot be run, or fails"));
    }

    @Override
    public List<PeerConfiguration> configurations() {
        return configurations;
    }
}
