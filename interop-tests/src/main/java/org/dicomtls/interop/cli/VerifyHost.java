package org.dicomtls.interop.cli;

import java.util.Map;
import java.util.Stack;
import org.dicomtls.transport.SecureTransport;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a client looks at the name in the server's certificate, and which it is to be. */
final class VerifyHost {

    private static final String THE_HOST = "";

    @Option(
            names = "--verify-host",
            paramLabel = "=NAME",
            arity = "0..1",
            preprocessor = OnlyAttached.class,
            description = "demand that the server's certificate carries HOST, or NAME (RFC 9525); by default as the profile"
                    + " says")
    private String demanded;

    @Option(names = "--no-verify-host", description = "do not look at the name in the server's certificate")
    private boolean waived;

    /** A name follows after an equals sign only: what follows after a space is another argument. */
    static final class OnlyAttached implements IParameterPreprocessor {
        @Override
        public boolean preprocess(Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if (!"=".equals(info.get("separator"))) {
                option.setValue(THE_HOST);
                return true;
            }
            return false;
        }
    }

    void apply(SecureTransport.Builder builder) {
        if (waived && demanded != null) {
            throw new UsageException("--verify-host and --no-verify-host stand instead of each other");
        }
        if (waived) {
            builder.verifyHost(false);
        } else if (THE_HOST.equals(demanded)) {
            builder.verifyHost(true);
        } else if (demanded != null) {
            try {
                builder.verifyHost(demanded);
            } catch (IllegalArgumentException e) {
                throw new UsageException("--verify-host=" + demanded + ": " + e.getMessage(), e);
            }
        }
    }
}
