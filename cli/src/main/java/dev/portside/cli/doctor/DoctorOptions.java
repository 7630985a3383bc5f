package dev.portside.cli.doctor;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is examined, beside the usual.
 *
 * @param path with a slash at the end, or empty for the login directory: what is listed; otherwise the file that is downloaded,
 *     whose directory is listed
 * @param modes those that are tried
 * @param asked those that have to work; empty: any one
 * @param write whether a small file is uploaded, verified and removed
 * @param transfers in the row of transfers under TLS, 0: none
 * @param samplePorts how often a passive port is asked for and connected to, 0: not
 * @param idle how long the control connection does nothing, before it is seen whether it lives; null: not tried
 * @param sessions opened at the same time, 0: not tried
 * @param connections control connections that the doctor has at the same time, when it does not count sessions
 */
public record DoctorOptions(
        String user,
        String password,
        String path,
        Set<Mode> modes,
        Set<Mode> asked,
        boolean write,
        int transfers,
        int samplePorts,
        @Nullable Duration idle,
        int sessions,
        int connections) {
    public static final int USUAL_TRANSFERS = 10;
    public static final int USUAL_CONNECTIONS = 3;

    public DoctorOptions {
        modes = Set.copyOf(modes);
        asked = Set.copyOf(asked);
        if (transfers < 0 || samplePorts < 0 || sessions < 0 || connections < 1) {
            throw new IllegalArgumentException("a number of trials is not negative, and there is one connection");
        }
    }

    /** The usual for a user: every mode, nothing written, the login directory. */
    public static DoctorOptions of(String user, String password) {
        return new DoctorOptions(
                user,
                password,
                "",
                EnumSet.allOf(Mode.class),
                Set.of(),
                false,
                USUAL_TRANSFERS,
                0,
                null,
                0,
                USUAL_CONNECTIONS);
    }

    /** The directory of {@link #path}: itself if it is empty or ends in a slash. */
    String directory() {
        return path.isEmpty() ? "" : path.substring(0, Math.max(path.lastIndexOf('/'), path.startsWith("/") ? 1 : 0));
    }

    /** The file that {@link #path} names; null if it names a directory. */
    @Nullable
    String file() {
        return path.isEmpty() || path.endsWith("/") ? null : path;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DoctorOptions[" + user + ", ****, " + path + "]";
    }
}
