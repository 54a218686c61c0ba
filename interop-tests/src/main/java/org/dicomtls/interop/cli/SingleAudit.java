package org.dicomtls.interop.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;

/** The audit of one server. */
final class SingleAudit {

    private static final long TICK_MILLIS = 200;

    private final AuditOptions options;
    private final PrintWriter out;
    private final PrintWriter err;

    SingleAudit(AuditOptions options, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** Asks the server, writes the reports, and returns the exit status. */
    int run(Converters.HostPort host, String called, Profile profile) throws InterruptedException {
        options.check();
        OnRecord record = options.reports().onRecord(List.of(profile), Role.SERVER);
        Presented presented = options.presented();
        Target target =
                new Target(host.host(), host.port(), options.timeout(), options.delay(), options.calling(), called);
        Audit audit;
        try {
            audit = ask(target, profile, presented);
        } catch (UnreachableException e) {
            err.println("dicom-tls: unreachable: " + e.getMessage());
            return ExitStatus.UNREACHABLE;
        }
        return options.reports().write(new Acceptance(audit, record), out);
    }

    private Audit ask(Target target, Profile profile, Presented presented)
            throws UnreachableException, InterruptedException {
        ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "audit-progress");
            thread.setDaemon(true);
            return thread;
        });
        try (Terminal.Progress progress = new Terminal.Progress(err)) {
            if (progress.isShown()) {
                ticker.scheduleWithFixedDelay(
                        () -> progress.say(target + ": " + target.connections() + " connections"),
                        0,
                        TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
            }
            try {
                return Audit.of(target, profile, presented, options.manner());
            } finally {
                // Before the line is wiped, or a late tick would write it again.
                ticker.shutdownNow();
                ticker.awaitTermination(1, TimeUnit.SECONDS);
            }
        }
    }
}
