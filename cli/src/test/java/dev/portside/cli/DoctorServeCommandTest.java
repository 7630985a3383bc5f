package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.DataMode;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.client.Upload;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
@ExtendWith(LeakCheckExtension.class)
class DoctorServeCommandTest {
    private static final Pattern TO_RUN = Pattern.compile(
            "PORTSIDE_PASSWORD=(\\S+) portside doctor( --pin (\\S+))?( --write)? (ftp|ftpes)://doctor@127.0.0.1:(\\d+)/");

    @TempDir
    Path home;

    @TempDir
    Path temporary;

    /** {@code doctor --serve} on a thread of its own, and what it prints. */
    private final class Served implements AutoCloseable {
        private final BufferedReader out;
        private final FutureTask<Integer> running;
        private final Matcher toRun;
        private final Thread thread;
        private final CapturedConsole console = new CapturedConsole(home);

        Served(String... more) throws IOException {
            PipedOutputStream pipe = new PipedOutputStream();
            out = new BufferedReader(
                    new InputStreamReader(new PipedInputStream(pipe, 1 << 20), StandardCharsets.UTF_8));
            List<String> arguments = new ArrayList<>(List.of("--serve", "--bind", "127.0.0.1", "--port", "0"));
            arguments.addAll(List.of(more));
            DoctorServeCommand command =
                    new DoctorServeCommand(console.output(pipe).console(), Duration.ofMillis(300), temporary);
            running = new FutureTask<>(() -> {
                try (pipe) {
                    return new CommandLine(command).execute(arguments.toArray(String[]::new));
                }
            });
            thread = Thread.ofPlatform().name("served").start(running);
            toRun = TO_RUN.matcher("");
            String line = out.readLine();
            while (line != null && !toRun.reset(line).find()) {
                line = out.readLine();
            }
            assertThat(line).as("the line to run: " + console.err()).isNotNull();
        }

        String password() {
            return toRun.group(1);
        }

        String pin() {
            return toRun.group(3);
        }

        int port() {
            return Integer.parseInt(toRun.group(6));
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port());
        }

        ScriptedClient login() throws IOException {
            return ScriptedClient.login(address(), "doctor", password());
        }

        FtpClient connect(DataMode mode, FtpClientTls tls) throws IOException {
            FtpClient client = FtpClient.connect(FtpClientOptions.builder("127.0.0.1")
                    .port(port())
                    .mode(mode)
                    .tls(tls)
                    .build());
            client.login("doctor", password());
            return client;
        }

        /** What it prints, to its end. */
        String told() throws IOException, InterruptedException, ExecutionException, TimeoutException {
            String told = String.join("\n", out.lines().toList());
            assertThat(running.get(20, TimeUnit.SECONDS)).as(console.err()).isZero();
            thread.join();
            return told;
        }

