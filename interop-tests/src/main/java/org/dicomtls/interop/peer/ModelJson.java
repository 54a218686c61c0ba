package org.dicomtls.interop.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.dicomtls.interop.peer.ServerModel.DhePrime;
import org.dicomtls.interop.report.Json;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.predict.Offer;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/**
 * Models of peers as JSON: lists are IANA names with blanks between them. What a report says of a peer that was measured
 * can be written into the description of that peer.
 */
public final class ModelJson {

    private static final Set<String> CLIENT_KEYS = Set.of(
            "versions", "suites", "groups", "keyShares", "schemes", "signs", "keys", "extendedMasterSecret",
            "renegotiationInfo", "leastRsaBits");
    private static final Set<String> SERVER_KEYS = Set.of(
            "versions", "suites", "suitesChosenBy", "groups", "groupsChosenBy", "sharesChosenBy", "retryChosenBy", "schemes",
            "clientSchemes", "keys", "dhePrime", "namedFieldsHeeded", "clientCertificateDemanded", "extendedMasterSecret",
            "renegotiationInfo", "leastRsaBits");

    private ModelJson() {}

    /** A client's model. */
    public static ObjectNode of(ClientModel model) {
        Offer offer = model.offer();
        ObjectNode json = Json.object()
                .put("versions", words(offer.versions()))
                .put("suites", words(offer.suites()));
        offer.groups().ifPresent(groups -> json.put("groups", words(groups)));
        json.put("keyShares", words(offer.keyShares()));
        offer.schemes().ifPresent(schemes -> json.put("schemes", words(schemes)));
        return json.put("signs", words(new TreeSet<>(model.signs())))
                .put("keys", keys(model.keys()))
                .put("extendedMasterSecret", offer.extendedMasterSecret())
                .put("renegotiationInfo", offer.renegotiationInfo())
                .put("leastRsaBits", model.leastRsaBits());
    }

    /** A server's model. */
    public static ObjectNode of(ServerModel model) {
        ObjectNode json = Json.object()
                .put("versions", words(model.versions()))
                .put("suites", words(model.suites()))
                .put("suitesChosenBy", word(model.suiteChooser()))
                .put("groups", words(model.groups()))
                .put("groupsChosenBy", word(model.groupChooser()))
                .put("sharesChosenBy", word(model.shareChooser()))
                .put("retryChosenBy", word(model.retryChooser()))
                .put("schemes", words(model.schemes()))
                .put("clientSchemes", words(new TreeSet<>(model.clientSchemes())))
                .put("keys", keys(model.keys()));
        model.dhePrime().ifPresent(prime -> json.put("dhePrime", prime(prime)));
        return json.put("namedFieldsHeeded", model.namedFieldsHeeded())
                .put("clientCertificateDemanded", model.clientCertificateDemanded())
                .put("extendedMasterSecret", model.extendedMasterSecret())
                .put("renegotiationInfo", model.renegotiationInfo())
                .put("leastRsaBits", model.leastRsaBits());
    }

    /**
     * A client's model as {@link #of(ClientModel)} writes it; what is left out has the default of the builder.
     *
     * @throws IllegalArgumentException when it holds anything else; the message is one line
     */
    public static ClientModel client(JsonNode json) {
        requireKeys(json, CLIENT_KEYS);
        ClientModel.Builder builder = ClientModel.of(versions(json));
        text(json, "suites", names -> builder.suites(Names.suites(names)));
        text(json, "groups", names -> builder.groups(Names.groups(names)));
        text(json, "keyShares", names -> builder.keyShares(Names.groups(names)));
        text(json, "schemes", names -> builder.schemes(Names.schemes(names)));
        text(json, "signs", names -> builder.signs(Names.schemes(names)));
        text(json, "keys", names -> builder.keys(keys(names)));
        flag(json, "extendedMasterSecret", builder::extendedMasterSecret);
        flag(json, "renegotiationInfo", builder::renegotiationInfo);
        number(json, "leastRsaBits", builder::leastRsaBits);
        return builder.build();
    }

