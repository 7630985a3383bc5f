package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    Path directory;

    @TempDir
    Path home;

    /** A command that fails is a command whose classes are not in the ahead-of-time cache. */
    @Test
    void everyCommandOfTheRehearsal_works() throws Exception {
        CapturedConsole captured =
                new CapturedConsole(home).with(Login.PASSWORD_VARIABLE, "x").with("XDG_STATE_HOME", home.toString());
        assertThat(new Rehearsal(captured.console(), directory).run())
                .as(captured.err())
                .isEmpty();
        assertThat(captured.out()).contains("portside COMMAND", "TLS handshake", "\na\n");
    }
}
