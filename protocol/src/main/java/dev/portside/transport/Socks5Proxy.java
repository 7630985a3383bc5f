package dev.portside.transport;

import dev.portside.transport.DataConnectionException.Failure;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKS5 proxy (RFC 1928), with user and password (RFC 1929) or without: it connects for us, and listens for us.
 *
 * @param address where it is
 * @param login null: none, and the proxy may refuse that
 */
public record Socks5Proxy(
        InetSocketAddress address, @Nullable Login login) implements Proxy {
    private static final int VERSION = 5;
    private static final int NO_LOGIN = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int LOGIN_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int BIND = 2;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int LONGEST_TEXT = 255;

    @Override
    public void connect(SocketChannel channel, InetSocketAddress target, Duration wait) throws ProxyException {
        try (ProxyDialogue dialogue = new ProxyDialogue(channel, address, wait)) {
            greet(dialogue);
            request(dialogue, CONNECT, target);
            dialogue.expects("has no connection with " + Addresses.text(target));
            reply(dialogue, "connect to " + Addresses.text(target));
        }
    }

    /**
     * Has the proxy listen for a connection (BIND).
     *
     * @param peer who is expected to connect
     * @return where it listens; the address may be 0.0.0.0, which is the proxy's own
     */
    public InetSocketAddress bind(SocketChannel channel, InetSocketAddress peer, Duration wait) throws ProxyException {
        try (ProxyDialogue dialogue = new ProxyDialogue(channel, address, wait)) {
            greet(dialogue);
            request(dialogue, BIND, peer);
            InetSocketAddress listener = reply(dialogue, "listen for " + Addresses.text(peer));
            if (listener.getPort() == 0) {
                throw dialogue.refused("names no port where it listens");
            }
            return listener;
        }
    }

    /**
     * Waits for the connection behind a {@link #bind}; the channel carries it then.
     *
     * @return who has connected
     */
    public InetSocketAddress awaitPeer(SocketChannel channel, Duration wait) throws ProxyException {
        try (ProxyDialogue dialogue = new ProxyDialogue(channel, address, wait)) {
            dialogue.expects("saw nobody connect");
            return reply(dialogue, "accept a connection");
        }
    }

    private void greet(ProxyDialogue dialogue) throws ProxyException {
        dialogue.send(
                login == null
                        ? new byte[] {VERSION, 1, NO_LOGIN}
                        : new byte[] {VERSION, 2, NO_LOGIN, USER_AND_PASSWORD});
        byte[] chosen = dialogue.receive(2);
        if (chosen[0] != VERSION) {
            throw dialogue.refused("is no SOCKS5 proxy");
        }
        if (chosen[1] == USER_AND_PASSWORD && login != null) {
            logIn(dialogue, login);
        } else if (chosen[1] != NO_LOGIN) {
            throw dialogue.refused(login == null ? "wants a user and a password" : "takes no user and password");
        }
    }

    private static void logIn(ProxyDialogue dialogue, Login login) throws ProxyException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(LOGIN_VERSION);
        text(dialogue, message, login.user());
        text(dialogue, message, login.password());
        dialogue.send(message.toByteArray());
        if (dialogue.receive(2)[1] != 0) {
            throw dialogue.refused("refuses user " + login.user() + ", or the password");
        }
    }

    private static void text(ProxyDialogue dialogue, ByteArrayOutputStream message, String text) throws ProxyException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > LONGEST_TEXT) {
            throw dialogue.refused("takes names and passwords of 1 to 255 bytes only");
        }
        message.write(bytes.length);
        message.writeBytes(bytes);
    }

    private static void request(ProxyDialogue dialogue, int command, InetSocketAddress target) throws ProxyException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {VERSION, (byte) command, 0});
        InetAddress ip = target.getAddress();
        if (ip == null) {
            message.write(NAME);
            text(dialogue, message, target.getHostString());
        } else {
            message.write(ip.getAddress().length == 4 ? IPV4 : IPV6);
            message.writeBytes(ip.getAddress());
        }
        message.write(target.getPort() >> 8);
        message.write(target.getPort());
        dialogue.send(message.toByteArray());
    }

    /** The address in a reply. */
    private static InetSocketAddress reply(ProxyDialogue dialogue, String what) throws ProxyException {
        byte[] head = dialogue.receive(2);
        if (head[0] != VERSION) {
            throw dialogue.refused("is no SOCKS5 proxy");
        }
        switch (head[1]) {
            case 0 -> {}
            case 2 -> throw dialogue.refused("does not allow to " + what);
            case 3 -> throw dialogue.cannot(Failure.UNREACHABLE, "cannot " + what + ": network unreachable");
            case 4 -> throw dialogue.cannot(Failure.UNREACHABLE, "cannot " + what + ": host unreachable");
            case 5 -> throw dialogue.cannot(Failure.REFUSED, "cannot " + what + ": connection refused");
            case 6 -> throw dialogue.cannot(Failure.TIMED_OUT, "cannot " + what + ": no answer in time");
            case 7 -> throw dialogue.refused("is not able to " + what + ": command not supported");
            case 8 -> throw dialogue.refused("is not able to " + what + ": kind of address not supported");
            default ->
                throw dialogue.cannot(Failure.UNREACHABLE, "cannot " + what + ": it says " + head[1] + ", failure");
        }
        return address(dialogue);
    }

    private static InetSocketAddress address(ProxyDialogue dialogue) throws ProxyException {
        int kind = dialogue.receive(2)[1];
        int length = switch (kind) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> dialogue.receiveByte();
            default -> throw dialogue.refused("answers with an address of an unknown kind: " + kind);
        };
        byte[] bytes = dialogue.receive(length + 2);
        int port = (bytes[length] & 0xff) << 8 | (bytes[length + 1] & 0xff);
        if (kind == NAME) {
            return InetSocketAddress.createUnresolved(new String(bytes, 0, length, StandardCharsets.US_ASCII), port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOf(bytes, length)), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
