package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.Fault;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server that is broken, or that means harm, can do to the command line: nothing but make it fail in order. */
class HostileServerTest {
    @TempDir
    Path home;

    @TempDir
    Path outer;

    private static String url(ScriptedServer server, String path) {
        return "ftp://127.0.0.1:" + server.port() + "/" + path;
    }

    private static byte[] content() {
        byte[] content = new byte[200_000];
        new Random(5).nextBytes(content);
        return content;
    }

    private Path target() throws IOException {
        return Files.createDirectory(outer.resolve("target"));
    }

    @Test
    void namesThatLeadOutside_areRefusedAndTheRestIsFetched() throws IOException {
        Path target = target();
        try (ScriptedServer server = ScriptedServer.script()
                .file("good", new byte[] {1})
                .file("../evil", new byte[] {2})
                .listing(
                        "MLSD",
                        "type=file;size=1; ../evil",
                        "type=file;size=1; ..",
                        "type=file;size=1; /tmp/evil",
                        "type=file;size=1; sub/evil",
                        "type=dir; ..",
                        "type=dir; ../../evil",
                        "type=file;size=1; e\u001b[31mvil",
                        "type=OS.unix=slink:/etc; link",
                        "type=file;size=1; good")
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("get", "-r", url(server, ""), target + "/")).isEqualTo(ExitCode.SOME_FAILED.value());
            assertThat(console.err())
                    .contains("\"../evil\", which could lead out of the directory, refused")
                    .contains("\"/tmp/evil\"")
                    .contains("\\x1b[31mvil")
                    .doesNotContain("\u001b");
            assertThat(server.verbs().stream().filter("RETR"::equals)).hasSize(1);
        }
        try (Stream<Path> files = Files.walk(outer)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(target.resolve("good"));
        }
    }

    @Test
    void patterns_takeNoHostileNames() throws IOException {
        Path target = target();
        try (ScriptedServer server = ScriptedServer.script()
                .listing("MLSD", "type=file;size=1; ../evil.txt", "type=file;size=1; a/../../evil.txt")
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("get", url(server, "*.txt"), target + "/")).isEqualTo(ExitCode.REFUSED.value());
            assertThat(server.verbs()).doesNotContain("RETR");
        }
    }

    @Test
    void endlessTree_isNotFollowedForEver() throws IOException {
        Path target = target();
        try (ScriptedServer server =
                ScriptedServer.script().listing("MLSD", "type=dir; d").start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("get", "-r", url(server, ""), target + "/")).isEqualTo(ExitCode.SOME_FAILED.value());
            assertThat(console.err()).contains("more than 100 directories deep");
        }
    }

    @Test
    void lineThatNobodyUnderstands_isReported() throws IOException {
        try (ScriptedServer server = ScriptedServer.script()
                .listing("MLSD", "type=file;size=1; good", "no facts")
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("ls", url(server, ""))).isZero();
            assertThat(console.outLines()).containsExactly("good");
            assertThat(console.err()).contains("was not understood: no facts");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "ABORTED_IN_MID_TRANSFER",
                "DATA_CUT_SHORT",
                "CONTROL_CLOSED_IN_MID_TRANSFER",
                "RESET_DATA",
                "NEGATIVE_COMPLETION"
            })
    void brokenDownload_leavesThePartAndNotTheFile(Fault fault) throws IOException {
        Path target = target();
        byte[] content = content();
        try (ScriptedServer server = ScriptedServer.script()
                .file("a.bin", content)
                .fault(fault, "RETR")
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            int code = console.run("get", url(server, "a.bin"), target + "/");
            assertThat(code).as(console.err()).isBetween(3, 8);
            assertThat(console.err()).startsWith("portside: ").doesNotContain("Exception");
        }
        assertThat(target.resolve("a.bin")).doesNotExist();
        try (ScriptedServer server =
                ScriptedServer.script().file("a.bin", content).start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("get", "-c", url(server, "a.bin"), target + "/"))
                    .isZero();
        }
        assertThat(target.resolve("a.bin")).hasBinaryContent(content);
    }

    @Test
    void fileThatIsWholeWithoutA226_isKeptAndTold() throws IOException {
        Path target = target();
        byte[] content = content();
        try (ScriptedServer server = ScriptedServer.script()
                .file("a.bin", content)
                .fault(Fault.NO_COMPLETION, "RETR")
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("get", "--timeout", "1s", url(server, "a.bin"), target + "/"))
                    .as(console.err())
                    .isZero();
            assertThat(console.err())
                    .contains("a.bin: complete by its size, but the server's final reply (226) did not come");
        }
        assertThat(target.resolve("a.bin")).hasBinaryContent(content);
    }

    @Test
    void serverThatCannotResume_sendsItAll() throws IOException {
        Path target = target();
        byte[] content = content();
        Files.write(target.resolve("a.bin.part"), new byte[1000]);
        try (ScriptedServer server = ScriptedServer.script()
                .file("a.bin", content)
                .reply("REST", "502 no")
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("get", "-c", url(server, "a.bin"), target + "/"))
                    .as(console.err())
                    .isZero();
            assertThat(console.err()).contains("a.bin: the server cannot resume, from the start");
        }
        assertThat(target.resolve("a.bin")).hasBinaryContent(content);
    }

    @Test
    void noDataConnection_is5AndIsDrawn() throws IOException {
        try (ScriptedServer server = ScriptedServer.script()
                .fault(Fault.PASSIVE_UNREACHABLE)
                .fault(Fault.ACTIVE_REFUSED)
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("ls", "-v", url(server, ""))).isEqualTo(ExitCode.DATA_CONNECTION.value());
            assertThat(console.err())
                    .contains("no data connection: EPSV")
                    .contains("data connection: connection refused ═")
                    .contains("✗");
        }
    }

    @Test
    void noServer_is3() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("ls", "ftp://127.0.0.1:" + port + "/")).isEqualTo(ExitCode.CANNOT_CONNECT.value());
        assertThat(console.err()).contains("connection refused, check host and port");
    }

    @Test
    void unknownHost_is3() {
        CapturedConsole console = new CapturedConsole(home);
        assertThat(console.run("ls", "ftp://no-such-host.invalid/")).isEqualTo(ExitCode.CANNOT_CONNECT.value());
        assertThat(console.err()).isEqualTo("portside: no-such-host.invalid: no such host, check the name\n");
    }

    @Test
    void anotherProtocol_is8() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.script().greeting("SSH-2.0-OpenSSH_9.9").start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("ls", url(server, ""))).isEqualTo(ExitCode.PROTOCOL.value());
            assertThat(console.err()).contains("this is no FTP server");
        }
    }

    @Test
    void silentServer_is3AfterTheTimeout() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.script().fault(Fault.NO_BANNER).start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("ls", "--timeout", "200ms", url(server, "")))
                    .isEqualTo(ExitCode.CANNOT_CONNECT.value());
        }
    }

    @Test
    void lostServer_isGivenUpOnce() throws IOException {
        try (ScriptedServer server = ScriptedServer.script()
                .listing("MLSD", "type=file;size=1; a", "type=file;size=1; b", "type=file;size=1; c")
                .fault(Fault.BUSY_BANNER)
                .start()) {
            CapturedConsole console = new CapturedConsole(home);
            assertThat(console.run("get", "-r", url(server, ""), target() + "/"))
                    .isEqualTo(ExitCode.CANNOT_CONNECT.value());
            assertThat(console.err().lines()).hasSize(1);
        }
    }

    @Test
    void closedOutput_endsQuietly() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.script().file("a.bin", content()).start()) {
            CapturedConsole console = new CapturedConsole(home).output(new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("Broken pipe");
                }
            });
            assertThat(console.run("cat", url(server, "a.bin"))).isEqualTo(ExitCode.OUTPUT_CLOSED.value());
            assertThat(console.err()).isEmpty();
            assertThat(console.run("ls", url(server, ""))).isEqualTo(ExitCode.OUTPUT_CLOSED.value());
            assertThat(console.err()).isEmpty();
        }
    }

    @Test
    void latin1Name_isFetchedUnderItsName() throws IOException {
        Path target = target();
        String wire = dev.portside.protocol.NameCharset.UTF_8.decode(new byte[] {'c', (byte) 0xe9});
        try (ScriptedServer server = ScriptedServer.script()
                .file(wire, new byte[] {7})
                .listing("MLSD", "type=file;size=1; c\u00e9")
                .start()) {
            CapturedConsole utf8 = new CapturedConsole(home);
            assertThat(utf8.run("get", "-r", url(server, ""), target + "/")).isEqualTo(ExitCode.SOME_FAILED.value());
            assertThat(utf8.err()).contains("cannot be a name here, try --charset");
            CapturedConsole latin1 = new CapturedConsole(home);
            assertThat(latin1.run("get", "-r", "--charset=latin1", url(server, ""), target + "/"))
                    .as(latin1.err())
                    .isZero();
        }
        assertThat(target.resolve("cé")).hasBinaryContent(new byte[] {7});
    }
}
