package dev.portside.cli;

import dev.portside.cli.Picture.Side;
import dev.portside.client.DataConnectionEvent;
import dev.portside.client.DataMode;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.client.FtpProxy;
import dev.portside.client.TlsStatus;
import dev.portside.client.TransferResult;
import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what happened on the connections from the command that prepares a data connection to the end of the transfer, so
 * that a {@link Picture} can be drawn of it.
 */
final class Recorder implements FtpClientListener {
    /** A transfer as it was: how its data connection was made, and the picture of it. */
    record Scene(@Nullable DataMode mode, boolean complete, Consumer<Picture> picture) {}

    private final Consumer<Scene> audience;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<Picture>> steps = new ArrayList<>();
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private String proxy = "";
    private @Nullable TlsStatus controlTls;
    private @Nullable DataMode mode;
    /** Where the last reply stands in {@link #steps}. */
    private int lastReply;

    private boolean recording;
    private boolean attemptFailed;

    /** @param audience is given each transfer when it has ended */
    Recorder(Consumer<Scene> audience) {
        this.audience = audience;
    }

    @Override
    public void connected(InetSocketAddress client, InetSocketAddress server) {
        lock.lock();
        try {
            local = client;
            remote = server;
            proxy = "";
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void tunneled(FtpProxy through, InetSocketAddress server) {
        lock.lock();
        try {
            InetSocketAddress at = remote;
            proxy = at == null ? through.toString() : new HostPort(at.getAddress(), at.getPort()).toString();
            remote = server;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void secured(TlsStatus status) {
        lock.lock();
        try {
            if (status.dataConnection()) {
                steps.add(picture -> picture.handshake(true, label(status)));
            } else {
                controlTls = status;
            }
        } finally {
            lock.unlock();
        }
    }

    private static String label(TlsStatus status) {
        return "TLS handshake, " + status.protocol() + (status.resumed() ? ", session resumed" : "");
    }

    @Override
    public void command(Command command) {
        lock.lock();
        try {
            switch (command) {
                case Command.Epsv epsv -> begin(command);
                case Command.Pasv pasv -> begin(command);
                case Command.Eprt(HostPort address) -> begin(command, address);
                case Command.Port(HostPort address) -> begin(command, address);
                default -> {
                    if (recording) {
                        steps.add(picture -> picture.say(Side.CLIENT, Console.visible(command.masked())));
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void begin(Command command, HostPort listener) {
        begin(command);
        steps.add(steps.size() - 1, picture -> picture.listen(Side.CLIENT, listener.port()));
    }

    private void begin(Command command) {
        if (attemptFailed) {
            steps.add(Picture::space);
        } else {
            steps.clear();
        }
        recording = true;
        mode = null;
        steps.add(picture -> picture.say(Side.CLIENT, command.masked()));
    }

    @Override
    public void reply(Reply reply) {
        lock.lock();
        try {
            if (!recording) {
                return;
            }
            int port = passivePort(reply);
            if (port > 0) {
                steps.add(picture -> picture.listen(Side.SERVER, port));
            }
            lastReply = steps.size();
            steps.add(picture -> picture.say(Side.SERVER, Console.visible(reply.code() + " " + reply.text())));
        } finally {
            lock.unlock();
        }
    }

    private static int passivePort(Reply reply) {
        try {
            if (reply.code().equals(ReplyCode.ENTERING_PASSIVE_MODE_227)) {
                return HostPort.parsePassive(reply.text()).port();
            }
            boolean extended = reply.code().equals(ReplyCode.ENTERING_EXTENDED_PASSIVE_MODE_229);
            return extended ? HostPort.parseExtendedPassive(reply.text()) : 0;
        } catch (IllegalArgumentException namesNone) {
            return 0;
        }
    }

    @Override
    public void dataConnection(DataConnectionEvent event) {
        lock.lock();
        try {
            mode = event.mode();
            Side opener = event.mode().isActive() ? Side.SERVER : Side.CLIENT;
            int client = event.local().getPort();
            int server = event.remote().getPort();
            steps.add(picture -> picture.data(opener, client, server));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void dataConnectionFailed(Attempt attempt) {
        lock.lock();
        try {
            attemptFailed = true;
            InetSocketAddress listener = attempt.listener();
            boolean tried = attempt.outcome() != Outcome.COMMAND_REFUSED
                    && attempt.outcome() != Outcome.REPLY_NOT_UNDERSTOOD
                    && attempt.outcome() != Outcome.NOT_TRIED
                    && attempt.outcome() != Outcome.CONTROL_CONNECTION_LOST
                    && attempt.outcome() != Outcome.NO_FREE_PORT;
            if (tried && listener != null && listener.getPort() > 0) {
                Side opener = attempt.mode().isActive() ? Side.SERVER : Side.CLIENT;
                steps.add(picture -> picture.failed(
                        opener, listener.getPort(), attempt.outcome().toString()));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void transferFinished(Command transfer, TransferResult result) {
        lock.lock();
        try {
            if (!recording) {
                return;
            }
            Side from = isUpload(transfer) ? Side.CLIENT : Side.SERVER;
            String what = Amount.ofBytes(result.bytes()) + (isFile(transfer) ? "" : " of listing");
            Consumer<Picture> bytes = picture -> picture.bytes(from, what);
            if (result.completion().isPresent()) {
                // Replies are read by a thread of their own, which can be faster than the one that accepts the data
                // connection; but the bytes and their connection came before the reply that says that they are
                // complete.
                Consumer<Picture> completion = steps.remove(lastReply);
                steps.add(bytes);
                steps.add(completion);
            } else {
                steps.add(bytes);
            }
            tell(true);
        } finally {
            lock.unlock();
        }
    }

    /** Shows what was recorded of a transfer that did not come to a good end, if there is any. */
    void transferFailed() {
        lock.lock();
        try {
            if (recording && attemptFailed) {
                tell(false);
            }
            recording = false;
            attemptFailed = false;
        } finally {
            lock.unlock();
        }
    }

    private void tell(boolean complete) {
        List<Consumer<Picture>> recorded = List.copyOf(steps);
        InetSocketAddress client = local;
        InetSocketAddress server = remote;
        String through = proxy;
        TlsStatus tls = controlTls;
        recording = false;
        attemptFailed = false;
        if (client == null || server == null) {
            return;
        }
        audience.accept(new Scene(mode, complete, picture -> {
            picture.through(through);
            if (server.getAddress() == null) {
                picture.parties(Picture.address(client.getAddress()), server.getHostString());
            } else {
                picture.parties(client.getAddress(), server.getAddress());
            }
            picture.control(client.getPort(), server.getPort());
            if (tls != null) {
                picture.handshake(false, label(tls));
            }
            recorded.forEach(step -> step.accept(picture));
        }));
    }

    private static boolean isUpload(Command transfer) {
        return transfer instanceof Command.Stor || transfer instanceof Command.Appe || transfer instanceof Command.Stou;
    }

    private static boolean isFile(Command transfer) {
        return isUpload(transfer) || transfer instanceof Command.Retr;
    }
}
