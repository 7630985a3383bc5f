package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.DataMode;
import dev.portside.client.DataModeMemory.Route;
import dev.portside.testkit.Fault;
import dev.portside.testkit.ScriptedServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownModesTest {
    private static final Route ROUTE =
            new Route("Ftp.example.net", 21, InetAddress.ofLiteral("192.168.1.5"), false, "");
    private static final Route TLS =
            new Route("2001:db8::1", 990, InetAddress.ofLiteral("2001:db8::2"), true, "socks5://alice@proxy:1080");

    @TempDir
    Path home;

    private KnownModes modes() {
        return KnownModes.of(new CapturedConsole(home).console());
    }

    private Path file() {
        return home.resolve(".cache/portside/data-modes");
    }

    @Test
    void whatWorked_isALineThatOnlyTheOwnerCanRead() throws Exception {
        assertThat(modes().recall(ROUTE)).isNull();
        modes().remember(ROUTE, DataMode.PASV);
        modes().remember(TLS, DataMode.EPRT);
        modes().remember(ROUTE, DataMode.PORT);
        assertThat(file()).hasContent("""
                [2001:db8:0:0:0:0:0:1]:990 from 2001:db8:0:0:0:0:0:2 through socks5://alice@proxy:1080 tls EPRT
                ftp.example.net:21 from 192.168.1.5 clear PORT
                """.replace("[2001:db8:0:0:0:0:0:1]", "[2001:db8::1]"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(modes().recall(ROUTE)).isEqualTo(DataMode.PORT);
        assertThat(modes().recall(TLS)).isEqualTo(DataMode.EPRT);
        modes().forget(ROUTE);
        assertThat(modes().recall(ROUTE)).isNull();
        try (Stream<Path> all = Files.list(file().getParent())) {
            assertThat(all).containsExactly(file());
        }
    }

    @Test
    void theModeThatAutoBeginsWith_needsNoFile() {
        modes().remember(ROUTE, DataMode.EPSV);
        modes().forget(ROUTE);
        assertThat(file()).doesNotExist();
        modes().remember(ROUTE, DataMode.PASV);
        modes().remember(ROUTE, DataMode.EPSV);
        assertThat(modes().recall(ROUTE)).isNull();
    }

    @Test
    void theFile_isBounded() throws Exception {
        for (int i = 0; i <= KnownModes.MAX_LINES; i++) {
            modes().remember(new Route("host" + i, 21, ROUTE.local(), false, ""), DataMode.PASV);
        }
        assertThat(Files.readAllLines(file())).hasSize(KnownModes.MAX_LINES);
        assertThat(modes().recall(new Route("host0", 21, ROUTE.local(), false, "")))
                .isNull();
        assertThat(modes().recall(new Route("host1", 21, ROUTE.local(), false, "")))
                .isEqualTo(DataMode.PASV);
    }

    @Test
    void whatIsNoMode_isPassedOver() throws Exception {
        Files.createDirectories(file().getParent());
        Files.write(file(), new byte[] {(byte) 0xff, 0, '\n', 'x'});
        assertThat(modes().recall(ROUTE)).isNull();
        Files.writeString(file(), "ftp.example.net:21 from 192.168.1.5 clear AUTO\n");
        assertThat(modes().recall(ROUTE)).isNull();
        Files.writeString(file(), "x".repeat(1 << 20));
        assertThat(modes().recall(ROUTE)).isNull();
        modes().remember(ROUTE, DataMode.PASV);
        assertThat(modes().recall(ROUTE)).isEqualTo(DataMode.PASV);
    }

    @Test
    void aFileThatCannotBeWritten_isNoFailure() throws Exception {
        Files.writeString(home.resolve(".cache"), "in the way");
        modes().remember(ROUTE, DataMode.PASV);
        assertThat(modes().recall(ROUTE)).isNull();
        Files.delete(home.resolve(".cache"));
        Files.createDirectories(file());
        modes().remember(ROUTE, DataMode.PASV);
        assertThat(modes().recall(ROUTE)).isNull();
    }

    @Test
    void theNextRun_beginsWithWhatWorkedInThisOne() throws Exception {
        try (ScriptedServer server = ScriptedServer.script()
                .file("a", new byte[] {1})
                .fault(Fault.EPSV_UNREACHABLE)
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            String url = "ftp://127.0.0.1:" + server.port() + "/a";
            assertThat(console.run("cat", url)).isZero();
            assertThat(server.verbs()).containsSubsequence("EPSV", "PASV", "RETR");
            int before = server.verbs().size();
            assertThat(console.run("cat", url)).isZero();
            assertThat(server.verbs().subList(before, server.verbs().size()))
                    .contains("PASV")
                    .doesNotContain("EPSV");
            assertThat(file()).content().endsWith("clear PASV\n");
        }
    }
}
