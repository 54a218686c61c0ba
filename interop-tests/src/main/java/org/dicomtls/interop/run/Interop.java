package org.dicomtls.interop.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dicomtls.interop.report.Environment;
import org.dicomtls.interop.report.Json;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;

/**
 * The outcome of a run.
 *
 * @param profiles the profiles, in the order of their catalogue
 * @param peers the peers that were there
 * @param skipped the peers that were not
 * @param cells every profile on every engine in both roles with every configuration of every peer
 * @param elapsed how long it took, starts of peers included
 */
public record Interop(
        List<Profile> profiles, List<Present> peers, List<Absent> skipped, List<InteropCell> cells, Duration elapsed) {

    public Interop {
        profiles = List.copyOf(profiles);
        peers = List.copyOf(peers);
        skipped = List.copyOf(skipped);
        cells = List.copyOf(cells);
    }

    /**
     * A peer that was there.
     *
     * @param version what it calls its version
     */
    public record Present(String id, String title, String version, List<Setting> configurations) {
        public Present {
            configurations = List.copyOf(configurations);
        }
    }

    /**
     * A configuration of a peer.
     *
     * @param title what is particular about it
     * @param models the models that predictions were made from, by the role of the peer
     */
    public record Setting(String id, String title, Map<Role, Model> models) {
        public Setting {
            models = Map.copyOf(models);
        }
    }

    /**
     * What a prediction was made from.
     *
     * @param json as {@link org.dicomtls.interop.peer.ModelJson} writes it
     * @param measured whether it was measured before the run, for the peer brings none
     */
    public record Model(ObjectNode json, boolean measured) {}

    /**
     * A peer that was not there.
     *
     * @param remedy what to do so that it is
     */
    public record Absent(String id, String title, String remedy) {}

    /** The cells that did not come out as predicted. */
    public List<InteropCell> disagreeing() {
        return cells.stream().filter(cell -> !cell.agrees()).toList();
    }

    /** The JSON of the contract: schema {@code dicom-tls/interop/1}. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("schema", "dicom-tls/interop/1");
        json.set("environment", Environment.here().json());
        ArrayNode present = json.putArray("peers");
        for (Present peer : peers) {
            ObjectNode one = present.addObject()
                    .put("id", peer.id())
                    .put("title", peer.title())
                    .put("version", peer.version());
            ArrayNode settings = one.putArray("configurations");
            for (Setting setting : peer.configurations()) {
                ObjectNode node = settings.addObject().put("id", setting.id()).put("title", setting.title());
                for (Role role : Role.values()) {
                    Model model = setting.models().get(role);
                    if (model != null) {
                        node.putObject(role.title()).put("measured", model.measured()).set("model", model.json());
                    }
                }
            }
        }
        ArrayNode absent = json.putArray("skipped");
        skipped.forEach(
                p -> absent.addObject().put("id", p.id()).put("title", p.title()).put("remedy", p.remedy()));
        ArrayNode array = json.putArray("cells");
        cells.forEach(cell -> array.add(cell.json()));
        return json;
    }
}
