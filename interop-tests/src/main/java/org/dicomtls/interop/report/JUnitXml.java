package org.dicomtls.interop.report;

import java.util.Locale;

/** JUnit XML, as continuous integration reads it: a suite with its test cases. */
public final class JUnitXml {

    public static final String HEADER = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private JUnitXml() {}

    /** The opening tag of a suite; {@code </testsuite>} closes it. */
    public static String suite(String name, long tests, long failures, long errors, long skipped, long millis) {
        return "<testsuite name=\"" + escaped(name) + "\" tests=\"" + tests + "\" failures=\"" + failures + "\" errors=\""
                + errors + "\" skipped=\"" + skipped + "\" time=\""
                + String.format(Locale.ROOT, "%.3f", millis / 1000.0) + "\">\n";
    }

    /** Text for an attribute or an element, without what XML cannot hold. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                    boolean allowed = c >= 0x20 && c < 0xD800 || c > 0xDFFF && c < 0xFFFE || c > 0xFFFF;
                    out.appendCodePoint(allowed && !Character.isISOControl(c) ? c : ' ');
                }
            }
        });
        return out.toString();
    }
}