        @Override
        public void close() throws IOException {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            out.close();
        }
    }

    private static byte[] download(FtpClient client, String name) throws IOException {
        Download download = client.retrieve(name);
        try (download) {
            return download.inputStream().readAllBytes();
        }
    }

    @Test
    void oneRun_isServedAndTold_andNothingIsLeft() throws Exception {
        try (Served served = new Served()) {
            try (FtpClient client = served.connect(DataMode.EPSV, FtpClientTls.OFF)) {
                assertThat(client.list().entries().stream().map(entry -> entry.name()))
                        .containsExactlyInAnyOrder("1.bin", "65536.bin", "1048576.bin");
                assertThat(download(client, "1048576.bin")).hasSize(1 << 20);
            }
            try (FtpClient client = served.connect(DataMode.PORT, FtpClientTls.OFF)) {
                assertThat(download(client, "1.bin")).hasSize(1);
            }
            assertThat(served.told())
                    .contains("Seen here:")
                    .containsPattern("connection 1  127.0.0.1:\\d+ to 127.0.0.1:" + served.port() + ", in the clear")
                    .containsPattern("229 sent +port \\d+")
                    .containsPattern("data +RETR: 127.0.0.1:\\d+ and 127.0.0.1:\\d+, 1.0 MiB, complete in ")
                    .containsPattern("connection 2")
                    .containsPattern("PORT arrived +127.0.0.1:\\d+, where the client comes from")
                    .doesNotContain(served.password());
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void whatGatewaysDo_isTold() throws Exception {
        try (Served served = new Served("--external-address", "203.0.113.9")) {
            try (ScriptedClient client = served.login()) {
                assertThat(client.command("FEAT", 211).lines()).contains(" SITE SEEN");
                client.command("PORT 10,0,0,5,200,1", 504);
                InetSocketAddress named = client.pasv();
                try (Socket stranger = client.connectData(
                                new InetSocketAddress(client.remoteAddress().getAddress(), named.getPort()),
                                InetAddress.ofLiteral("127.0.0.2"));
                        Socket data = client.connectData(
                                new InetSocketAddress(client.remoteAddress().getAddress(), named.getPort()))) {
                    client.command("NLST", 150);
                    assertThat(stranger.getInputStream().read()).isNegative();
                    data.getInputStream().readAllBytes();
                    client.expect(226);
                }
                client.active("EPRT").close();
                client.command("NLST", 425);
                client.epsv();
                client.command("QUIT", 221);
            }
            assertThat(served.told())
                    .contains(
                            "10.0.0.5:51201: NOT where the client comes from, 127.0.0.1; its gateway has not rewritten it")
                    .containsPattern("answered: 504 ")
                    .containsPattern("227 sent +203.0.113.9:\\d+")
                    .containsPattern("stranger +127.0.0.2:\\d+ came to the data port")
                    .containsPattern("229 sent +port \\d+\n +no transfer followed")
                    .containsOnlyOnce("no transfer followed")
                    .containsPattern("FAILED: the connection to 127.0.0.1:\\d+ was refused");
        }
    }

    @Test
    void underTls_resumptionIsTold() throws Exception {
        try (Served served = new Served("--tls", "required", "--write")) {
            FtpClientTls tls =
                    FtpClientTls.builder(TlsMode.EXPLICIT).pin(served.pin()).build();
            try (FtpClient client = served.connect(DataMode.EPSV, tls)) {
                Upload upload = client.store("up.bin");
                try (upload) {
                    upload.outputStream().write(new byte[1000]);
                }
                client.delete("up.bin");
            }
            assertThat(served.told()).containsPattern("TLSv1.3").contains("TLSv1.3, session resumed");
        }
    }

    @Test
    void doctor_runsAgainstIt_andComparesBothEnds() throws Exception {
        try (Served served = new Served("--tls", "offered", "--write")) {
            CapturedConsole console = new CapturedConsole(home).with("PORTSIDE_PASSWORD", served.password());
            Path page = home.resolve("page.html");
            int code = console.run(
                    "doctor",
                    "--write",
                    "--transfers",
                    "2",
                    "--html",
                    page.toString(),
                    "--pin",
                    served.pin(),
                    "ftp://doctor@127.0.0.1:" + served.port() + "/");
            assertThat(code).as(console.out() + console.err()).isZero();
            assertThat(console.outLines())
                    .anyMatch(line -> line.contains("listing by EPSV"))
                    .anyMatch(line -> line.contains("opens the data connection"));
            assertThat(page).content().contains("<svg").doesNotContain(served.password());
            assertThat(served.told())
                    .containsPattern("data +STOR: ")
                    .contains("session resumed")
                    .containsPattern("EPRT arrived +127.0.0.1:\\d+, where the client comes from");
        }
    }

    @Test
    void uploads_areRefusedUnlessAskedFor() throws Exception {
        try (Served served = new Served();
                ScriptedClient client = served.login()) {
            client.epsv();
            client.command("STOR x", 550);
        }
    }

    @Test
    void nobody_endsItAfterTheTime() throws Exception {
        try (Served served = new Served("--for", "50ms")) {
            assertThat(served.told()).contains("Nobody came.");
        }
    }

    @Test
    void tooMuchSent_endsIt() throws Exception {
        ServerVisits visits = new ServerVisits(Duration.ofMinutes(1), 1000);
        try (ServedDirectory server = new ServedDirectory(home, visits);
                ScriptedClient client =
                        ScriptedClient.login(server.address(), ServedDirectory.USER, ServedDirectory.PASSWORD)) {
            client.upload("STOR a", new byte[1001]);
            visits.awaitEnd(Duration.ofSeconds(20));
            assertThat(visits.lines()).last().asString().startsWith("ended, because more than 1000 B");
        }
    }
}
