package dev.portside.cli.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;

/** A plan on a machine, looked at before the server is started: what is wrong, and which firewall rules it needs. */
public final class Check {
    private final Plan plan;
    private final Machine machine;
    private final LocalFirewall firewall;

    /** Reads the packet filter of the machine. */
    public Check(Plan plan, Machine machine) {
        this.plan = plan;
        this.machine = machine;
        this.firewall = LocalFirewall.of(machine);
    }

    /** Everything that is wrong, errors first; empty when nothing is. Looks names up, and listens on ports for a moment. */
    public List<Problem> problems() {
        Findings found = new Findings();
        directory(found);
        config(found);
        new PortChecks(plan, machine, found).run();
        new RangeChecks(plan, machine, found).run();
        new AddressChecks(plan, machine, found).run();
        new CertificateChecks(plan, found).run();
        new FirewallChecks(plan, machine, firewall, found).run();
        return found.sorted();
    }

    /** The firewall that the machine has, as far as it shows. */
    public RuleFormat usualRules() {
        return RuleFormat.of(machine, firewall);
    }

    /** The commands that let the connections of the plan in: to be pasted into a shell; what is not a command is a comment. */
    public List<String> rules(RuleFormat format) {
        return FirewallRules.of(format, plan, machine, firewall);
    }

    private void directory(Findings found) {
        Path directory = plan.directory();
        if (!Files.isDirectory(directory)) {
            found.error(
                    "directory-missing",
                    "there is no directory to serve",
                    List.of(directory + (Files.exists(directory) ? " is no directory" : " does not exist")),
                    "name a directory that there is: DIR, or dir in the file");
        } else if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
            found.error(
                    "directory-unreadable",
                    "the directory cannot be read by " + user(),
                    List.of(directory.toString()),
                    "let that user read it, or run the server as another one");
        } else if (!plan.readOnly() && !Files.isWritable(directory)) {
            found.warning(
                    "directory-read-only",
                    "nothing can be uploaded: the directory cannot be written by " + user(),
                    List.of(directory.toString()),
                    "let that user write it",
                    "or say so to clients: --read-only");
        }
    }

    private static String user() {
        return System.getProperty("user.name", "this user");
    }

    private void config(Findings found) {
        Path config = plan.config();
        if (config == null || !plan.passwordInConfig() || !othersCanRead(config)) {
            return;
        }
        found.warning(
                "password-readable",
                "every user of this machine can read the password in the file",
                List.of(config + " has a password, and others may read it"),
                " chmod o= " + config,
                "or give the password by the variable PORTSIDE_PASSWORD");
    }

    private static boolean othersCanRead(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
