package dev.portside.cli.doctor;

import dev.portside.client.DataConnectionEvent;
import dev.portside.client.DataMode;
import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From what a client tells to what was seen of a data connection. */
final class DataTries {
    private DataTries() {}

    /** A data connection that was not made. */
    static DataTry of(Attempt attempt, Scribe scribe) {
        boolean afterwards = attempt.outcome() == Outcome.SERVER_HAS_NO_CONNECTION
                || attempt.outcome() == Outcome.SESSION_NOT_RESUMED
                || attempt.outcome() == Outcome.TLS_FAILED;
        Reply negative = scribe.lastNegative();
        return new DataTry(
                attempt.outcome(),
                attempt.command() == null ? null : attempt.command().masked(),
                attempt.reply() == null ? null : attempt.reply().toString(),
                afterwards && negative != null ? negative.toString() : null,
                named(attempt.mode(), attempt.command(), attempt.reply(), scribe.remote()),
                attempt.local(),
                attempt.remote(),
                attempt.duration(),
                attempt.detail());
    }

    /**
     * A data connection that was made.
     *
     * @param refusal what the server said to the transfer all the same; null: nothing
     */
    static @Nullable DataTry made(Scribe scribe, @Nullable Reply refusal, String detail) {
        DataConnectionEvent made = scribe.made();
        if (made == null) {
            return null;
        }
        return new DataTry(
                null,
                made.command().masked(),
                made.reply().toString(),
                Objects.toString(refusal, null),
                named(made.mode(), made.command(), made.reply(), scribe.remote()),
                made.local(),
                made.remote(),
                scribe.madeAfter(),
                detail);
    }

    /** The server has said no, with a data connection or before there was one. */
    static DataTry refused(Scribe scribe, Reply refusal, String detail) {
        DataTry made = made(scribe, refusal, detail);
        return made != null
                ? made
                : new DataTry(null, null, null, refusal.toString(), null, null, null, Duration.ZERO, detail);
    }

    private static @Nullable InetSocketAddress named(
            DataMode mode, @Nullable Command command, @Nullable Reply reply, @Nullable InetSocketAddress server) {
        return switch (command) {
            case Command.Port(HostPort here) -> new InetSocketAddress(here.address(), here.port());
            case Command.Eprt(HostPort here) -> new InetSocketAddress(here.address(), here.port());
            case null, default -> reply == null || mode.isActive() ? null : named(reply, server);
        };
    }

    /** Where a 227 or a 229 says that the server listens; null if it says nothing of the kind. */
    static @Nullable InetSocketAddress named(Reply reply, @Nullable InetSocketAddress server) {
        try {
            if (reply.code().equals(ReplyCode.ENTERING_PASSIVE_MODE_227)) {
                HostPort named = HostPort.parsePassive(reply.text());
                return new InetSocketAddress(named.address(), named.port());
            }
            if (reply.code().equals(ReplyCode.ENTERING_EXTENDED_PASSIVE_MODE_229) && server != null) {
                int port = HostPort.parseExtendedPassive(reply.text());
                return server.getAddress() == null
                        ? InetSocketAddress.createUnresolved(server.getHostString(), port)
                        : new InetSocketAddress(server.getAddress(), port);
            }
            return null;
        } catch (IllegalArgumentException namesNothing) {
            return null;
        }
    }
}
