package org.dicomtls.interop.cli;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.report.Logs;
import org.dicomtls.transport.CredentialException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code dicom-tls}. */
@Command(
        name = "dicom-tls",
        description = "DICOM associations on TLS under a named DICOM security profile (PS3.15 Annex B).",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Exit status: 0 ok, 1 refused or non-conformant, 2 undetermined, 3 unreachable, 64 usage, 70 a bug of ours."
        })
public final class Main implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private static final List<Class<?>> COMMANDS = List.of(
            ProfilesCommand.class,
            RulesCommand.class,
            ExplainCommand.class,
            CompareCommand.class,
            DoctorCommand.class,
            MatrixCommand.class,
            InteropCommand.class,
            BenchCommand.class,
            ServeCommand.class,
            EchoCommand.class,
            StoreCommand.class,
            PkiCommand.class,
            ExportCommand.class,
            StatementCommand.class,
            AuditCommand.class,
            AuditClientCommand.class,
            AuditRepositoryCommand.class);

    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        Logs.quiet();
        System.exit(run(arguments, utf8(System.out), utf8(System.err)));
    }

    /** UTF-8 whatever the locale: JSON is nothing else (RFC 8259 §8.1). */
    private static PrintWriter utf8(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Runs one command and returns its exit status. */
    static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Main());
        // To read the options of all commands takes longer than most of them run: only the one that is named, if one is.
        Optional<Class<?>> named = COMMANDS.stream()
                .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
                .findFirst();
        for (Class<?> command : named.<List<Class<?>>>map(List::of).orElse(COMMANDS)) {
            line.addSubcommand(name(command), command);
        }
        return line.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler(Main::failure)
                .setExitCodeExceptionMapper(e -> ExitStatus.BUG)
                .execute(arguments);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing; 'dicom-tls --help' lists them");
    }

    private static int usage(ParameterException e, String[] arguments) {
        e.getCommandLine().getErr().println("dicom-tls: " + oneLine(e.getMessage()));
        return ExitStatus.USAGE;
    }

    private static int failure(Exception e, CommandLine command, CommandLine.ParseResult result) {
        PrintWriter err = command.getErr();
        if (e instanceof UsageException || e instanceof CredentialException) {
            err.println("dicom-tls: " + oneLine(e.getMessage()));
            return ExitStatus.USAGE;
        }
        if (e instanceof org.dicomtls.transport.CannotEnforceException) {
            err.println("dicom-tls: " + oneLine(e.getMessage()));
            return ExitStatus.REFUSED;
        }
        err.println("dicom-tls: a bug of ours, please report it: " + oneLine(String.valueOf(e))
                + " (DICOM_TLS_DEBUG=1 shows where)");
        if (System.getenv("DICOM_TLS_DEBUG") != null) {
            e.printStackTrace(err);
        }
        return ExitStatus.BUG;
    }

    private static String oneLine(String text) {
        return text == null ? "" : text.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
