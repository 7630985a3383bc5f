package dev.portside.server;

import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a session looked like at one moment: the admin view, and the subject of every event.
 *
 * @param id counts up from 1 as sessions are opened
 * @param local the server's end of the control connection
 * @param remote the client's end
 * @param user who is logged in, or null before login
 * @param since when the session was opened
 * @param tls what secures the control connection, or null in the clear
 * @param command the last command, secrets masked; empty before the first
 * @param transfer what is being transferred, or null
 */
public record SessionStatus(
        long id,
        InetSocketAddress local,
        InetSocketAddress remote,
        @Nullable String user,
        Instant since,
        @Nullable TlsStatus tls,
        String command,
        @Nullable TransferStatus transfer) {}
