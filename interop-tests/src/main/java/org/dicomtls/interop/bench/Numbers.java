package org.dicomtls.interop.bench;

import java.util.Locale;

/** Numbers as people read them: three digits that count, four where there are that many. */
final class Numbers {

    private Numbers() {}

    static String of(double value) {
        double size = Math.abs(value);
        int digits = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    static String range(Samples samples) {
        return of(samples.low()) + "…" + of(samples.high());
    }
}
