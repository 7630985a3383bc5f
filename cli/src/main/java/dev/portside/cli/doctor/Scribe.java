package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Event.Channel;
import dev.portside.cli.doctor.Event.Kind;
import dev.portside.client.DataConnectionEvent;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes down what one client does, as the events of a trial. */
final class Scribe implements FtpClientListener {
    /** Of one trial: a row of transfers says the same again and again. */
    private static final int MAX_EVENTS = 400;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Event> events = new ArrayList<>();
    private final Map<InetSocketAddress, String> unreachable = new LinkedHashMap<>();
    private final List<TlsStatus> dataTls = new ArrayList<>();
    private List<InetAddress> resolved = List.of();
    private long began = System.nanoTime();
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable TlsStatus controlTls;
    private @Nullable DataConnectionEvent made;
    private @Nullable Reply greeting;
    private @Nullable Reply lastNegative;
    private @Nullable Reply last;
    private Duration lookedUp = Duration.ZERO;
    private Duration prepared = Duration.ZERO;
    private Duration connected = Duration.ZERO;
    private int commands;
    private int connectedAgain;

    /** Another trial begins, over the same control connection. */
    void begin() {
        lock.lock();
        try {
            events.clear();
            dataTls.clear();
            began = System.nanoTime();
            made = null;
            lastNegative = null;
            last = null;
            if (remote != null) {
                control(Kind.CONNECTS, Place.CLIENT, Place.SERVER, "");
                if (controlTls != null) {
                    control(Kind.SECURED, Place.CLIENT, Place.SERVER, controlTls.protocol());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration now() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void control(Kind kind, Place from, Place to, String text) {
        boolean client = from == Place.CLIENT;
        add(new Event(now(), Channel.CONTROL, kind, from, to, text, client ? local : remote, client ? remote : local));
    }

    private void add(Event event) {
        if (events.size() < MAX_EVENTS) {
            events.add(event);
        }
    }

    private void locked(Runnable write) {
        lock.lock();
        try {
            write.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T read(java.util.function.Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resolved(String host, List<InetAddress> addresses) {
        locked(() -> {
            resolved = List.copyOf(addresses);
            lookedUp = now();
        });
    }

    @Override
    public void connectFailed(InetSocketAddress server, String reason) {
        locked(() -> {
            unreachable.put(server, reason);
            add(new Event(
                    now(), Channel.CONTROL, Kind.STOPPED, Place.CLIENT, Place.CLIENT_GATEWAY, reason, null, server));
        });
    }

    @Override
    public void connected(InetSocketAddress client, InetSocketAddress server) {
        locked(() -> {
            local = client;
            remote = server;
            control(Kind.CONNECTS, Place.CLIENT, Place.SERVER, "");
        });
    }

    @Override
    public void tunneled(FtpProxy proxy, InetSocketAddress server) {
        locked(() -> {
            remote = server;
            control(Kind.CONNECTS, Place.CLIENT_GATEWAY, Place.SERVER, "through a proxy");
        });
    }

    @Override
    public void secured(TlsStatus status) {
        locked(() -> {
            String text = status.protocol() + (status.resumed() ? ", session resumed" : "");
            if (status.dataConnection()) {
                dataTls.add(status);
                add(new Event(now(), Channel.DATA, Kind.SECURED, Place.CLIENT, Place.SERVER, text, null, null));
            } else {
                controlTls = status;
                control(Kind.SECURED, Place.CLIENT, Place.SERVER, text);
            }
        });
    }

    @Override
    public void connectedAgain(String reason) {
        locked(() -> connectedAgain++);
    }

    @Override
    public void command(Command command) {
        locked(() -> {
            commands++;
            HostPort listener = switch (command) {
                case Command.Port(HostPort address) -> address;
                case Command.Eprt(HostPort address) -> address;
                default -> null;
            };
            if (listener != null) {
                add(new Event(
                        now(),
                        Channel.DATA,
                        Kind.LISTENS,
                        Place.CLIENT,
                        Place.CLIENT,
                        "",
                        null,
                        new InetSocketAddress(listener.address(), listener.port())));
            }
            control(Kind.SAYS, Place.CLIENT, Place.SERVER, command.masked());
        });
    }

    @Override
    public void reply(Reply reply) {
        locked(() -> {
            control(Kind.SAYS, Place.SERVER, Place.CLIENT, reply.toString());
            greeting = greeting == null ? reply : greeting;
            last = reply;
            if (reply.code().isNegative()) {
                lastNegative = reply;
            }
            InetSocketAddress listener = listener(reply);
            if (listener != null) {
                prepared = now();
                add(new Event(prepared, Channel.DATA, Kind.LISTENS, Place.SERVER, Place.SERVER, "", null, listener));
            } else if (reply.code().equals(ReplyCode.COMMAND_OKAY_200)) {
                prepared = now();
            }
        });
    }

    /** Where the server says that it listens. */
    private @Nullable InetSocketAddress listener(Reply reply) {
        return DataTries.named(reply, remote);
    }

    @Override
    public void dataConnection(DataConnectionEvent event) {
        locked(() -> {
            made = event;
            connected = now();
            boolean active = event.mode().isActive();
            add(new Event(
                    connected,
                    Channel.DATA,
                    Kind.CONNECTS,
                    active ? Place.SERVER : Place.CLIENT,
                    active ? Place.CLIENT : Place.SERVER,
                    "",
                    event.connector(),
                    event.listener()));
        });
    }

    /** Writes down that no data connection came about; the client does not tell its listener all of these. */
    void failed(Attempt attempt) {
        locked(() -> {
            boolean none =
                    attempt.outcome() == Outcome.COMMAND_REFUSED || attempt.outcome() == Outcome.REPLY_NOT_UNDERSTOOD;
            if (!none) {
                boolean active = attempt.mode().isActive();
                add(new Event(
                        now(),
                        Channel.DATA,
                        Kind.STOPPED,
                        active ? Place.SERVER : Place.CLIENT,
                        active ? Place.SERVER_GATEWAY : Place.CLIENT_GATEWAY,
                        attempt.detail(),
                        attempt.connector(),
                        attempt.listener()));
            }
        });
    }

    @Override
    public void transferFinished(Command transfer, TransferResult result) {
        locked(() -> {
            boolean upload = transfer instanceof Command.Stor || transfer instanceof Command.Appe;
            add(new Event(
                    now(),
                    Channel.DATA,
                    Kind.MOVES,
                    upload ? Place.CLIENT : Place.SERVER,
                    upload ? Place.SERVER : Place.CLIENT,
                    result.bytes() + " bytes",
                    null,
                    null));
        });
    }

    @Override
    public void closed() {
        locked(() -> control(Kind.CLOSES, Place.CLIENT, Place.SERVER, ""));
    }

    // What was written

    List<Event> events() {
        return read(() -> List.copyOf(events));
    }

    Duration duration() {
        return read(this::now);
    }

    List<InetAddress> resolved() {
        return read(() -> resolved);
    }

    /** How long the name took. */
    Duration lookedUp() {
        return read(() -> lookedUp);
    }

    /** The first reply; null if none came. */
    @Nullable
    Reply greeting() {
        lock.lock();
        try {
            return greeting;
        } finally {
            lock.unlock();
        }
    }

    /** How the control connection was secured; null: not. */
    @Nullable
    TlsStatus controlTls() {
        lock.lock();
        try {
            return controlTls;
        } finally {
            lock.unlock();
        }
    }

    Map<InetSocketAddress, String> unreachable() {
        return read(() -> new LinkedHashMap<>(unreachable));
    }

    @Nullable
    InetSocketAddress local() {
        lock.lock();
        try {
            return local;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    InetSocketAddress remote() {
        lock.lock();
        try {
            return remote;
        } finally {
            lock.unlock();
        }
    }

    /** The data connection of this trial that was made last. */
    @Nullable
    DataConnectionEvent made() {
        lock.lock();
        try {
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** How long it took to be made. */
    Duration madeAfter() {
        return read(() -> connected.compareTo(prepared) > 0 ? connected.minus(prepared) : Duration.ZERO);
    }

    /** The last refusal in this trial. */
    @Nullable
    Reply lastNegative() {
        lock.lock();
        try {
            return lastNegative;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the last reply says that what it answers is done. */
    boolean isCompleted() {
        lock.lock();
        try {
            return last != null && last.code().isCompletion();
        } finally {
            lock.unlock();
        }
    }

    /** The TLS connections that were made for data in this trial. */
    List<TlsStatus> dataTls() {
        return read(() -> List.copyOf(dataTls));
    }

    /** Commands sent since the client was made. */
    int commands() {
        return read(() -> commands);
    }

    /** How often the client had to replace its control connection. */
    int connectedAgain() {
        return read(() -> connectedAgain);
    }
}
