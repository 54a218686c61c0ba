package org.dicomtls.interop.run;

import java.util.List;
import org.dicomtls.interop.report.JUnitXml;

/** A run as JUnit XML: a test case a cell, which fails if it is not as predicted; a peer that is not there is skipped. */
public final class InteropJUnit {

    private InteropJUnit() {}

    /** The XML document. */
    public static String of(Interop run) {
        List<InteropCell> failed = run.disagreeing();
        StringBuilder xml = new StringBuilder(JUnitXml.HEADER)
                .append(JUnitXml.suite(
                        "dicom-tls interop", run.cells().size() + run.skipped().size(), failed.size(), 0,
                        run.skipped().size(), run.elapsed().toMillis()));
        for (InteropCell cell : run.cells()) {
            xml.append("  <testcase classname=\"")
                    .append(JUnitXml.escaped(cell.peer() + "." + cell.configuration()))
                    .append("\" name=\"")
                    .append(JUnitXml.escaped(cell.title()))
                    .append("\">");
            if (!cell.agrees()) {
                xml.append("<failure message=\"")
                        .append(JUnitXml.escaped("predicted " + cell.predicted() + "; observed " + cell.observedWords()))
                        .append("\">")
                        .append(JUnitXml.escaped("we: " + String.join(" | ", cell.logs().own()) + " | " + cell.peer() + ": "
                                + String.join(" | ", cell.logs().peer())))
                        .append("</failure>");
            }
            xml.append("</testcase>\n");
        }
        for (Interop.Absent peer : run.skipped()) {
            xml.append("  <testcase classname=\"")
                    .append(JUnitXml.escaped(peer.id()))
                    .append("\" name=\"present\"><skipped message=\"")
                    .append(JUnitXml.escaped("skipped: " + peer.remedy()))
                    .append("\"/></testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }
}
