package dev.portside.testkit;

import dev.portside.protocol.NameCharset;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a {@link ScriptedServer}, as its actions see it.
 *
 * <p>Commands are read and recorded as they come, also while an action runs. An action ends the session with any {@link
 * IOException}.
 */
public final class ScriptedSession {
    private static final String END = "\n";
    private static final int MAX_LINE = 1 << 20;
    private static final byte[] TEN_MIB = new byte[10 << 20];

    private final ScriptedServer server;
    private final ScriptedServer.Script script;
    private final Socket control;
    private final ScriptedTls tls;
    private volatile InputStream in;
    private volatile OutputStream out;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final ScriptedData data;
    private final StandardAnswers answers;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable CountDownLatch abort;
    private String verb = "";

    ScriptedSession(ScriptedServer server, ScriptedServer.Script script, Socket control) throws IOException {
        this.server = server;
        this.script = script;
        this.control = control;
        this.in = new BufferedInputStream(control.getInputStream());
        this.out = control.getOutputStream();
        control.setTcpNoDelay(true);
        this.tls = new ScriptedTls(this, script);
        this.data = new ScriptedData(this);
        this.answers = new StandardAnswers(this, script);
    }

    /** The thread that does what the script says. */
    void run() {
        try {
            if (script.implicitTls) {
                startTls();
            }
            if (script.dialogue != null) {
                script.dialogue.answer(this, "");
            } else {
                answerAll();
            }
        } catch (IOException | InterruptedException gone) {
            // The client left, or the test is over.
        } catch (RuntimeException | Error failed) {
            server.failed(failed);
        } finally {
            close();
        }
    }

    private void answerAll() throws IOException, InterruptedException {
        if (commits(Fault.CLOSED_BEFORE_BANNER)) {
            return;
        }
        if (commits(Fault.BUSY_BANNER)) {
            send("421 too many users, try again later");
            return;
        }
        if (!commits(Fault.NO_BANNER)) {
            send(script.greeting.split("\n"));
        }
        while (true) {
            String line = readCommand();
            verb = ScriptedServer.verb(line);
            ScriptedServer.Action action = script.next(verb);
            if (action != null) {
                action.answer(this, line);
            } else if (!spoilReply()) {
                answers.answer(verb, argument(line));
                if (verb.equals("QUIT")) {
                    return;
                }
            }
            if (verb.equals("AUTH")) {
                tls.answered();
            }
        }
    }

    static String argument(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? "" : line.substring(space + 1);
    }

    /** Answers a command as if there were no script for it. */
    public void answer(String line) throws IOException, InterruptedException {
        answers.answer(ScriptedServer.verb(line), argument(line));
    }

