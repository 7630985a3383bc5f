package dev.portside.server.tls;

import dev.portside.server.FtpServerOptions;
import dev.portside.server.FtpServerTls;
import dev.portside.server.RunningServer;
import dev.portside.server.TlsPolicy;
import dev.portside.testkit.ScriptedClient;
import dev.portside.testkit.TlsSocket;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;

/** A {@link RunningServer} with TLS, on two listeners: explicit with the policy of choice, and implicit. */
public final class TlsServer implements AutoCloseable {
    public static final TestAuthority AUTHORITY = new TestAuthority("authority of the tests");
    private static final TlsIdentity IDENTITY = AUTHORITY.identity("EC", "ftp.example");

    private final RunningServer running;

    private TlsServer(RunningServer running) {
        this.running = running;
    }

    public static TlsServer on(Path home) throws IOException {
        return on(home, TlsPolicy.OFFERED, tls -> tls);
    }

    public static TlsServer on(Path home, TlsPolicy policy) throws IOException {
        return on(home, policy, tls -> tls);
    }

    public static TlsServer on(Path home, TlsPolicy policy, UnaryOperator<FtpServerTls.Builder> tls)
            throws IOException {
        return on(home, policy, tls, options -> options);
    }

    public static TlsServer on(
            Path home,
            TlsPolicy policy,
            UnaryOperator<FtpServerTls.Builder> tls,
            UnaryOperator<FtpServerOptions.Builder> options)
            throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        FtpServerTls.Builder builder = FtpServerTls.builder()
                .certificate(IDENTITY.key(), IDENTITY.chain())
                .handshakeTimeout(Duration.ofSeconds(5));
        // The clear listener comes first: that of the policy is the second.
        return new TlsServer(RunningServer.on(
                home,
                changes -> options.apply(changes.tls(tls.apply(builder).build())
                        .listenOn(free, policy)
                        .listenOnImplicit(free, policy == TlsPolicy.OFF ? TlsPolicy.OFFERED : policy))));
    }

    public RunningServer running() {
        return running;
    }

    public InetSocketAddress address() {
        return running.server().addresses().get(1);
    }

    public InetSocketAddress implicitAddress() {
        return running.server().addresses().get(2);
    }

    /** The engines of one client: they share their sessions. */
    public static Supplier<SSLEngine> engines(String protocol) {
        TlsClient client = new TlsClient(AUTHORITY.certificate());
        return () -> client.engine(protocol);
    }

    public static Supplier<SSLEngine> engines() {
        return engines("TLSv1.3");
    }

    public ScriptedClient connect() throws IOException {
        ScriptedClient client = ScriptedClient.connect(address());
        client.expect(220);
        return client;
    }

    /** Under TLS, logged in, TYPE I, PROT P. */
    public ScriptedClient login(Supplier<SSLEngine> engines) throws IOException {
        ScriptedClient client = connect().startTls(engines).login(RunningServer.USER, RunningServer.PASSWORD);
        client.command("TYPE I", 200);
        return client.protectData();
    }

    public ScriptedClient login() throws IOException {
        return login(engines());
    }

    /** Whether a session still works from beginning to end. */
    public void mustServe() throws IOException {
        running.file("still here", new byte[] {42});
        try (ScriptedClient client = login()) {
            if (client.download("RETR still here")[0] != 42) {
                throw new AssertionError("wrong content");
            }
            client.command("QUIT", 221);
        }
    }

    /** A data connection secured by somebody else's engines. */
    public static TlsSocket secured(Socket data, Supplier<SSLEngine> engines) throws IOException {
        return TlsSocket.over(data, engines.get());
    }

    @Override
    public void close() {
        running.close();
    }
}
