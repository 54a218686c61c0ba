package org.dicomtls.interop.cli;

import java.io.PrintWriter;

/** Width and progress of a terminal; where there is none, a plain width and no progress. */
final class Terminal {

    private static final int PLAIN_WIDTH = 120;

    private Terminal() {}

    /** Columns to write to: {@code COLUMNS} if it says, else 120. */
    static int width() {
        String columns = System.getenv("COLUMNS");
        if (columns != null && columns.matches("\\d{2,4}")) {
            return Math.max(60, Integer.parseInt(columns));
        }
        return PLAIN_WIDTH;
    }

    /** A line on standard error that is written over again; nothing where standard error is not a terminal. */
    static final class Progress implements AutoCloseable {
        private static final long EVERY = 100_000_000;
        private final PrintWriter err;
        private final boolean shown = System.getenv("DICOM_TLS_TERMINAL") != null;
        private long last;

        Progress(PrintWriter err) {
            this.err = err;
        }

        synchronized void at(int done, int total, String what) {
            long now = System.nanoTime();
            if (!shown || now - last < EVERY && done < total) {
                return;
            }
            last = now;
            int bar = total == 0 ? 0 : 30 * done / total;
            err.print("\r\u001b[K[" + "#".repeat(bar) + " ".repeat(30 - bar) + "] " + done + "/" + total + " " + what);
            err.flush();
        }

        /** Whether anybody looks. */
        boolean isShown() {
            return shown;
        }

        /** Where the total is not known. */
        synchronized void say(String what) {
            if (shown) {
                err.print("\r\u001b[K" + what);
                err.flush();
            }
        }

        @Override
        public synchronized void close() {
            if (shown) {
                err.print("\r\u001b[K");
                err.flush();
            }
        }
    }
}
