package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.ServerTls;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TestAuthority.Subject;
import dev.portside.testkit.Content;
import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The {@code portside} command with servers that demand TLS, and that every data connection resumes its session. */
class CliWithTlsServersTest {
    private static final Instant LONG_AGO = Instant.parse("2004-03-02T21:20:19Z");
    private static final int MANY = 1000;
    private static final int DIRECTORIES = 10;
    private static final int UPLOADS = 100;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Content FILE = new Content(100_000, 1);

    @TempDir
    Path local;

    private static RealServer start(Kind kind, ServerTls tls) throws Exception {
        return RealServer.start(kind, Options.USUAL.with(tls));
    }

    private static String url(RealServer server, String scheme, String path) {
        return server.url(path).replace("ftp://", scheme + "://" + server.user() + "@");
    }

    private RealClient client(RealServer server) {
        return OurCommand.client(local, server.password()).within(LIMIT);
    }

    private Outcome run(RealServer server, String... arguments) throws Exception {
        return OurCommand.run(client(server), arguments);
    }

    /** Writes tiny files into a few directories. */
    private static void plant(Path root, int count) throws IOException {
        for (int i = 0; i < DIRECTORIES; i++) {
            Files.createDirectories(root.resolve("dir" + i));
        }
        for (int i = 0; i < count; i++) {
            Path file = root.resolve("dir" + i % DIRECTORIES).resolve("file" + i);
            new Content(i, i).writeTo(file);
            Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        }
    }

    /** How often the user has logged in to the server. */
    private static long logins(RealServer server) {
        Pattern login = Pattern.compile(server.kind() == Kind.VSFTPD ? "230 Login successful" : "PASS .* -> 230");
        return server.log().lines().filter(line -> login.matcher(line).find()).count();
    }

    @ParameterizedTest
    @EnumSource(names = {"VSFTPD", "PROFTPD"})
    void get_bringsATreeOfAThousandFiles_inOneSession(Kind kind) throws Exception {
        try (RealServer server = start(kind, ServerTls.EXPLICIT)) {
            plant(server.home().resolve("tree"), MANY);
            server.handOver();
            String root = TestAuthority.root().toString();
            Outcome outcome = run(server, "get", "-r", "--cacert", root, url(server, "ftpes", "tree"))
                    .succeeded();
            assertThat(outcome.errors()).as(outcome.toString()).isEmpty();
            assertThat(Tree.of(local.resolve("tree")))
                    .isEqualTo(Tree.of(server.home().resolve("tree")));
            assertThat(logins(server)).isOne();
        }
    }

    @ParameterizedTest
    @CsvSource({"VSFTPD, EXPLICIT", "VSFTPD, IMPLICIT", "PROFTPD, EXPLICIT", "PROFTPD, IMPLICIT"})
    void put_bringsATree_andGetBringsItBack(Kind kind, ServerTls.Mode mode) throws Exception {
        boolean implicit = mode == ServerTls.Mode.IMPLICIT;
        try (RealServer server = start(kind, implicit ? ServerTls.IMPLICIT : ServerTls.EXPLICIT)) {
            plant(local.resolve("tree"), UPLOADS);
            String root = TestAuthority.root().toString();
            String scheme = implicit ? "ftps" : "ftpes";
            Outcome put = run(server, "put", "-v", "-r", "--cacert", root, "tree", url(server, scheme, ""))
                    .succeeded();
            assertThat(Tree.of(server.home().resolve("tree"))).isEqualTo(Tree.of(local.resolve("tree")));
            // ProFTPD gives no ticket in an upload.
            assertThat(logins(server)).isEqualTo(kind == Kind.VSFTPD ? 1 : 2);
            assertThat(put.errors().contains("connected again with TLS 1.2")).isEqualTo(kind == Kind.PROFTPD);

            run(server, "get", "-r", "--cacert", root, url(server, scheme, "tree"), "-o", "back")
                    .succeeded();
            assertThat(Tree.of(local.resolve("back"))).isEqualTo(Tree.of(local.resolve("tree")));
        }
    }

