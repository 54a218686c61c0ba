package org.dicomtls.interop.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.dicomtls.interop.matrix.Cell;
import org.dicomtls.interop.matrix.MatrixEnd;
import org.dicomtls.interop.matrix.Observation;
import org.dicomtls.interop.report.Json;
import org.dicomtls.predict.Prediction;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;

/**
 * One of our ends and a peer, what was predicted of them, and what happened.
 *
 * @param own our end
 * @param role the role of our end
 * @param peer the id of the peer
 * @param configuration the id of the peer's configuration
 * @param traffic what was to be sent over the connection
 * @param store what became of the C-STORE
 * @param attempts how often it was tried; more than once only for a known defect, see {@link InteropRun}
 * @param logs what both sides said, where the outcome is not as predicted
 */
public record InteropCell(
        MatrixEnd own,
        Role role,
        String peer,
        String configuration,
        Traffic traffic,
        Prediction predicted,
        Observation observed,
        Store store,
        int attempts,
        Logs logs) {

    /** What is sent over an established connection. */
    public enum Traffic {
        /** A C-ECHO. */
        ECHO,
        /** A C-ECHO, and a C-STORE whose pixels are compared afterwards. */
        ECHO_AND_STORE,
        /** A line of text that the peer sends back, because it knows no DICOM. */
        LINE
    }

    /** What is in {@link Observation#echo} when a line came back as it was. */
    public static final String LINE_CAME_BACK = "line";

    /**
     * What became of a C-STORE.
     *
     * @param outcome how it went
     * @param words why it did not go well; empty otherwise
     */
    public record Store(Outcome outcome, String words) {

        /** How a C-STORE went. */
        public enum Outcome {
            /** The connection was refused, or the peer does not store. */
            NONE,
            /** The receiver kept the same pixels. */
            IDENTICAL,
            /** The receiver kept other pixels. */
            DIFFERENT,
            /** It was not stored, or is not to be found. */
            FAILED
        }

        public static final Store NONE = new Store(Outcome.NONE, "");
        public static final Store IDENTICAL = new Store(Outcome.IDENTICAL, "");

        public static Store failed(String words) {
            return new Store(Outcome.FAILED, words);
        }
    }

    /** The last words of both sides. */
    public record Logs(List<String> own, List<String> peer) {
        private static final int MOST = 200;

        public static final Logs NONE = new Logs(List.of(), List.of());

        public Logs {
            own = last(own);
            peer = last(peer);
        }

        private static List<String> last(List<String> lines) {
            return List.copyOf(lines.subList(Math.max(0, lines.size() - MOST), lines.size()));
        }
    }

    /** Whether that happened which was predicted, to the end of the C-STORE. */
    public boolean agrees() {
        Store.Outcome wanted = predicted.established() && traffic == Traffic.ECHO_AND_STORE
                ? Store.Outcome.IDENTICAL
                : Store.Outcome.NONE;
        return observed.agrees(predicted, traffic == Traffic.LINE ? LINE_CAME_BACK : Observation.ECHOED)
                && store.outcome() == wanted;
    }

    /** Which end is which, e.g. {@code bcp195-nd/jdk → dcmtk/bcp195-ex}; the client stands first. */
    public String title() {
        String us = own.profile().id() + "/" + own.engine().id();
        String them = peer + "/" + configuration;
        return role == Role.CLIENT ? us + " → " + them : them + " → " + us;
    }

    /** What happened, in words. */
    public String observedWords() {
        if (!observed.established()) {
            return "refused: " + observed.reason();
        }
        return observed.version().map(TlsVersion::name).orElse("?") + " "
                + observed.suite().map(CipherSuite::name).orElse("?")
                + observed.group().map(g -> " " + g).orElse("")
                + (traffic == Traffic.LINE
                        ? observed.echo().equals(LINE_CAME_BACK) ? ", a line came back" : ", " + observed.echo()
                        : ", C-ECHO " + observed.echo())
                + switch (store.outcome()) {
                    case NONE -> "";
                    case IDENTICAL -> ", C-STORE with identical pixels";
                    case DIFFERENT -> ", C-STORE with OTHER PIXELS";
                    case FAILED -> ", C-STORE failed: " + store.words();
                };
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.set("own", own.json().put("role", role.title()));
        json.putObject("peer").put("id", peer).put("configuration", configuration).put("role", role.other().title());
        json.put("traffic", switch (traffic) {
            case ECHO -> "echo";
            case ECHO_AND_STORE -> "echo+store";
            case LINE -> "line";
        });
        json.set("predicted", Cell.json(predicted));
        ObjectNode seen = observed.json().put("store", store.outcome().name().toLowerCase(Locale.ROOT));
        if (!store.words().isEmpty()) {
            seen.put("reason", store.words());
        }
        json.set("observed", seen);
        json.put("attempts", attempts);
        json.put("agrees", agrees());
        if (!agrees()) {
            ObjectNode said = json.putObject("logs");
            logs.own().forEach(said.putArray("own")::add);
            logs.peer().forEach(said.putArray("peer")::add);
        }
        return json;
    }
}
