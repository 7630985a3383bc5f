package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that connects for us (CONNECT, RFC 9110 section 9.3.6), with user and password (Basic, RFC 7617) or without.
 * It cannot listen.
 *
 * @param address where it is
 * @param login null: none, and the proxy may refuse that
 */
public record HttpProxy(InetSocketAddress address, @Nullable Login login) implements Proxy {
    /** Bytes of the head of an answer, interim ones included. */
    static final int MAX_HEAD = 16 << 10;

    private static final int LONGEST_REASON = 200;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[0-9] ([1-5][0-9][0-9])( .*)?");

    @Override
    public void connect(SocketChannel channel, InetSocketAddress target, Duration wait) throws ProxyException {
        String where = Addresses.text(target);
        try (ProxyDialogue dialogue = new ProxyDialogue(channel, address, wait)) {
            if (!where.chars().allMatch(c -> c > ' ' && c <= '~')) {
                // A space or a line end would make another request of it.
                throw dialogue.refused("cannot be told such a name of a host");
            }
            String basic = "";
            if (login != null) {
                byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
                basic = "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(pair) + "\r\n";
            }
            String request = "CONNECT " + where + " HTTP/1.1\r\nHost: " + where + "\r\n" + basic + "\r\n";
            dialogue.send(request.getBytes(StandardCharsets.ISO_8859_1));
            dialogue.expects("has no connection with " + where);
            Head head = new Head(dialogue);
            String status;
            do {
                status = head.read();
            } while (status.startsWith("1"));
            if (!status.startsWith("2")) {
                throw refusal(dialogue, status, where);
            }
        }
    }

    private ProxyException refusal(ProxyDialogue dialogue, String status, String where) {
        return switch (status.substring(0, 3)) {
            case "407" ->
                dialogue.refused((login == null
                                ? "wants a user and a password"
                                : "refuses user " + login.user() + ", or the password")
                        + ": " + status);
            case "403", "405" -> dialogue.refused("does not allow to connect to " + where + ": " + status);
            // tinyproxy says 500 where others say 502 or 503.
            case "500", "502", "503" ->
                dialogue.cannot(Failure.UNREACHABLE, "cannot connect to " + where + ": " + status);
            case "504" -> dialogue.cannot(Failure.TIMED_OUT, "cannot connect to " + where + ": " + status);
            default -> dialogue.refused("refuses to connect to " + where + ": " + status);
        };
    }

    /** Reads heads byte by byte: what comes behind the last one belongs to the connection. */
    private static final class Head {
        private final ProxyDialogue dialogue;
        private int bytes;

        Head(ProxyDialogue dialogue) {
            this.dialogue = dialogue;
        }

        /** Code and reason; the fields behind them are passed over. */
        String read() throws ProxyException {
            Matcher status = STATUS.matcher(line());
            if (!status.matches()) {
                throw dialogue.refused("is no HTTP proxy");
            }
            while (!line().isEmpty()) {
                // A field says nothing that is needed; and what looks like a body is the connection.
            }
            String reason = status.group(2) == null ? "" : status.group(2).stripTrailing();
            return status.group(1) + reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
        }

        private String line() throws ProxyException {
            StringBuilder line = new StringBuilder();
            while (true) {
                int next = dialogue.receiveByte();
                if (++bytes > MAX_HEAD) {
                    throw dialogue.refused("answers with more than " + MAX_HEAD + " bytes");
                }
                if (next == '\n') {
                    return line.toString();
                }
                if (next != '\r') {
                    line.append((char) next);
                }
                if (line.length() == 5 && bytes == 5 && !line.toString().equals("HTTP/")) {
                    // What does not speak HTTP may never end a line.
                    throw dialogue.refused("is no HTTP proxy");
                }
            }
        }
    }
}
