package org.dicomtls.interop.cli;

/** The exit statuses of every command. */
final class ExitStatus {
    static final int OK = 0;
    /** Non-conformant, or refused. */
    static final int REFUSED = 1;
    static final int UNDETERMINED = 2;
    static final int UNREACHABLE = 3;
    /** A command line, or a file named on it, that cannot be used. */
    static final int USAGE = 64;
    /** A defect of this program. */
    static final int BUG = 70;

    private ExitStatus() {}
}
