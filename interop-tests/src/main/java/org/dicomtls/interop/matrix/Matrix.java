package org.dicomtls.interop.matrix;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.report.Environment;
import org.dicomtls.interop.report.Json;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;

/**
 * The outcome of a run.
 *
 * @param profiles the profiles, in the order of their catalogue
 * @param cells every client with every server
 * @param elapsed how long the connections took, all together
 */
public record Matrix(List<Profile> profiles, List<Cell> cells, Duration elapsed) {

    public Matrix {
        profiles = List.copyOf(profiles);
        cells = List.copyOf(cells);
    }

    /** The profiles that some engine of this JVM can enforce in some role. */
    public static List<Profile> enforceable() {
        return Profiles.all().stream().filter(Matrix::enforceable).toList();
    }

    /** Why a run of all that can be enforced is without the others; empty if it was somebody's choice of profiles. */
    public static Optional<String> leftOut(List<Profile> run) {
        List<Profile> enforceable = enforceable();
        List<String> others = Profiles.all().stream()
                .filter(profile -> !enforceable.contains(profile))
                .map(Profile::id)
                .toList();
        return others.isEmpty() || !run.containsAll(enforceable)
                ? Optional.empty()
                : Optional.of("Skipped: " + String.join(", ", others) + ": no engine of this JVM can enforce "
                        + (others.size() == 1 ? "it" : "them") + "; 'dicom-tls doctor --profile " + others.get(0)
                        + "' says why.");
    }

    private static boolean enforceable(Profile profile) {
        Policy policy = Policy.of(profile);
        for (Engine engine : Engine.values()) {
            OwnEnd end = OwnEnd.modelled(policy, EngineModel.here(engine));
            for (Role role : Role.values()) {
                if (end.violated(List.of(role)).isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Every combination of profile, engine and certificates. */
    public static List<MatrixEnd> ends(List<Profile> profiles, List<Engine> engines) {
        List<MatrixEnd> ends = new ArrayList<>();
        for (Profile profile : profiles) {
            for (Engine engine : engines) {
                for (MatrixEnd.Certificates certificates : MatrixEnd.Certificates.values()) {
                    ends.add(new MatrixEnd(profile, engine, certificates));
                }
            }
        }
        return ends;
    }

    public List<Cell> disagreeing() {
        return cells.stream().filter(cell -> !cell.agrees()).toList();
    }

    public long established() {
        return cells.stream().filter(cell -> cell.observed().established()).count();
    }

    /** The JSON of the contract: schema {@code dicom-tls/matrix/1}. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("schema", "dicom-tls/matrix/1");
        json.set("environment", Environment.here().json());
        ArrayNode array = json.putArray("cells");
        cells.forEach(cell -> array.add(cell.json()));
        return json;
    }
}
