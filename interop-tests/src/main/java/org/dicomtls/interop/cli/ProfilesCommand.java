package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.Table;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dicom-tls profiles}. */
@Command(
        name = "profiles",
        description = "The profiles: id, title, clause, state, and the engines that can enforce them.",
        mixinStandardHelpOptions = true)
final class ProfilesCommand implements Runnable {

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    /**
     * The engines that can enforce a profile in at least one role, and in which.
     *
     * @param client whether as client
     * @param server whether as server
     */
    record Able(Engine engine, boolean client, boolean server) {
        static List<Able> of(Profile profile) {
            Policy policy = Policy.of(profile);
            return Stream.of(Engine.values())
                    .map(engine -> {
                        // From the model, not from a probe: a listing need not start two TLS engines.
                        OwnEnd end = OwnEnd.modelled(policy, EngineModel.here(engine));
                        return new Able(
                                engine,
                                end.violated(List.of(Role.CLIENT)).isEmpty(),
                                end.violated(List.of(Role.SERVER)).isEmpty());
                    })
                    .toList();
        }

        @Override
        public String toString() {
            return engine.id() + (client && server ? "" : client ? " (client)" : " (server)");
        }
    }

    @Override
    public void run() {
        report.requireWritable();
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode profiles = Json.array();
        Table table = new Table("id", "clause", "state", "rules", "engines", "title");
        for (Profile profile : Profiles.all()) {
            List<Able> able = Able.of(profile).stream()
                    .filter(a -> a.client() || a.server())
                    .toList();
            ObjectNode node = Json.object()
                    .put("id", profile.id())
                    .put("title", profile.title())
                    .put("clause", profile.clause())
                    .put("state", profile.state().title());
            node.set("editions", Json.names(profile.editions()));
            node.put("rules", profile.rules().size());
            node.set("engines", Json.names(able.stream()
                    .filter(a -> a.client() && a.server())
                    .map(a -> a.engine().id())
                    .toList()));
            profiles.add(node);
            String engines = able.isEmpty()
                    ? "none"
                    : String.join(", ", able.stream().map(Able::toString).toList());
            table.row(
                    profile.id(), profile.clause(), profile.state().title(), profile.rules().size(), engines, profile.title());
        }
        ObjectNode json = Json.object().put("schema", "dicom-tls/profiles/1");
        json.set("profiles", profiles);
        report.write(json, out);
        if (!report.jsonOnStandardOutput()) {
            table.lines(Terminal.width()).forEach(out::println);
            out.println();
            out.println("engines: those that can honour every SHALL on this JVM; \"(client)\": in that role only.");
            out.println("'dicom-tls rules --profile ID' lists the rules, 'dicom-tls doctor --profile ID' says what is missing.");
        }
    }
}
