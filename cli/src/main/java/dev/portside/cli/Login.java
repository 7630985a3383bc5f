package dev.portside.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user and the password, from wherever the user of this program keeps it. */
record Login(String user, String password) {
    static final String PASSWORD_VARIABLE = "PORTSIDE_PASSWORD";

    private static final Login ANONYMOUS = new Login("anonymous", "portside@");

    /**
     * Finds the login for a URL. The user: of the URL, of {@code ~/.netrc}, anonymous. The password: of the URL (with a
     * warning), of the environment, of {@code ~/.netrc}, asked for at the terminal.
     */
    static Login find(RemoteUrl url, Console console, boolean quiet) {
        String user = url.user();
        if (user != null && url.password() != null) {
            if (!quiet) {
                console.message("portside: the password in the URL can be read by every user of this machine, use "
                        + PASSWORD_VARIABLE + " or ~/.netrc");
            }
            return new Login(user, url.password());
        }
        Netrc.Entry entry = netrcEntry(url, console, quiet);
        String name = user != null ? user : entry != null ? entry.login() : null;
        if (name == null) {
            return ANONYMOUS;
        }
        String variable = console.setting(PASSWORD_VARIABLE);
        if (variable != null) {
            return new Login(name, variable);
        }
        if (entry != null && entry.password() != null) {
            return new Login(name, entry.password());
        }
        if (name.equalsIgnoreCase("anonymous") || name.equalsIgnoreCase("ftp")) {
            return new Login(name, ANONYMOUS.password);
        }
        char[] asked = console.askPassword("Password for " + Console.visible(name + "@" + url.hostPort()) + ": ");
        if (asked == null) {
            throw new PortsideException(
                    ExitCode.LOGIN_REFUSED,
                    name + "@" + url.hostPort() + ": no password, set " + PASSWORD_VARIABLE
                            + " or write it to ~/.netrc");
        }
        return new Login(name, new String(asked));
    }

    private static Netrc.@Nullable Entry netrcEntry(RemoteUrl url, Console console, boolean quiet) {
        String named = console.environment("NETRC");
        Path file = named != null ? Path.of(named) : console.home().resolve(".netrc");
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            Netrc netrc = Netrc.parse(Files.readString(file, StandardCharsets.UTF_8));
            Netrc.Entry entry = netrc.find(url.host(), url.user());
            if (entry != null && entry.password() != null && !quiet && isOpenToOthers(file)) {
                console.message(
                        "portside: " + file + ": other users can read the passwords in it, run chmod 600 " + file);
            }
            return entry;
        } catch (IllegalArgumentException syntax) {
            throw new PortsideException(ExitCode.LOCAL_FILE, file + ": " + syntax.getMessage(), syntax);
        } catch (IOException unreadable) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE, file + ": cannot be read, " + Failure.reason(unreadable), unreadable);
        }
    }

    private static boolean isOpenToOthers(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return false;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, new LinkOption[0]);
        return permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ);
    }

    boolean isAnonymous() {
        return equals(ANONYMOUS);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Login[" + user + ", ****]";
    }
}
