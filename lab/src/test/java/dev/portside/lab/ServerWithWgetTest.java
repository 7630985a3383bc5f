package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wget knows PASV and PORT over IPv4, EPSV and EPRT over IPv6. */
@ExtendWith(LeakCheckExtension.class)
class ServerWithWgetTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");

    @TempDir
    Path directory;

    private Path local;
    private OurServer server;

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
        return Route.all().stream()
                .filter(route -> (route.family() == Route.Family.IPV6)
                        == (route.command() == Route.Command.EPSV || route.command() == Route.Command.EPRT))
                .toList();
    }

    private Outcome wget(Route route, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("-d", "--tries=1", "--user=" + OurServer.USER, "--password=" + OurServer.PASSWORD));
        if (route.command().isActive()) {
            all.add("--no-passive-ftp");
        }
        all.addAll(List.of(arguments));
        Outcome outcome = RealClient.named("wget")
                .in(local)
                .run(all.toArray(String[]::new))
                .succeeded();
        assertThat(outcome.errors())
                .contains("--> " + route.command())
                .doesNotContainPattern("(?i)retry|giving up|reset|error in|unsupported|invalid");
        return outcome;
    }

    private Outcome wget(String... arguments) throws Exception {
        return wget(routes().getFirst(), arguments);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void recursion_bringsTheTreeWithItsDates(Route route) throws Exception {
        List<String> paths = new ArrayList<>(List.of("empty", ".hidden", "sub/.hidden/deep/file", "sub/one", "big"));
        Names.HARD_ONES.forEach(name -> paths.add("names/" + name + "/" + name));
        for (String path : paths) {
            Path file = server.seed(path, path.equals("big") ? FILE : new Content(path.length() - 5, 5));
            Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        }
        wget(route, "-r", "-nH", "--restrict-file-names=nocontrol", server.url(route.family(), ""));
        for (String path : paths) {
            assertThat(local.resolve(path)).hasSameBinaryContentAs(server.home().resolve(path));
            assertThat(Files.getLastModifiedTime(local.resolve(path)).toInstant())
                    .isEqualTo(LONG_AGO.truncatedTo(ChronoUnit.DAYS));
        }
    }

    @Test
    void timestamping_knowsWhatIsThere() throws Exception {
        server.seed("sub/file", FILE);
        wget("-N", "-r", "-nH", server.url("sub/"));
        Outcome second = wget("-N", "-r", "-nH", server.url("sub/"));
        assertThat(second.errors()).doesNotContain("RETR");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void interruptedDownload_goesOn(Route route) throws Exception {
        server.seed("file", FILE);
        new Content(2_000_003, FILE.seed()).writeTo(local.resolve("file"));
        Outcome outcome = wget(route, "-c", server.url(route.family(), "file"));
        FILE.assertIn(local.resolve("file"));
        assertThat(outcome.errors()).contains("--> REST 2000003");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everySize_isRetrieved(Route route) throws Exception {
        List<String> arguments = new ArrayList<>();
        List<Content> sizes = List.of(new Content(0, 2), new Content(1, 2), FILE);
        for (Content content : sizes) {
            server.seed(Long.toString(content.size()), content);
            arguments.add(server.url(route.family(), Long.toString(content.size())));
        }
        wget(route, arguments.toArray(String[]::new));
        for (Content content : sizes) {
            content.assertIn(local.resolve(Long.toString(content.size())));
        }
    }

    @Test
    void globs_areExpanded() throws Exception {
        // what it finds by a pattern it decodes as if it were a URL
        List<String> names =
                Names.HARD_ONES.stream().filter(name -> !name.contains("%")).toList();
        for (String name : names) {
            server.seed("names/" + name, new Content(1000, 5));
        }
        server.seed("names/other.txt", new Content(1, 1));
        wget("--restrict-file-names=nocontrol", server.url("names/*.bin"));
        for (String name : names) {
            new Content(1000, 5).assertIn(local.resolve(name));
        }
        assertThat(local.resolve("other.txt")).doesNotExist();
    }

    @Test
    void missingFile_isRefused() throws Exception {
        Outcome outcome = RealClient.named("wget")
                .run("--user=" + OurServer.USER, "--password=" + OurServer.PASSWORD, server.url("missing"));
        assertThat(outcome.exitCode()).isEqualTo(8);
        assertThat(outcome.errors()).contains("No such file");
    }
}
