package dev.portside.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import dev.portside.client.TransferResult;
import dev.portside.client.Upload;
import dev.portside.lab.peer.RealClient;
import dev.portside.lab.peer.RealClient.Outcome;
import dev.portside.lab.peer.RealServer;
import dev.portside.lab.peer.RealServer.Kind;
import dev.portside.lab.peer.RealServer.Options;
import dev.portside.lab.peer.ServerTls;
import dev.portside.lab.peer.TestAuthority;
import dev.portside.lab.peer.TestAuthority.Subject;
import dev.portside.lab.peer.TlsVersions;
import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.server.DataSessionReuse;
import dev.portside.server.TransferStatus;
import dev.portside.testkit.Content;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.ScriptedServer;
import dev.portside.testkit.TlsSocket;
import dev.portside.testkit.Zlib;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MODE Z under TLS: compressed, then encrypted. */
@ExtendWith(LeakCheckExtension.class)
class ModeZTlsTest {
    private static final Map<String, byte[]> SAMPLES = samples();
    private static final byte[] WORDS = sample("words");

    @TempDir
    Path directory;

    private final Queue<String> commands = new ConcurrentLinkedQueue<>();

    private static Map<String, byte[]> samples() {
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("empty", new byte[0]);
        samples.put("small", "hello\n".getBytes(UTF_8));
        samples.put("random", new Content(3 << 20, 1).bytes());
        samples.put(
                "words",
                "many words, many words, and a line end\n".repeat(100_000).getBytes(UTF_8));
        samples.put("zeros", new byte[5 << 20]);
        return samples;
    }

    private static byte[] sample(String name) {
        byte[] bytes = SAMPLES.get(name);
        if (bytes == null) {
            throw new IllegalArgumentException(name);
        }
        return bytes;
    }

    private FtpClient client(InetSocketAddress server, String user, String password, TlsVersions versions)
            throws IOException {
        FtpClientTls.Builder tls = FtpClientTls.builder(TlsMode.EXPLICIT).authorities(TestAuthority.root());
        if (versions != TlsVersions.BOTH) {
            tls.protocols(versions.newest());
        }
        FtpClient client =
                FtpClient.connect(FtpClientOptions.builder(server.getAddress().getHostAddress())
                        .port(server.getPort())
                        .compression(true)
                        .tls(tls.build())
                        .listener(new FtpClientListener() {
                            @Override
                            public void command(Command command) {
                                commands.add(command.masked());
                            }
                        })
                        .build());
        client.login(user, password);
        return client;
    }

    private static TransferResult upload(FtpClient client, String name, byte[] bytes) throws IOException {
        Upload upload = client.store(name);
        try (upload) {
            upload.write(ByteBuffer.wrap(bytes));
        }
        return upload.result();
    }

    private static Download download(FtpClient client, String name, byte[] expected) throws IOException {
        Download download = client.retrieve(name);
        try (download) {
            assertThat(download.inputStream().readAllBytes()).isEqualTo(expected);
        }
        return download;
    }

    private static OurServer ours(Path home) throws IOException {
        return OurServer.startTls(home, DataSessionReuse.REQUIRED);
    }

