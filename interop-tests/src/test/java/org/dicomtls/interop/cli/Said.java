package org.dicomtls.interop.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/** What a command line said, run in this JVM. */
record Said(int status, String out, String err) {

    static Said by(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Said(status, out.toString(), err.toString());
    }

    /** A command and its options, which are cut at blanks. */
    static Said of(String command, String options) {
        return by(Stream.concat(Stream.of(command), Stream.of(options.split("\\s+"))).toArray(String[]::new));
    }
}
