package dev.portside.cli.doctor;

import dev.portside.client.FtpDataConnectionException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one data connection: the facts from which findings are drawn.
 *
 * @param failure why there was none; null: it was made, and the server took it
 * @param command EPSV, PASV, or PORT and EPRT with what they name; null if none was sent
 * @param reply to that command, as it came; null if none came
 * @param refusal the negative reply to the transfer, or to the data connection; null if there was none
 * @param named what the 227 names, or the 229 with the address of the control connection; or what PORT or EPRT named; null if it
 *     names nothing that can be understood
 * @param client the client's end, port 0 if it was not known
 * @param server the server's end, port 0 if it was not known
 * @param waited how long the connection took to be made or to fail
 * @param detail what happened, in words with addresses
 */
public record DataTry(
        FtpDataConnectionException.@Nullable Outcome failure,
        @Nullable String command,
        @Nullable String reply,
        @Nullable String refusal,
        @Nullable InetSocketAddress named,
        @Nullable InetSocketAddress client,
        @Nullable InetSocketAddress server,
        Duration waited,
        String detail) {}