    /**
     * A server's model as {@link #of(ServerModel)} writes it; what is left out has the default of the builder.
     *
     * @throws IllegalArgumentException when it holds anything else; the message is one line
     */
    public static ServerModel server(JsonNode json) {
        requireKeys(json, SERVER_KEYS);
        ServerModel.Builder builder = ServerModel.of(versions(json));
        text(json, "suites", names -> builder.suites(
                Names.suites(names), chooser(json, "suitesChosenBy", Chooser.SERVER)));
        text(json, "groups", names -> builder.groups(
                Names.groups(names), chooser(json, "groupsChosenBy", Chooser.CLIENT)));
        builder.sharesChosenBy(chooser(json, "sharesChosenBy", Chooser.CLIENT))
                .retryChosenBy(chooser(json, "retryChosenBy", Chooser.SERVER));
        text(json, "schemes", names -> builder.schemes(Names.schemes(names)));
        text(json, "clientSchemes", names -> builder.clientSchemes(Names.schemes(names)));
        text(json, "keys", names -> builder.keys(keys(names)));
        text(json, "dhePrime", value -> builder.dhePrime(prime(value)));
        flag(json, "namedFieldsHeeded", builder::namedFieldsHeeded);
        flag(json, "clientCertificateDemanded", builder::clientCertificateDemanded);
        flag(json, "extendedMasterSecret", builder::extendedMasterSecret);
        flag(json, "renegotiationInfo", builder::renegotiationInfo);
        number(json, "leastRsaBits", builder::leastRsaBits);
        return builder.build();
    }

    private static void requireKeys(JsonNode json, Set<String> known) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("a model is a JSON object");
        }
        for (String key : (Iterable<String>) json::fieldNames) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(
                        "unknown key '" + key + "' in a model; known: " + String.join(", ", new TreeSet<>(known)));
            }
        }
        if (!json.path("versions").isTextual() || !json.path("suites").isTextual()) {
            throw new IllegalArgumentException("a model has 'versions' and 'suites', IANA names with blanks between them");
        }
    }

    private static TlsVersion[] versions(JsonNode json) {
        return Names.versions(json.path("versions").asText()).toArray(TlsVersion[]::new);
    }

    private static void text(JsonNode json, String key, Consumer<String> taker) {
        JsonNode value = json.get(key);
        if (value == null) {
            return;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("'" + key + "' is a text");
        }
        taker.accept(value.asText());
    }

    private static void flag(JsonNode json, String key, Consumer<Boolean> taker) {
        JsonNode value = json.get(key);
        if (value == null) {
            return;
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("'" + key + "' is true or false");
        }
        taker.accept(value.asBoolean());
    }

    private static void number(JsonNode json, String key, Consumer<Integer> taker) {
        JsonNode value = json.get(key);
        if (value == null) {
            return;
        }
        if (!value.isInt() || value.asInt() < 0) {
            throw new IllegalArgumentException("'" + key + "' is a number of bits");
        }
        taker.accept(value.asInt());
    }

    private static Chooser chooser(JsonNode json, String key, Chooser otherwise) {
        String value = json.path(key).asText("");
        return switch (value) {
            case "" -> otherwise;
            case "server" -> Chooser.SERVER;
            case "client" -> Chooser.CLIENT;
            default -> throw new IllegalArgumentException("'" + key + "' is server or client, not '" + value + "'");
        };
    }

    private static String word(Chooser chooser) {
        return chooser.name().toLowerCase(Locale.ROOT);
    }

    private static String words(Collection<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    /** {@code rsa}, or the name of a curve. */
    private static String keys(Set<KeyKind> kinds) {
        return kinds.stream()
                .map(kind -> kind.curve().map(NamedGroup::name).orElse(kind.algorithm().toLowerCase(Locale.ROOT)))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static KeyKind[] keys(String names) {
        List<KeyKind> kinds = new ArrayList<>();
        for (String name : names.trim().split("\\s+")) {
            if (name.equals("rsa")) {
                kinds.add(KeyKind.RSA);
            } else if (!name.isEmpty()) {
                kinds.add(new KeyKind("EC", Optional.of(Names.groups(name).get(0))));
            }
        }
        return kinds.toArray(KeyKind[]::new);
    }

    /** The name of a group, or the length of a prime; with the word published behind it if an RFC names it. */
    private static String prime(DhePrime prime) {
        return prime.group().map(NamedGroup::name).orElse(prime.bits() + (prime.published() ? " published" : ""));
    }

    private static DhePrime prime(String value) {
        String[] words = value.trim().split("\\s+");
        if (words[0].matches("\\d{3,5}") && (words.length == 1 || words.length == 2 && words[1].equals("published"))) {
            return new DhePrime(Integer.parseInt(words[0]), Optional.empty(), words.length == 2);
        }
        return DhePrime.of(Names.groups(value).get(0));
    }
}
