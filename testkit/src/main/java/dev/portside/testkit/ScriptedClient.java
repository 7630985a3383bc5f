package dev.portside.testkit;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyParser;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A client that may send anything, to test servers with. It knows no rules: it sends what it is told and reads what comes.
 *
 * <p>Every wait is bounded, by {@link #WAIT} unless told otherwise. What is not as expected is an {@link AssertionError}
 * that shows the dialogue so far. Used by one thread at a time.
 */
public final class ScriptedClient implements AutoCloseable {
    /** How long it waits for a reply, a connection or data. */
    public static final Duration WAIT = Duration.ofSeconds(20);

    private static final int MAX_LINE = 11 << 20;

    private Socket control;
    private InputStream in;
    private @Nullable Supplier<SSLEngine> engines;
    private boolean dataProtected;
    private final List<String> dialogue = new ArrayList<>();

    private ScriptedClient(Socket control) throws IOException {
        this.control = control;
        this.in = new BufferedInputStream(control.getInputStream());
    }

    /** Connects; the greeting is still to be read. */
    public static ScriptedClient connect(InetSocketAddress server) throws IOException {
        return connect(server, null);
    }

    /**
     * Connects from a local address of choice.
     *
     * @param from null: the system chooses
     */
    public static ScriptedClient connect(InetSocketAddress server, @Nullable InetAddress from) throws IOException {
        return new ScriptedClient(socketTo(server, from));
    }

    /** Connects, reads the greeting and logs in; each reply must be positive. */
    public static ScriptedClient login(InetSocketAddress server, String user, String password) throws IOException {
        ScriptedClient client = connect(server);
        try {
            client.expect(220);
            client.login(user, password);
            return client;
        } catch (IOException | RuntimeException | Error failed) {
            client.close();
            throw failed;
        }
    }

    private static Socket socketTo(InetSocketAddress server, @Nullable InetAddress from) throws IOException {
        Socket socket = new Socket();
        try {
            if (from != null) {
                socket.bind(new InetSocketAddress(from, 0));
            }
            socket.connect(server, (int) WAIT.toMillis());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) WAIT.toMillis());
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) control.getLocalSocketAddress();
    }

    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) control.getRemoteSocketAddress();
    }

    /** The control connection itself, for what has no method here: urgent data, half-closing. */
    public Socket socket() {
        return control;
    }

    /** Waits no longer than this for what comes next on the control connection. */
    public ScriptedClient wait(Duration wait) throws IOException {
        control.setSoTimeout((int) wait.toMillis());
        return this;
    }

    /** Sends lines, each ending in CRLF, all in one write: more than one are pipelined. */
    public ScriptedClient send(String... lines) throws IOException {
        dialogue.addAll(Arrays.asList(lines));
        return write(NameCharset.UTF_8.encode(String.join("\r\n", lines) + "\r\n"));
    }

    /** Sends a line with CRLF, each byte in a segment of its own. */
    public ScriptedClient sendSplit(String line) throws IOException {
        dialogue.add(line);
        for (byte each : NameCharset.UTF_8.encode(line + "\r\n")) {
            write(new byte[] {each});
        }
        return this;
    }

    /** Sends bytes as they are. */
    public ScriptedClient sendRaw(byte[] bytes) throws IOException {
        dialogue.add("(" + bytes.length + " bytes)");
        return write(bytes);
    }

    private ScriptedClient write(byte[] bytes) throws IOException {
        control.getOutputStream().write(bytes);
        return this;
    }

    /**
     * Reads the next line, without its end.
     *
     * @throws EOFException when the server has closed the connection
     */
    public String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new EOFException("the server closed the control connection" + transcript());
            }
            if (line.size() > MAX_LINE) {
                throw new AssertionError("a line without an end");
            }
            line.write(next);
        }
        String text = NameCharset.UTF_8.decode(line.toByteArray());
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Reads the next reply, whatever it is. */
    public Reply readReply() throws IOException {
        ReplyParser parser = new ReplyParser();
        Reply reply;
        do {
            String line = readLine();
            dialogue.add("    " + line);
            reply = parser.add(line);
        } while (reply == null);
        return reply;
    }

    /**
     * Reads the next reply.
     *
     * @throws AssertionError if it has none of these codes
     */
    public Reply expect(int... codes) throws IOException {
        Reply reply = readReply();
        if (Arrays.stream(codes).noneMatch(code -> code == reply.code().value())) {
            throw new AssertionError(
                    "expected " + Arrays.toString(codes) + " but the reply was " + reply + transcript());
        }
        return reply;
    }

    /** Sends a line and reads the reply, whatever it is. */
    public Reply command(String line) throws IOException {
        return send(line).readReply();
    }

    /** Sends a line and reads the reply, which must have one of these codes. */
    public Reply command(String line, int... codes) throws IOException {
        return send(line).expect(codes);
    }

    /**
     * Waits for the server to close the control connection, in order or by a reset.
     *
     * @throws AssertionError if it says something first
     */
    public void expectClosed() throws IOException {
        try {
            int next = in.read();
            if (next >= 0) {
                throw new AssertionError("expected the end of the connection but got \"" + (char) next + readLine()
                        + "\"" + transcript());
            }
        } catch (SocketException reset) {
            // Closed is closed.
        }
    }

    /** Logs in; the greeting was read. */
    public ScriptedClient login(String user, String password) throws IOException {
        command("USER " + user, 331);
        command("PASS " + password, 230);
        return this;
    }

    /** Sends AUTH TLS and shakes hands. */
    public ScriptedClient startTls(Supplier<SSLEngine> clientEngines) throws IOException {
        command("AUTH TLS", 234);
        return secure(clientEngines);
    }

    /**
     * Shakes hands at once, as on an implicit port.
     *
     * @param clientEngines for this and for every data connection; they share a session when they are of one context, and
     *     name the same host and port
     */
    public ScriptedClient secure(Supplier<SSLEngine> clientEngines) throws IOException {
        engines = clientEngines;
        return take(TlsSocket.over(control, clientEngines.get()));
    }

    /** Ends TLS on the control connection, behind the reply that says so. */
    public ScriptedClient stopTls() throws IOException {
        TlsSocket secured = (TlsSocket) control;
        secured.end();
        if (in.read() >= 0 || !secured.isEndedByPeer()) {
            throw new AssertionError("the server did not end TLS" + transcript());
        }
        return take(secured.wire());
    }

    private ScriptedClient take(Socket other) throws IOException {
        control = other;
        in = new BufferedInputStream(other.getInputStream());
        return this;
    }

    /** Sends PBSZ and PROT P: the data connections of {@link #download} and {@link #upload} are secured from now on. */
    public ScriptedClient protectData() throws IOException {
        command("PBSZ 0", 200);
        command("PROT P", 200);
        dataProtected = true;
        return this;
    }

    /** Secures a data connection with an engine like that of the control connection. */
    public TlsSocket secured(Socket data) throws IOException {
        if (engines == null) {
            throw new IllegalStateException("the control connection is in the clear");
        }
        return TlsSocket.over(data, engines.get());
    }

    private Socket asProtected(Socket data) throws IOException {
        return dataProtected ? secured(data) : data;
    }

    /** Sends PASV. */
    public InetSocketAddress pasv() throws IOException {
        HostPort target = HostPort.parsePassive(command("PASV", 227).text());
        return new InetSocketAddress(target.address(), target.port());
    }

    /** Sends EPSV. */
    public InetSocketAddress epsv() throws IOException {
        int port = HostPort.parseExtendedPassive(command("EPSV", 229).text());
        return new InetSocketAddress(remoteAddress().getAddress(), port);
    }

    /** Connects a data connection, from the address of the control connection. */
    public Socket connectData(InetSocketAddress target) throws IOException {
        return socketTo(target, localAddress().getAddress());
    }

    /** Connects a data connection as a stranger would, from another address. */
    public Socket connectData(InetSocketAddress target, InetAddress from) throws IOException {
        return socketTo(target, from);
    }

    /** Sends EPSV and connects. */
    public Socket passive() throws IOException {
        return connectData(epsv());
    }

    /** Listens, and sends PORT, or EPRT on IPv6. {@link #accept} takes the connection. */
    public ServerSocket active() throws IOException {
        return active(localAddress().getAddress() instanceof Inet6Address ? "EPRT" : "PORT");
    }

    /** Listens, and sends PORT or EPRT. */
    public ServerSocket active(String verb) throws IOException {
        ServerSocket listener = new ServerSocket(0, 16, localAddress().getAddress());
        listener.setSoTimeout((int) WAIT.toMillis());
        try {
            HostPort here = new HostPort(listener.getInetAddress(), listener.getLocalPort());
            command(verb + " " + (verb.equals("PORT") ? here.portArgument() : here.eprtArgument()), 200);
            return listener;
        } catch (IOException | RuntimeException | Error failed) {
            listener.close();
            throw failed;
        }
    }

    /** Takes the one connection that the server makes to the port, and closes the port. */
    public static Socket accept(ServerSocket listener) throws IOException {
        try (listener) {
            Socket data = listener.accept();
            data.setSoTimeout((int) WAIT.toMillis());
            return data;
        }
    }

    /** Everything up to the end of the stream; a reset is an {@link IOException}. */
    public static byte[] readAll(Socket data) throws IOException {
        try (data) {
            return data.getInputStream().readAllBytes();
        }
    }

    /** Sends the command over a passive data connection and takes what comes: 150, the bytes, 226. */
    public byte[] download(String command) throws IOException {
        try (Socket data = passive()) {
            command(command, 125, 150);
            byte[] bytes = readAll(asProtected(data));
            expect(226, 250);
            return bytes;
        }
    }

    /** The lines of LIST, NLST or MLSD. */
    public List<String> lines(String command) throws IOException {
        return NameCharset.UTF_8.decode(download(command)).lines().toList();
    }

    /** Sends the command over a passive data connection and gives the bytes: 150, the bytes, 226. */
    public Reply upload(String command, byte[] bytes) throws IOException {
        try (Socket data = passive()) {
            command(command, 125, 150);
            Socket out = asProtected(data);
            out.getOutputStream().write(bytes);
            out.shutdownOutput();
            if (dataProtected) {
                // The tickets for the next connection.
                out.getInputStream().readAllBytes();
            }
            return expect(226, 250);
        }
    }

    /** What was said so far, for messages. */
    public String transcript() {
        return "\n" + String.join("\n", dialogue.subList(Math.max(0, dialogue.size() - 40), dialogue.size()));
    }

    /** Closes with a reset, as a client that was killed. */
    public void closeWithReset() throws IOException {
        reset(control);
    }

    /** Closes any socket with a reset. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes without QUIT. */
    @Override
    public void close() {
        try {
            control.close();
        } catch (IOException gone) {
            // Closed is what it was to be.
        }
    }
}
