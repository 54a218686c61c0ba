package org.dicomtls.interop.cli;

import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import picocli.CommandLine.Option;

/** Which of our ends a run is about. */
final class EndsOptions {

    @Option(
            names = "--profiles",
            paramLabel = "ID,…",
            split = ",",
            converter = Converters.ToProfile.class,
            description = "these profiles only; by default all that this JVM can enforce")
    private List<Profile> profiles = new ArrayList<>();

    @Option(
            names = "--engines",
            paramLabel = "jdk,bc",
            split = ",",
            converter = Converters.ToEngine.class,
            description = "these engines only")
    private List<Engine> engines = new ArrayList<>();

    List<Profile> profiles() {
        return profiles.isEmpty() ? Matrix.enforceable() : profiles.stream().distinct().toList();
    }

    List<Engine> engines() {
        return engines.isEmpty() ? List.of(Engine.values()) : engines.stream().distinct().toList();
    }
}
