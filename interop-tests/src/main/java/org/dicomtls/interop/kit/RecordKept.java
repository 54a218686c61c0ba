package org.dicomtls.interop.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.audit.Waivers;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Waiver;

/** The waivers that a test suite names, itself and in files. */
final class RecordKept {

    private RecordKept() {}

    static OnRecord of(Profile profile, List<Waiver> waivers, List<Path> files) throws IOException {
        List<Waiver> all = new ArrayList<>(waivers);
        for (Waiver waiver : waivers) {
            if (profile.rule(waiver.rule()).isEmpty()) {
                throw new IOException("a waiver names rule " + waiver.rule() + ", which is not in " + profile.id());
            }
        }
        for (Path file : files) {
            all.addAll(Waivers.read(file, List.of(profile)));
        }
        try {
            return new OnRecord(all, Optional.empty(), LocalDate.now());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