    /** The faults after which there is nothing to answer. */
    private boolean spoilReply() throws IOException, InterruptedException {
        boolean login = verb.equals("USER") || verb.equals("PASS");
        if (commitsUnlessLogin(Fault.LATE_REPLY, login)) {
            server.awaitRelease();
        }
        if (commitsUnlessLogin(Fault.NO_REPLY, login)) {
            return true;
        }
        if (commitsUnlessLogin(Fault.CLOSED_INSTEAD_OF_REPLY, login)) {
            throw new EOFException();
        }
        if (commitsUnlessLogin(Fault.GARBAGE_REPLY, login)) {
            sendRaw("<html>this is no reply</html>\r\n".getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        if (commitsUnlessLogin(Fault.ENDLESS_REPLY, login)) {
            byte[] some = " and another line\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            sendRaw("211-there is more to come\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                sendRaw(some);
            }
        }
        if (commitsUnlessLogin(Fault.LINE_OF_10_MIB, login)) {
            byte[] line = TEN_MIB.clone();
            Arrays.fill(line, (byte) 'x');
            sendRaw("200 ".getBytes(StandardCharsets.US_ASCII));
            sendRaw(line);
            sendRaw("\r\n".getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        return false;
    }

    private boolean commitsUnlessLogin(Fault fault, boolean login) {
        return script.commits(fault, verb) && !(login && script.commits(fault, ""));
    }

    /** Whether the script commits the fault for the command at hand. */
    boolean commits(Fault fault) {
        return script.commits(fault, verb);
    }

    /** The thread that reads commands. */
    void read() {
        try {
            if (script.implicitTls) {
                tls.awaitAnswer();
            }
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int next;
            while ((next = in.read()) >= 0 && line.size() < MAX_LINE) {
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                String text = NameCharset.UTF_8.decode(telnetFree(line.toByteArray()));
                line.reset();
                received(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
                if (script.tls != null && ScriptedServer.verb(text).equals("AUTH")) {
                    // What comes next may be a handshake, which is not read here.
                    tls.awaitAnswer();
                }
            }
        } catch (IOException | InterruptedException gone) {
            // The client left, or the test is over.
        }
        received(END);
    }

    private static byte[] telnetFree(byte[] line) {
        ByteArrayOutputStream clean = new ByteArrayOutputStream();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == (byte) 0xff && i + 1 < line.length && line[++i] != (byte) 0xff) {
                continue;
            }
            clean.write(line[i]);
        }
        return clean.toByteArray();
    }

    private void received(String line) {
        boolean end = line.equals(END);
        if (!end) {
            server.record(line);
        }
        lines.add(line);
        CountDownLatch waiting = abort;
        if (waiting != null && (end || ScriptedServer.verb(line).equals("ABOR"))) {
            waiting.countDown();
            data.close();
        }
        if (end) {
            ended.countDown();
        }
    }

    /**
     * The next command.
     *
     * @throws EOFException when the client has closed the connection
     */
    public String readCommand() throws IOException, InterruptedException {
        String line = lines.take();
        if (line.equals(END)) {
            throw new EOFException("the client closed the control connection");
        }
        return line;
    }

    /**
     * The next command, which must match the regular expression; otherwise the session ends and {@link
     * ScriptedServer#close} throws.
     */
    public String expect(String regex) throws IOException, InterruptedException {
        String line = readCommand();
        if (!line.matches(regex)) {
            throw new AssertionError("expected " + regex + " but the client sent " + line);
        }
        return line;
    }

    /** Waits until the client has closed its side of the control connection. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Begins a transfer that ABOR, or the end of the client, interrupts. */
    CountDownLatch interruptible() {
        CountDownLatch latch = new CountDownLatch(1);
        abort = latch;
        if (lines.stream()
                .anyMatch(line -> line.equals(END) || ScriptedServer.verb(line).equals("ABOR"))) {
            latch.countDown();
        }
        return latch;
    }

    void notInterruptible() {
        abort = null;
    }

    /** Sends lines, each with CRLF and in one write of its own. */
    public void send(String... texts) throws IOException {
        for (String text : texts) {
            String line = text + (commits(Fault.REPLIES_END_IN_LF) ? "\n" : "\r\n");
            sendRaw(NameCharset.UTF_8.encode(line));
        }
    }

    /** Sends bytes as they are, unless byte by byte is the fault. */
    public void sendRaw(byte[] bytes) throws IOException {
        if (!commits(Fault.REPLIES_BYTE_BY_BYTE)) {
            out.write(bytes);
            return;
        }
        for (byte each : bytes) {
            out.write(each);
        }
    }

    /** Shakes hands over the control connection, and goes on under TLS. */
    public void startTls() throws IOException {
        Socket secured = tls.secureControl(control);
        in = new BufferedInputStream(secured.getInputStream());
        out = secured.getOutputStream();
        tls.answered();
    }

    /** Whether the control connection has become a TLS connection. */
    public boolean isSecured() {
        return tls.isSecured();
    }

    ScriptedTls tls() {
        return tls;
    }

    /** The data connection that the last PASV, EPSV, PORT or EPRT prepared. */
    public ScriptedData data() {
        return data;
    }

    InetSocketAddress local() {
        return (InetSocketAddress) control.getLocalSocketAddress();
    }

    InetSocketAddress remote() {
        return (InetSocketAddress) control.getRemoteSocketAddress();
    }

    /** Closes the control connection with a reset. */
    public void reset() throws IOException {
        ScriptedClient.reset(control);
    }

    /** Closes the control connection, and the data connection if there is one. */
    public void close() {
        data.close();
        try {
            control.close();
        } catch (IOException gone) {
            // Closed is what it was to be.
        }
    }
}
