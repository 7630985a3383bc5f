package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import dev.portside.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Clients of scripted servers, and what tests do with them. */
final class Clients {
    /** For what must happen. */
    static final Duration SOON = Duration.ofSeconds(20);
    /** For what must not happen: the shortest time after which a test may go on. */
    static final Duration SHORT = Duration.ofMillis(300);

    private Clients() {}

    static FtpClientOptions.Builder options(ScriptedServer server) {
        return FtpClientOptions.builder(server.address().getAddress().getHostAddress())
                .port(server.port());
    }

    static FtpClient loggedIn(ScriptedServer server, UnaryOperator<FtpClientOptions.Builder> change)
            throws IOException {
        ProcessMemory.INSTANCE.forgetAll();
        FtpClient client = FtpClient.connect(change.apply(options(server)).build());
        client.login("user", "secret");
        return client;
    }

    static FtpClient loggedIn(ScriptedServer server) throws IOException {
        return loggedIn(server, options -> options);
    }

    static byte[] download(FtpClient client, String path) throws IOException {
        return download(client, path, 0);
    }

    static byte[] download(FtpClient client, String path, long offset) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Download download = client.retrieve(path, offset)) {
            download.transferTo(Channels.newChannel(bytes));
        }
        return bytes.toByteArray();
    }

    static void upload(FtpClient client, String path, byte[] bytes) throws IOException {
        try (Upload upload = client.store(path)) {
            upload.outputStream().write(bytes);
        }
    }

    /** The commands behind the login. */
    static List<String> commandsAfterLogin(ScriptedServer server) {
        List<String> commands = server.commands();
        return commands.subList(commands.indexOf("PASS secret") + 1, commands.size());
    }

    static List<String> verbsAfterLogin(ScriptedServer server) {
        List<String> verbs = server.verbs();
        return verbs.subList(verbs.indexOf("PASS") + 1, verbs.size());
    }

    /** Writes down what happens, one word and its values each. */
    static final class Recorder implements FtpClientListener {
        final List<String> events = new CopyOnWriteArrayList<>();
        final List<DataConnectionEvent> connections = new CopyOnWriteArrayList<>();

        @Override
        public void connecting(InetSocketAddress server) {
            events.add("connecting");
        }

        @Override
        public void connected(InetSocketAddress local, InetSocketAddress remote) {
            events.add("connected");
        }

        @Override
        public void tunneled(FtpProxy proxy, InetSocketAddress server) {
            events.add("tunneled " + server.getHostString() + ":" + server.getPort());
        }

        @Override
        public void innerAddressNamed(HostPort named, InetSocketAddress server) {
            events.add("inner " + HostPort.numeric(named.address()));
        }

        @Override
        public void command(Command command) {
            events.add("> " + command.masked());
        }

        @Override
        public void reply(Reply reply) {
            events.add("< " + reply.code());
        }

        @Override
        public void dataConnection(DataConnectionEvent event) {
            connections.add(event);
            events.add("data " + event.mode());
        }

        @Override
        public void dataConnectionFailed(FtpDataConnectionException.Attempt attempt) {
            events.add("failed " + attempt.mode() + " " + attempt.outcome().name());
        }

        @Override
        public void transferFinished(Command transfer, TransferResult result) {
            events.add("finished " + transfer.verb() + " " + result.bytes() + " " + result.proof());
        }

        @Override
        public void closed() {
            events.add("closed");
        }
    }
}
