package org.dicomtls.interop.probe.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.probe.client.ClientSession.Arrival;
import org.dicomtls.interop.probe.client.ClientSession.Entry;
import org.dicomtls.interop.probe.client.Reaction.Outcome;
import org.dicomtls.interop.report.Json;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;

/** Keeps a session in a file, so that a person can go on with a modality in the afternoon. */
public final class SessionFile {

    private static final String SCHEMA = "dicom-tls/client-cases/1";
    private static final long LARGEST = 64L << 20;

    private final Path file;

    public SessionFile(Path file) {
        this.file = file;
    }

    /** Writes all that the session has found by now, whole or not at all. */
    public void write(ClientSession session) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(beside, Json.text(json(session.state())));
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Goes on from the file, if there is one.
     *
     * @throws IOException when it cannot be read or is something else; the message names the file
     */
    public void resume(ClientSession session) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + ": larger than " + LARGEST + " octets");
        }
        try {
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            if (json == null || !json.path("schema").asText().equals(SCHEMA)) {
                throw new IOException(file + ": is no file of --resume (schema " + SCHEMA + ")");
            }
            session.restore(state(json, session));
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException(file + ": damaged: " + e.getMessage(), e);
        }
    }

    private static JsonNode json(SessionState state) {
        ObjectNode json = Json.object().put("schema", SCHEMA);
        json.put("connections", state.connections()).put("plainDicom", state.plainDicom()).put("sslv2", state.sslv2());
        ArrayNode cases = json.putArray("cases");
        for (Entry entry : state.entries()) {
            if (!entry.over()) {
                continue;
            }
            ObjectNode one = cases.addObject().put("case", entry.one().id());
            entry.skipped().ifPresent(why -> one.put("skipped", why));
            entry.reaction().ifPresent(reaction -> reaction(one, reaction));
        }
        ArrayNode hellos = json.putArray("hellos");
        for (Arrival arrival : state.arrivals()) {
            ObjectNode one = hellos.addObject().put("body", HexFormat.of().formatHex(arrival.body()));
            arrival.after().ifPresent(after -> one.put("after", after.id()));
        }
        json.set("strange", Json.names(new ArrayList<>(state.strange())));
        return json;
    }

    private static void reaction(ObjectNode one, Reaction reaction) {
        one.put("outcome", reaction.outcome().name());
        reaction.alert().ifPresent(alert -> one.put("alert", alert.code()));
        reaction.version().ifPresent(version -> one.put("version", version.code()));
        ArrayNode chain = one.putArray("chain");
        try {
            for (X509Certificate certificate : reaction.chain()) {
                chain.add(certificate.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has no encoding", e);
        }
        one.put("asked", reaction.asked());
        ArrayNode nonces = one.putArray("nonces");
        reaction.nonces().forEach(nonces::add);
        one.put("renegotiated", reaction.renegotiated()).put("words", reaction.words());
    }

    private static SessionState state(JsonNode json, ClientSession session) throws IOException, CertificateException {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode one : json.path("cases")) {
            Optional<ClientCase> named = session.named(one.path("case").asText());
            if (named.isEmpty()) {
                continue;
            }
            Optional<String> skipped = Optional.ofNullable(one.get("skipped")).map(JsonNode::asText);
            Optional<Reaction> reaction = skipped.isPresent() ? Optional.empty() : Optional.of(reaction(one));
            entries.add(new Entry(named.get(), reaction, skipped, 1));
        }
        List<Arrival> arrivals = new ArrayList<>();
        for (JsonNode one : json.path("hellos")) {
            byte[] body = HexFormat.of().parseHex(one.path("body").asText());
            arrivals.add(new Arrival(ClientHello.read(body), body, session.named(one.path("after").asText())));
        }
        List<String> strange = new ArrayList<>();
        json.path("strange").forEach(one -> strange.add(one.asText()));
        return new SessionState(
                entries, arrivals, strange, json.path("plainDicom").asBoolean(), json.path("sslv2").asBoolean(),
                json.path("connections").asInt());
    }

    private static Reaction reaction(JsonNode one) throws IOException, CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>();
        for (JsonNode certificate : one.path("chain")) {
            chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate.binaryValue())));
        }
        List<Long> nonces = new ArrayList<>();
        one.path("nonces").forEach(nonce -> nonces.add(nonce.asLong()));
        return new Reaction(
                Outcome.valueOf(one.path("outcome").asText()),
                Optional.ofNullable(one.get("alert")).map(a -> new AlertDescription(a.asInt())),
                Optional.ofNullable(one.get("version")).map(v -> new TlsVersion(v.asInt())),
                chain,
                one.path("asked").asBoolean(),
                nonces,
                one.path("renegotiated").asBoolean(),
                one.path("words").asText());
    }
}
