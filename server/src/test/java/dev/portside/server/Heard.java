package dev.portside.server;

import dev.portside.protocol.Reply;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it hears, as text. */
public final class Heard implements FtpServerListener {
    private static final int WAIT_SECONDS = 20;

    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void sessionOpened(SessionStatus session) {
        events.add("opened");
    }

    @Override
    public void loggedIn(SessionStatus session) {
        events.add("logged in " + session.user());
    }

    @Override
    public void loginFailed(SessionStatus session, String user) {
        events.add("login failed " + user);
    }

    @Override
    public void command(SessionStatus session, String line, Reply reply) {
        events.add("command " + line + " -> " + reply);
    }

    @Override
    public void transferStarted(SessionStatus session, TransferStatus transfer) {
        events.add("started " + transfer.verb() + " " + transfer.path());
    }

    @Override
    public void transferProgress(SessionStatus session, TransferStatus transfer) {
        events.add("progress " + transfer.verb() + " " + transfer.path());
    }

    @Override
    public void transferFinished(SessionStatus session, TransferStatus transfer) {
        events.add("finished " + transfer.verb() + " " + transfer.path() + " " + transfer.bytes()
                + (transfer.tls() == null ? "" : transfer.resumed() ? " resumed" : " under a new session"));
    }

    @Override
    public void transferFailed(SessionStatus session, TransferStatus transfer, String reason) {
        events.add("failed " + transfer.verb() + " " + transfer.path());
    }

    @Override
    public void strangerRefused(SessionStatus session, InetSocketAddress stranger) {
        events.add("stranger " + stranger.getAddress().getHostAddress());
    }

    @Override
    public void passivePortsUsedUp(SessionStatus session) {
        events.add("used up");
    }

    @Override
    public void dataConnectionRefused(SessionStatus session, InetSocketAddress remote, String reason) {
        events.add("refused " + reason);
    }

    @Override
    public void sessionClosed(SessionStatus session, String reason) {
        events.add("closed " + reason);
    }

    @Override
    public void proxyRefused(InetSocketAddress proxy, String reason) {
        events.add("proxy " + proxy.getAddress().getHostAddress() + " " + reason);
    }

    @Override
    public void warning(String text) {
        events.add("warning " + text);
    }

    /** Takes events until one begins like this; all that were taken. */
    public List<String> until(String start) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        while (true) {
            String event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event \"" + start + "\", only " + taken);
            }
            taken.add(event);
            if (event.startsWith(start)) {
                return taken;
            }
        }
    }
}