    private FtpClient client(OurServer server, TlsVersions versions) throws IOException {
        return client(server.address(Route.Family.IPV4), OurServer.USER, OurServer.PASSWORD, versions);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_1_2", "TLS_1_3"})
    void everything_goesCompressed_betweenOurTwoEnds(TlsVersions versions) throws Exception {
        OurServer server = ours(directory.resolve("home"));
        try (server;
                FtpClient client = client(server, versions)) {
            for (Map.Entry<String, byte[]> sample : SAMPLES.entrySet()) {
                boolean shrinks =
                        sample.getValue().length > 100 && !sample.getKey().equals("random");
                TransferResult up = upload(client, sample.getKey(), sample.getValue());
                assertThat(server.home().resolve(sample.getKey())).hasBinaryContent(sample.getValue());
                assertThat(up.wireBytes() < up.bytes()).isEqualTo(shrinks);
                TransferResult down =
                        download(client, sample.getKey(), sample.getValue()).result();
                assertThat(down.wireBytes() < down.bytes()).isEqualTo(shrinks);
            }
            assertThat(client.list().entries().stream()
                            .filter(entry -> !entry.isSelfOrParent())
                            .map(DirectoryEntry::name))
                    .containsExactlyInAnyOrderElementsOf(SAMPLES.keySet());
        }
        assertThat(commands).containsOnlyOnce("MODE Z").contains("PROT P").doesNotContain("MODE S");
        assertThat(server.transfers()).hasSize(2 * SAMPLES.size() + 1).allMatch(TransferStatus::resumed);
    }

    @Test
    void proFtpd_compressesUnderTls() throws Exception {
        try (RealServer server = RealServer.start(Kind.PROFTPD, Options.USUAL.with(ServerTls.EXPLICIT));
                FtpClient client = client(server.address(), server.user(), server.password(), TlsVersions.BOTH)) {
            server.seed("words", WORDS);
            TransferResult down = download(client, "words", WORDS).result();
            assertThat(down.wireBytes()).isLessThan(WORDS.length / 10);
            upload(client, "small", sample("small"));
            assertThat(server.home().resolve("small")).hasBinaryContent(sample("small"));
            assertThat(client.list().entries()).extracting(DirectoryEntry::name).contains("words", "small");
        }
        assertThat(commands).containsOnlyOnce("MODE Z").contains("PROT P");
    }

    @Test
    void upload_thatIsAborted_leavesNothing() throws Exception {
        try (OurServer server = ours(directory.resolve("home"));
                FtpClient client = client(server, TlsVersions.BOTH)) {
            server.letTransfersFail();
            Upload upload = client.store("cut");
            upload.write(ByteBuffer.wrap(sample("random")));
            upload.abort();
            upload.close();
            upload(client, "whole", WORDS);
            assertThat(server.home().resolve("cut")).doesNotExist();
            assertThat(server.home().resolve("whole")).hasBinaryContent(WORDS);
        }
    }

    /** TLS says that this was all, the compressed data say that it was not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void upload_thatEndsInTheMiddleOfTheCompressedData_isTruncated(boolean closeNotify) throws Exception {
        byte[] wire = Zlib.deflated(sample("random"));
        try (OurServer server = ours(directory.resolve("home"));
                ScriptedClient client = scripted(server)) {
            server.letTransfersFail();
            try (Socket data = client.passive()) {
                client.command("STOR cut", 150);
                TlsSocket secured = client.secured(data);
                secured.getOutputStream().write(wire, 0, wire.length / 2);
                if (closeNotify) {
                    secured.end();
                }
                data.shutdownOutput();
                client.expect(426);
            }
            assertThat(server.home()).isEmptyDirectory();
        }
    }

    /** The end of the compressed data is as good a proof as close_notify: it came under TLS too. */
    @Test
    void upload_withoutCloseNotify_isWhole_whenItsCompressedDataAre() throws Exception {
        try (OurServer server = ours(directory.resolve("home"));
                ScriptedClient client = scripted(server)) {
            try (Socket data = client.passive()) {
                client.command("STOR whole", 150);
                TlsSocket secured = client.secured(data);
                secured.getOutputStream().write(Zlib.deflated(WORDS));
                data.shutdownOutput();
                client.expect(226);
            }
            assertThat(server.home().resolve("whole")).hasBinaryContent(WORDS);
        }
    }

    private static ScriptedClient scripted(OurServer server) throws Exception {
        SSLContext context = context(false);
        InetSocketAddress address = server.address(Route.Family.IPV4);
        ScriptedClient client = ScriptedClient.connect(address);
        client.expect(220);
        client.startTls(() -> {
            SSLEngine engine = context.createSSLEngine("127.0.0.1", address.getPort());
            engine.setUseClientMode(true);
            return engine;
        });
        client.login(OurServer.USER, OurServer.PASSWORD).protectData();
        client.command("TYPE I", 200);
        client.command("MODE Z", 200);
        return client;
    }

    /** Of a peer that is a script. */
    private static SSLContext context(boolean server) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        TlsIdentity identity =
                TlsIdentity.read(TestAuthority.certificate(Subject.SERVER).both(), null, null);
        X509Certificate[] chain = identity.chain().toArray(X509Certificate[]::new);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        if (server) {
            store.setKeyEntry("server", identity.key(), new char[0], chain);
        } else {
            store.setCertificateEntry("server", chain[0]);
        }
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        if (server) {
            context.init(keys.getKeyManagers(), null, null);
        } else {
            trust.init(store);
            context.init(null, trust.getTrustManagers(), null);
        }
        return context;
    }

