package org.dicomtls.interop.clientaudit;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.dicomtls.interop.audit.Conclusion;
import org.dicomtls.interop.probe.client.Connecting;
import org.dicomtls.rule.Profile;

/**
 * One way to run a client of somebody else, and the profile that it is held against.
 *
 * @param missing what to install if {@code tryOut} cannot be run
 */
public record ForeignClient(
        String name, String missing, List<String> tryOut, Profile profile, Expected expected, Start start) {

    /** A client that is there until it is closed. */
    public interface Running extends Connecting, AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** Makes it ready for a port that is known before, because some are configured with it. */
    public interface Start {
        Running on(int port) throws IOException, InterruptedException;
    }

    /**
     * What its audit comes to.
     *
     * @param broken the SHALLs that are broken
     * @param open the SHALLs that cases could decide, but not with this client
     */
    public record Expected(Conclusion conclusion, Set<String> broken, Set<String> open) {
        static Expected of(Conclusion conclusion, String broken, String open) {
            return new Expected(conclusion, ClientAudits.set(broken), ClientAudits.set(open));
        }

        String words() {
            return conclusion.title() + ", " + broken.size() + " SHALLs broken, " + open.size() + " open";
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
