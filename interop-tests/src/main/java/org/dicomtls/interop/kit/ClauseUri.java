package org.dicomtls.interop.kit;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.rule.Citation;

/** Where a clause can be read, so that a development environment can open it; a name where it is not on the web. */
final class ClauseUri {

    private static final Pattern PART = Pattern.compile("PS3\\.(\\d{1,2})");
    private static final Pattern RFC = Pattern.compile("RFC (\\d{1,5})");
    /** The first of the clauses, and of that the first two levels apart: deeper ones have no page of their own. */
    private static final Pattern CLAUSE = Pattern.compile("§?((?:[A-Z]|\\d+)(?:\\.\\d+)?)((?:\\.\\d+)*)(?:,.*)?");

    private ClauseUri() {}

    static URI of(Citation citation) {
        Matcher clause = CLAUSE.matcher(citation.clause());
        if (clause.matches()) {
            Matcher part = PART.matcher(citation.document());
            if (part.matches()) {
                return dicom(Integer.parseInt(part.group(1)), clause.group(1), clause.group(2));
            }
            Matcher rfc = RFC.matcher(citation.document());
            if (rfc.matches()) {
                return URI.create("https://www.rfc-editor.org/rfc/rfc" + rfc.group(1) + "#section-" + clause.group(1)
                        + clause.group(2));
            }
        }
        return URI.create("urn:dicom-tls:clause:"
                + URLEncoder.encode(citation.toString(), StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private static URI dicom(int part, String section, String deeper) {
        String page = (section.contains(".") ? "sect_" : "chapter_") + section + ".html";
        return URI.create("https://dicom.nema.org/medical/dicom/current/output/chtml/part"
                + String.format(Locale.ROOT, "%02d", part) + "/" + page
                + (deeper.isEmpty() ? "" : "#sect_" + section + deeper));
    }
}
