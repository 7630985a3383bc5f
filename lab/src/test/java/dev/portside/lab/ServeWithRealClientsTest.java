package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.testkit.Content;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README promises of {@code portside serve}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeWithRealClientsTest {
    private static final Content FILE = new Content(5 << 20, 1);
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");
    private static final String LISTENING = "listening on ftp://";

    private Path home;
    private Process serve;
    private String authority;

    @BeforeAll
    void start(@TempDir Path served) throws Exception {
        home = served;
        serve = OurCommand.start("serve", home.toString(), "--port", "0", "--user", "ada", "--password", "s3cret");
        BufferedReader lines = serve.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = lines.readLine();
        }
        assertThat(line).isNotNull();
        authority = line.substring(LISTENING.length(), line.length() - 1);
    }

    @AfterAll
    void stop() throws Exception {
        serve.destroy();
        assertThat(serve.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(serve.exitValue()).as("ended by SIGTERM").isEqualTo(143);
    }

    private static void plant(Path root) throws IOException {
        for (String path : new String[] {"big", ".hidden", "sub/deep/" + Names.HARD, "sub/empty"}) {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            new Content(path.equals("big") ? FILE.size() : 0, 1).writeTo(file);
            Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--ftp-port -"})
    void curl_uploads(String mode, @TempDir Path local) throws Exception {
        FILE.writeTo(local.resolve("up"));
        String[] arguments = ("-sS --user ada:s3cret -T up " + mode + " ftp://" + authority + "/curl").split(" +");
        RealClient.named("curl").in(local).run(arguments).succeeded();
        FILE.assertIn(home.resolve("curl"));
        Files.delete(home.resolve("curl"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lftp_mirrorsBothWays(boolean passive, @TempDir Path local) throws Exception {
        plant(local.resolve("tree"));
        String name = "lftp-" + passive;
        RealClient.named("lftp")
                .in(local)
                .reading("""
                        set cmd:fail-exit yes
                        set ftp:passive-mode %s
                        open -u ada,s3cret ftp://%s/
                        mirror -R tree %s
                        mirror %3$s copy
                        """.formatted(passive, authority, name))
                .run()
                .succeeded();
        assertThat(Tree.of(home.resolve(name))).isEqualTo(Tree.of(local.resolve("tree")));
        assertThat(Tree.of(local.resolve("copy"))).isEqualTo(Tree.of(local.resolve("tree")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--passive-ftp", "--no-passive-ftp"})
    void wget_bringsTheTree(String mode, @TempDir Path local) throws Exception {
        Path tree = home.resolve("wget" + mode);
        plant(tree);
        RealClient.named("wget")
                .in(local)
                .run(
                        "-q",
                        "-r",
                        "-nH",
                        "--cut-dirs=1",
                        "--restrict-file-names=nocontrol",
                        mode,
                        "--user=ada",
                        "--password=s3cret",
                        "ftp://" + authority + "/" + tree.getFileName() + "/")
                .succeeded();
        assertThat(Tree.of(local).entries().keySet())
                .isEqualTo(Tree.of(tree).entries().keySet());
        assertThat(local.resolve("big")).hasSameBinaryContentAs(tree.resolve("big"));
    }

    @Test
    void ourOwnCommand_putsAndGets(@TempDir Path local) throws Exception {
        FILE.writeTo(local.resolve(Names.HARD));
        String url = "ftp://ada@" + authority + "/";
        OurCommand.run(local, "s3cret", "put", Names.HARD, url).succeeded();
        OurCommand.run(local, "s3cret", "get", url + Names.inUrl(Names.HARD), "-o", "back")
                .succeeded();
        FILE.assertIn(local.resolve("back"));
    }
}
