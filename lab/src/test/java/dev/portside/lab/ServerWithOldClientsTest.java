package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two descendants of the {@code ftp} of 4.2BSD. */
@ParameterizedClass
@EnumSource
@ExtendWith(LeakCheckExtension.class)
class ServerWithOldClientsTest {
    private static final Content FILE = new Content(5 << 20, 1);

    private static final Pattern COMPLAINT = Pattern.compile(
            "^[45]\\d\\d[ -](?!SIZE is not told in TYPE A)|^\\?|(?i)reset|lost|timed out|cannot|can't|warning");

    @Parameter
    Client client;

    @TempDir
    Path directory;

    private Path local;
    private OurServer server;

    enum Client {
        TNFTP("tnftp"),
        INETUTILS("inetutils-ftp");

        private final String program;

        Client(String program) {
            this.program = program;
        }

        /** Over IPv4, tnftp begins with the extended commands, the other one with the old ones. */
        private boolean toggles(Route route) {
            boolean extended = route.command() == Route.Command.EPSV || route.command() == Route.Command.EPRT;
            return route.family() == Route.Family.IPV4 && extended != (this == TNFTP);
        }

        private List<String> options(Route route) {
            List<String> options = new ArrayList<>(List.of("-n", "-i", "-v", "-d"));
            if (route.command().isActive()) {
                options.add("-A");
            } else if (this == INETUTILS) {
                options.add("-p");
            }
            return options;
        }
    }

    @BeforeEach
    void start() throws Exception {
        local = Files.createDirectory(directory.resolve("local"));
        server = OurServer.start(directory.resolve("home"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    static List<Route> routes() {
        return Route.all();
    }

    /** Runs commands, of which none is refused. */
    private Outcome ftp(Route route, String... commands) throws Exception {
        List<String> arguments = client.options(route);
        arguments.addAll(List.of(server.host(route.family()), server.port(route.family())));
        String script = "user " + OurServer.USER + " " + OurServer.PASSWORD + "\nbinary\n"
                + (client.toggles(route) ? "epsv4\n" : "")
                + String.join("\n", commands)
                + "\nbye\n";
        Outcome outcome = RealClient.named(client.program)
                .in(local)
                .reading(script)
                .run(arguments.toArray(String[]::new))
                .succeeded();
        assertThat(dialogue(outcome)).contains("221 Goodbye");
        assertThat(dialogue(outcome).lines().filter(COMPLAINT.asPredicate())).isEmpty();
        return outcome;
    }

    private Outcome ftp(String... commands) throws Exception {
        return ftp(Route.all().getFirst(), commands);
    }

    private static String dialogue(Outcome outcome) {
        return outcome.text() + outcome.errors();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everySize_goesBothWays(Route route) throws Exception {
        List<Content> sizes = List.of(new Content(0, 2), new Content(1, 2), FILE);
        List<String> commands = new ArrayList<>();
        for (Content content : sizes) {
            content.writeTo(local.resolve(content.size() + ".up"));
            commands.add("put " + content.size() + ".up " + content.size());
            commands.add("get " + content.size() + " " + content.size() + ".down");
        }
        commands.add("dir");

        Outcome outcome = ftp(route, commands.toArray(String[]::new));

        for (Content content : sizes) {
            content.assertIn(server.home().resolve(Long.toString(content.size())));
            content.assertIn(local.resolve(content.size() + ".down"));
        }
        assertThat(outcome.text()).contains(" 5242880 ");
        assertThat(dialogue(outcome)).contains("---> " + route.command());
        for (Route.Command other : Route.Command.values()) {
            if (other != route.command()) {
                assertThat(dialogue(outcome)).doesNotContain("---> " + other);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void interruptedTransfers_goOn(Route route) throws Exception {
        Content half = new Content(2_000_003, FILE.seed());
        server.seed("down", FILE);
        half.writeTo(local.resolve("down"));
        server.seed("up", half);
        FILE.writeTo(local.resolve("up"));
        Outcome outcome = ftp(route, "reget down", "restart 2000003", "put up");
        FILE.assertIn(local.resolve("down"));
        FILE.assertIn(server.home().resolve("up"));
        assertThat(dialogue(outcome)).containsSubsequence("---> REST 2000003", "---> RETR", "---> REST 2000003");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "ascii"})
    void text_keepsItsLines(String type) throws Exception {
        Files.writeString(local.resolve("text"), "eins\nzwei\n");
        ftp(type, "put text", "get text back");
        assertThat(server.home().resolve("text")).content().isEqualTo("eins\nzwei\n");
        assertThat(local.resolve("back")).content().isEqualTo("eins\nzwei\n");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void namesAndDirectories_survive(Route route) throws Exception {
        List<String> commands = new ArrayList<>();
        List<String> names = Names.HARD_ONES;
        Content content = new Content(1000, 3);
        content.writeTo(local.resolve("up"));
        for (String name : names) {
            commands.addAll(List.of(
                    quoted("mkdir", name),
                    quoted("cd", name),
                    "pwd",
                    quoted("put up", name),
                    quoted("append up", name),
                    quoted("get", name, "got " + name),
                    quoted("rename", name, "moved"),
                    quoted("cd ..")));
        }
        ftp(route, commands.toArray(String[]::new));
        for (String name : names) {
            assertThat(server.home().resolve(name).resolve("moved")).hasSize(2000);
            assertThat(local.resolve("got " + name)).hasSize(2000);
        }
    }

    private static String quoted(String command, String... arguments) {
        return command + (arguments.length == 0 ? "" : " \"" + String.join("\" \"", arguments) + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir", "nlist"})
    void listing_hasEveryName(String command) throws Exception {
        for (String name : Names.HARD_ONES) {
            server.seed(name, new Content(1, 1));
        }
        assertThat(ftp(command).text()).contains(Names.HARD_ONES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.txt", "?.txt"})
    void globs_areExpanded(String pattern) throws Exception {
        for (String name : List.of("a.txt", "b.txt", "c.bin")) {
            server.seed(name, new Content(10, 1));
            new Content(10, 2).writeTo(local.resolve("up " + name + ".copy"));
        }
        Outcome outcome = RealClient.named(client.program)
                .in(local)
                .reading("user " + OurServer.USER + " " + OurServer.PASSWORD + "\nmget " + pattern
                        + "\nmput up*\nmdelete " + pattern + "\nbye\n")
                .run("-n", "-i", "-v", "-p", server.host(Route.Family.IPV4), server.port(Route.Family.IPV4))
                .succeeded();
        assertThat(local.resolve("a.txt")).as(outcome.toString()).hasSize(10);
        assertThat(local.resolve("b.txt")).hasSize(10);
        assertThat(local.resolve("c.bin")).doesNotExist();
        assertThat(server.home())
                .isDirectoryNotContaining("glob:**/?.txt")
                .isDirectoryContaining("glob:**/up a.txt.copy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete file",
                "chmod 600 file",
                "size file",
                "modtime file",
                "system",
                "rstatus",
                "rhelp",
                "status",
                "site help",
                "idle"
            })
    void everydayCommand_isAnswered(String command) throws Exception {
        server.seed("file", FILE);
        ftp(command);
    }
}
