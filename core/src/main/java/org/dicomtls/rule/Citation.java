package org.dicomtls.rule;

import java.util.Objects;

/**
 * Where a requirement stands.
 *
 * @param document the document, e.g. {@code PS3.15}, {@code RFC 9325}, {@code CRYPTREC GL-3001-3.0.1}
 * @param edition the edition where the document has several, e.g. {@code 2024c}; empty otherwise
 * @param clause the clause, e.g. {@code B.13} or {@code §4.2.1}
 * @param evidence how the text was seen
 */
public record Citation(String document, String edition, String clause, Evidence evidence) {

    /** How well a citation is founded. */
    public enum Evidence {
        /** The published text itself was read. */
        TEXT("text"),
        /** The last public draft was read, not the published text. */
        DRAFT("draft"),
        /** Part of the text was read. */
        PARTIAL("partial text"),
        /** A secondary source was read. */
        SECONDARY("secondary source"),
        /** An inference; its reasons are in the rule's rationale. */
        INFERENCE("inference"),
        /** A decision of this library; its reasons are in the rule's rationale. */
        DECISION("decision of dicom-tls");

        private final String title;

        Evidence(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    public Citation {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(edition, "edition");
        Objects.requireNonNull(clause, "clause");
        Objects.requireNonNull(evidence, "evidence");
    }

    /** A citation of a text that has one edition only and was read. */
    public static Citation text(String document, String clause) {
        return new Citation(document, "", clause, Evidence.TEXT);
    }

    /** A decision of this library, by the name under which {@code docs/decisions.md} gives its reasons. */
    public static Citation decision(String name) {
        return new Citation("dicom-tls", "", name, Evidence.DECISION);
    }

    /** For example {@code PS3.15 2024c B.13}. */
    @Override
    public String toString() {
        return edition.isEmpty() ? document + " " + clause : document + " " + edition + " " + clause;
    }
}