    @Test
    void download_thatEndsInTheMiddleOfTheCompressedData_fails_whateverTlsAndTheReplySay() throws Exception {
        byte[] wire = Zlib.deflated(WORDS);
        SSLContext context = context(true);
        try (ScriptedServer server = ScriptedServer.script()
                        .features("MODE Z", "SIZE")
                        .tls(() -> context)
                        .on("RETR", (session, line) -> {
                            session.send("150 begins");
                            session.data().send(Arrays.copyOf(wire, wire.length / 2));
                            session.data().close();
                            session.send("226 done");
                        })
                        .start();
                FtpClient client = client(server.address(), "ada", "s3cret", TlsVersions.BOTH)) {
            Download download = client.retrieve("words");
            assertThatThrownBy(() -> download.inputStream().readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ended in the middle of the compressed data");
            download.close();
            client.workingDirectory();
        }
    }

    @Test
    void lftp_mirrorsBothWays() throws Exception {
        Path local = Files.createDirectory(directory.resolve("local"));
        Path tree = local.resolve("tree");
        Files.createDirectories(tree.resolve("many"));
        for (Map.Entry<String, byte[]> sample : SAMPLES.entrySet()) {
            Files.write(tree.resolve(sample.getKey()), sample.getValue());
        }
        for (int i = 0; i < 50; i++) {
            Files.write(tree.resolve("many/" + i), Arrays.copyOf(WORDS, i * 100));
        }
        try (var files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2004-03-02T21:20:19Z")));
            }
        }
        OurServer server = ours(directory.resolve("home"));
        try (server) {
            Outcome outcome = RealClient.named("lftp")
                    .in(local)
                    .reading("""
                            debug -T 5
                            set cmd:fail-exit yes
                            set net:max-retries 1
                            set net:timeout 10
                            set ftp:use-mode-z yes
                            set ftp:ssl-force true
                            set ftp:ssl-protect-data true
                            set ftp:ssl-protect-list true
                            set ssl:ca-file %s
                            open -u %s,%s %s
                            mirror -R tree there
                            mirror there copy
                            """.formatted(TestAuthority.root(), OurServer.USER, OurServer.PASSWORD, server.url("")))
                    .run()
                    .succeeded();
            assertThat(outcome.text() + outcome.errors())
                    .contains("---> MODE Z")
                    .contains("---> PROT P");
            assertThat(outcome.errors())
                    .as(outcome.toString())
                    .doesNotContainPattern("(?im)retry|failed|reset|cannot|abort|timeout|peer closed|gnutls|^[*]{4}");
            assertThat(Tree.of(server.home().resolve("there"))).isEqualTo(Tree.of(tree));
            assertThat(Tree.of(local.resolve("copy"))).isEqualTo(Tree.of(tree));
        }
        assertThat(server.transfers()).hasSizeGreaterThan(100).allMatch(TransferStatus::resumed);
    }
}
