package org.dicomtls.interop.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import j2html.tags.DomContent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.dicomtls.interop.report.JUnitXml;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.Scratch;

/**
 * Audits of many servers. Of each only its outcome is kept in memory; the reports lie in a temporary directory until
 * they are put together in the order of the list. May be shared among threads.
 */
public final class Audits implements AutoCloseable {

    static final String SCHEMA = "dicom-tls/audits/1";

    /** The kinds of report that can be put together. */
    public enum Part {
        JSON,
        HTML,
        JUNIT
    }

    private final List<Node> nodes;
    private final Set<Part> wanted;
    private final Scratch scratch;
    private final NodeOutcome[] outcomes;

    /**
     * @param wanted the reports that will be asked for
     * @throws IOException when no temporary directory can be made
     */
    public Audits(List<Node> nodes, Set<Part> wanted) throws IOException {
        this.nodes = List.copyOf(nodes);
        this.wanted = wanted.isEmpty() ? EnumSet.noneOf(Part.class) : EnumSet.copyOf(wanted);
        this.scratch = Scratch.create("dicom-tls-audits");
        this.outcomes = new NodeOutcome[nodes.size()];
    }

    public List<Node> nodes() {
        return nodes;
    }

    /**
     * A node was audited.
     *
     * @param index its place in the list
     * @throws IOException when its reports cannot be kept
     */
    public void audited(int index, Acceptance acceptance, long millis) throws IOException {
        Node node = nodes.get(index);
        if (wanted.contains(Part.JSON)) {
            Files.writeString(file(index, Part.JSON), Json.text(AuditJson.of(acceptance)));
        }
        if (wanted.contains(Part.HTML)) {
            try (Writer out = Files.newBufferedWriter(file(index, Part.HTML))) {
                for (DomContent content : AuditPage.part(acceptance)) {
                    out.write(content.render());
                }
            }
        }
        if (wanted.contains(Part.JUNIT)) {
            Files.writeString(file(index, Part.JUNIT), AuditJUnit.suite(acceptance, node.toString()));
        }
        put(index, NodeOutcome.of(node, acceptance, millis));
    }

    /** A node could not be reached. */
    public void unreachable(int index, String reason, int connections, long millis) {
        put(index, NodeOutcome.failed(nodes.get(index), reason, false, connections, millis));
    }

    /** This program failed at a node. */
    public void failed(int index, String reason, int connections, long millis) {
        put(index, NodeOutcome.failed(nodes.get(index), "a bug of ours: " + reason, true, connections, millis));
    }

    private synchronized void put(int index, NodeOutcome outcome) {
        outcomes[index] = outcome;
    }

    /** What there is so far, in the order of the list. */
    public synchronized List<NodeOutcome> outcomes() {
        return Arrays.stream(outcomes).filter(Objects::nonNull).toList();
    }

    /** How many nodes have an outcome. */
    public synchronized int done() {
        return (int) Arrays.stream(outcomes).filter(Objects::nonNull).count();
    }

    private List<NodeOutcome> complete() {
        List<NodeOutcome> all = outcomes();
        if (all.size() != nodes.size()) {
            throw new IllegalStateException("only " + all.size() + " of " + nodes.size() + " nodes have an outcome yet");
        }
        return all;
    }

    private Path file(int index, Part part) {
        return scratch.directory().resolve(index + "." + part);
    }

    /** All as {@code audits-1.json} describes them, written piece by piece. */
    public void json(Writer out) throws IOException {
        JsonFactory factory = new JsonFactory();
        JsonGenerator json = factory.createGenerator(out).setPrettyPrinter(new DefaultPrettyPrinter());
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeStringField("schema", SCHEMA);
        json.writeArrayFieldStart("audits");
        List<NodeOutcome> all = complete();
        for (int i = 0; i < nodes.size(); i++) {
            node(factory, json, i, all.get(i));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.close();
        out.write("\n");
        out.flush();
    }

    private void node(JsonFactory factory, JsonGenerator json, int index, NodeOutcome outcome) throws IOException {
        json.writeStartObject();
        json.writeStringField("aeTitle", outcome.node().aeTitle());
        json.writeStringField("target", outcome.node().target());
        json.writeStringField("profile", outcome.node().profile().id());
        if (outcome.conclusion().isPresent()) {
            json.writeStringField("conclusion", outcome.conclusion().get().title());
            json.writeBooleanField("accepted", outcome.accepted());
            json.writeNumberField("broken", outcome.broken());
            json.writeNumberField("open", outcome.open());
        } else {
            json.writeStringField(outcome.bug() ? "failed" : "unreachable", outcome.failure().orElse(""));
        }
        json.writeNumberField("connections", outcome.connections());
        json.writeNumberField("millis", outcome.millis());
        if (outcome.conclusion().isPresent()) {
            json.writeFieldName("report");
            try (BufferedReader in = Files.newBufferedReader(file(index, Part.JSON));
                    JsonParser report = factory.createParser(in)) {
                report.nextToken();
                json.copyCurrentStructure(report);
            }
        }
        json.writeEndObject();
    }

    /** All as a {@code testsuites} document. */
    public void junit(Writer out) throws IOException {
        out.write(JUnitXml.HEADER + "<testsuites name=\"dicom-tls audit\">\n");
        List<NodeOutcome> all = complete();
        for (int i = 0; i < nodes.size(); i++) {
            NodeOutcome outcome = all.get(i);
            if (outcome.conclusion().isPresent()) {
                copy(file(i, Part.JUNIT), out);
            } else {
                out.write(AuditJUnit.unreachable(
                        outcome.node().toString(),
                        outcome.node().profile().id(),
                        outcome.failure().orElse(""),
                        outcome.millis()));
            }
        }
        out.write("</testsuites>\n");
        out.flush();
    }

    /** All as one page: a table, and a part for each node. */
    public void html(Writer out) throws IOException {
        List<NodeOutcome> all = complete();
        AuditsPage page = new AuditsPage(all);
        out.write(page.opening());
        for (int i = 0; i < nodes.size(); i++) {
            out.write(page.heading(i));
            if (all.get(i).conclusion().isPresent()) {
                copy(file(i, Part.HTML), out);
            }
        }
        out.write(page.closing());
        out.flush();
    }

    private static void copy(Path file, Writer out) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            in.transferTo(out);
        }
    }

    /** Removes what was kept. */
    @Override
    public void close() {
        scratch.close();
    }
}
