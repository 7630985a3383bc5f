package dev.portside.cli.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;

/** What is wrong with a plan on a machine, before the server is started. */
public final class Check {
    private Check() {}

    /** Everything that is wrong, errors first; empty when nothing is. Looks names up, and listens on ports for a moment. */
    public static List<Problem> problems(Plan plan, Machine machine) {
        Findings found = new Findings();
        directory(plan, found);
        config(plan, found);
        new PortChecks(plan, machine, found).run();
        new RangeChecks(plan, machine, found).run();
        new AddressChecks(plan, machine, found).run();
        new CertificateChecks(plan, found).run();
        new FirewallChecks(plan, machine, found).run();
        return found.sorted();
    }

    private static void directory(Plan plan, Findings found) {
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

    private static void config(Plan plan, Findings found) {
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