    @Test
    void unknownAuthority_isRefused_withWhatToDo() throws Exception {
        try (RealServer server = start(Kind.VSFTPD, ServerTls.EXPLICIT)) {
            server.seed("file", FILE.bytes());
            Outcome refused = run(server, "get", url(server, "ftpes", "file"));
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(9);
            assertThat(refused.errors()).contains("the certificate").contains("--cacert FILE", "--pin sha256//");
            assertThat(local.resolve("file")).doesNotExist();

            String pin = pin(refused.errors());
            assertThat(pin).isEqualTo(Fingerprints.pin(identity().chain().getFirst()));
            run(server, "get", "--pin", pin, url(server, "ftpes", "file")).succeeded();
            FILE.assertIn(local.resolve("file"));
        }
    }

    private static String pin(String message) {
        int start = message.indexOf("sha256//");
        return message.substring(start).split("[ )\\n]", 2)[0];
    }

    private static TlsIdentity identity() throws IOException {
        return TlsIdentity.read(TestAuthority.certificate(Subject.SERVER).both(), null, null);
    }

    @Test
    void auto_goesOnInTheClear_andSaysSo() throws Exception {
        try (RealServer server = RealServer.start(Kind.VSFTPD)) {
            server.seed("file", FILE.bytes());
            Outcome outcome = run(server, "get", "-v", "--tls", "auto", url(server, "ftp", "file"))
                    .succeeded();
            assertThat(outcome.errors())
                    .contains("> AUTH TLS")
                    .contains("the server refuses TLS: everything crosses the network in the clear");
            FILE.assertIn(local.resolve("file"));

            Outcome explicit = run(server, "get", "--tls", "explicit", url(server, "ftp", "file"));
            assertThat(explicit.exitCode()).as(explicit.toString()).isEqualTo(3);
            assertThat(explicit.errors()).contains("the server refuses TLS");
        }
    }

    @Test
    void auto_takesTls_whereItIsOffered() throws Exception {
        try (RealServer server = start(Kind.PROFTPD, ServerTls.EXPLICIT)) {
            server.seed("file", FILE.bytes());
            String root = TestAuthority.root().toString();
            String[] arguments = {"get", "-v", "--tls", "auto", "--cacert", root, url(server, "ftp", "file")};
            assertThat(run(server, arguments).succeeded().errors())
                    .contains("control connection is secured, TLSv1.3")
                    .contains("data connection is secured, TLSv1.3")
                    .contains("resuming the session of the control connection");
            FILE.assertIn(local.resolve("file"));
        }
    }

    @Test
    void knownHosts_letInWhatWasAccepted_andNothingElse() throws Exception {
        try (RealServer server = start(Kind.VSFTPD, ServerTls.EXPLICIT)) {
            server.seed("file", FILE.bytes());
            String known = Fingerprints.sha256(identity().chain().getFirst());
            String host = "127.0.0.1:" + server.address().getPort();
            Path settings = local.resolve("settings");
            Path file = settings.resolve("portside/known_hosts");
            Files.createDirectories(file.getParent());
            RealClient client = client(server).with("XDG_CONFIG_HOME", settings.toString());
            String[] get = {"get", url(server, "ftpes", "file")};

            Files.writeString(file, host + " sha256 " + known + "\n");
            OurCommand.run(client, get).succeeded();
            FILE.assertIn(local.resolve("file"));

            List<String> lines = new ArrayList<>(List.of("# a remark"));
            lines.add(host + " sha256 " + (known.startsWith("00") ? "01" : "00") + known.substring(2));
            Files.write(file, lines);
            Files.delete(local.resolve("file"));
            Outcome changed = OurCommand.run(client, get);
            assertThat(changed.exitCode()).as(changed.toString()).isEqualTo(9);
            assertThat(changed.errors())
                    .contains("has changed since you accepted it")
                    .contains("remove line 2 of " + file);
            assertThat(local.resolve("file")).doesNotExist();
        }
    }
}
