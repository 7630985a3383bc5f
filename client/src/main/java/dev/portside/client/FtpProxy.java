package dev.portside.client;

import dev.portside.protocol.PortRange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy through which a client reaches its server, with the control connection and with data connections alike:
 * {@code FtpProxy.socks5("proxy.example.net", 1080).login("alice", password)}. Immutable.
 *
 * <p>The proxy looks up the server's name. TLS goes through it from end to end: the proxy sees nothing of what is inside.
 */
public final class FtpProxy {
    /** What the proxy speaks. */
    public enum Kind {
        /** SOCKS5 (RFC 1928, RFC 1929): passive mode, and active mode where the proxy has BIND. */
        SOCKS5("socks5", 1080),
        /** HTTP CONNECT (RFC 9110 section 9.3.6): passive mode only. Many such proxies let nothing through but port 443. */
        HTTP("http", 8080);

        private final String scheme;
        private final int usualPort;

        Kind(String scheme, int usualPort) {
            this.scheme = scheme;
            this.usualPort = usualPort;
        }
    }

    private final Kind kind;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable String password;

    private FtpProxy(Kind kind, String host, int port, @Nullable String user, @Nullable String password) {
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        this.kind = kind;
        this.host = brackets ? host.substring(1, host.length() - 1) : host;
        this.port = new PortRange(port, port).first();
        this.user = user;
        this.password = password;
        if (this.host.isBlank()) {
            throw new IllegalArgumentException("the proxy's host is empty");
        }
        if (port == 0) {
            throw new IllegalArgumentException("not a port (1-65535): 0");
        }
    }

    /** A SOCKS5 proxy that asks for no login; its usual port is 1080. */
    public static FtpProxy socks5(String host, int port) {
        return new FtpProxy(Kind.SOCKS5, host, port, null, null);
    }

    /** An HTTP proxy that asks for no login. */
    public static FtpProxy http(String host, int port) {
        return new FtpProxy(Kind.HTTP, host, port, null, null);
    }

    /**
     * The same proxy, with a login: RFC 1929 for SOCKS5, Basic for HTTP. Both send the password in the clear.
     *
     * @throws IllegalArgumentException for what cannot be sent: 1 to 255 bytes of UTF-8 each for SOCKS5, no colon in the user
     *     for HTTP, and no control characters
     */
    public FtpProxy login(String user, String password) {
        if (kind == Kind.SOCKS5 && (!fits(user) || !fits(password))) {
            throw new IllegalArgumentException("the proxy's user and password have 1 to 255 bytes each");
        }
        if (kind == Kind.HTTP && user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("the user of an HTTP proxy has no colon");
        }
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the proxy's user and password have no control characters");
        }
        return new FtpProxy(kind, host, port, user, password);
    }

    private static boolean fits(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= 1 && bytes <= 255;
    }

    /**
     * Reads {@code socks5://[user:password@]host[:1080]} or {@code http://[user:password@]host[:8080]}; {@code socks5h} is the
     * same as {@code socks5}. Bytes of user and password can be written as {@code %} and two hexadecimal digits.
     *
     * @throws IllegalArgumentException if it is none; the message does not show the password
     */
    public static FtpProxy parse(String url) {
        int colon = url.indexOf("://");
        String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        Kind kind = switch (scheme) {
            case "socks5", "socks5h" -> Kind.SOCKS5;
            case "http" -> Kind.HTTP;
            default ->
                throw new IllegalArgumentException(
                        "not a proxy, write socks5://host:port or http://host:port" + shownScheme(scheme));
        };
        String rest = url.substring(colon + 3);
        String authority = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        int at = authority.lastIndexOf('@');
        String hostPort = authority.substring(at + 1);
        int port = hostPort.indexOf(':', Math.max(0, hostPort.indexOf(']')));
        String host = port < 0 ? hostPort : hostPort.substring(0, port);
        if (host.isEmpty() || host.matches(".*[/?#\\s].*")) {
            throw new IllegalArgumentException("not a host of a proxy: \"" + host + "\"");
        }
        FtpProxy proxy =
                new FtpProxy(kind, host, port < 0 ? kind.usualPort : port(hostPort.substring(port + 1)), null, null);
        if (at < 0) {
            return proxy;
        }
        String[] login = authority.substring(0, at).split(":", 2);
        return proxy.login(decoded(login[0]), login.length < 2 ? "" : decoded(login[1]));
    }

    private static String shownScheme(String scheme) {
        return scheme.isEmpty() ? "" : " instead of " + scheme + "://";
    }

    private static int port(String digits) {
        if (!digits.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("not a port of a proxy (1-65535): " + digits);
        }
        return Integer.parseInt(digits);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("behind % come two hexadecimal digits, in the proxy's user or password");
        }
    }

    public Kind kind() {
        return kind;
    }

    /** Without brackets. */
    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /** Null: no login. */
    public @Nullable String user() {
        return user;
    }

    @Nullable
    String password() {
        return password;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FtpProxy proxy
                && kind == proxy.kind
                && host.equalsIgnoreCase(proxy.host)
                && port == proxy.port
                && Objects.equals(user, proxy.user)
                && Objects.equals(password, proxy.password);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, host.toLowerCase(Locale.ROOT), port, user, password);
    }

    /** {@code socks5://alice@proxy.example.net:1080}: without the password. */
    @Override
    public String toString() {
        String hosted = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return kind.scheme + "://" + (user == null ? "" : user + "@") + hosted + ":" + port;
    }
}
