package dev.portside.cli;

import dev.portside.client.TlsMode;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.RepresentationType;
import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code ftp://user:password@host:port/path;type=a} as RFC 1738 section 3.2 reads it; with TLS, {@code ftpes://} (explicit)
 * and {@code ftps://} (implicit).
 *
 * <p>The path is relative to the directory where the login leads; {@code %2F} (or a second slash) in front makes it
 * absolute. Percent-encoded bytes are bytes of the name on the wire. An encoded wildcard is no wildcard.
 *
 * @param tls of the scheme, or of {@code --tls} beside {@code ftp://}
 * @param host a name or a numeric address, without brackets
 * @param path as it is sent; empty for the login directory; without a slash at the end
 * @param pattern the path as {@link Glob} reads it
 * @param directory whether a slash at the end says that the path is one
 * @param type {@code a}, {@code i} or {@code d} behind {@code ;type=}, or 0
 */
record RemoteUrl(
        Scheme scheme,
        TlsMode tls,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        String path,
        String pattern,
        boolean directory,
        char type) {
    /** What a URL begins with, and what that says about TLS. */
    enum Scheme {
        FTP("ftp://", TlsMode.OFF),
        FTPES("ftpes://", TlsMode.EXPLICIT),
        FTPS("ftps://", TlsMode.IMPLICIT);

        private final String text;
        private final TlsMode tls;

        Scheme(String text, TlsMode tls) {
            this.text = text;
            this.tls = tls;
        }

        /** The scheme of a URL, or null if it is none of FTP. */
        static @Nullable Scheme of(String url) {
            for (Scheme scheme : values()) {
                if (url.regionMatches(true, 0, scheme.text, 0, scheme.text.length())) {
                    return scheme;
                }
            }
            return null;
        }

        /** {@code ftp://}. */
        @Override
        public String toString() {
            return text;
        }
    }

    static boolean isUrl(String text) {
        return Scheme.of(text) != null;
    }

    /** Reads a URL that alone says whether there is TLS. */
    static RemoteUrl parse(String text, NameCharset names) {
        return parse(text, names, null);
    }

    /**
     * Reads a URL.
     *
     * @param asked what {@code --tls} says, or null
     * @throws PortsideException if it is none, or contradicts {@code --tls}
     */
    static RemoteUrl parse(String text, NameCharset names, @Nullable TlsMode asked) {
        Scheme scheme = Scheme.of(text);
        if (scheme == null) {
            throw wrong(text, "not a URL of FTP, write ftp://host/path, ftpes://host/path or ftps://host/path");
        }
        TlsMode tls = tls(text, scheme, asked);
        int begin = scheme.text.length();
        int slash = text.indexOf('/', begin);
        String authority = text.substring(begin, slash < 0 ? text.length() : slash);
        String rest = slash < 0 ? "" : text.substring(slash + 1);
        int at = authority.lastIndexOf('@');
        String[] login = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        String hostPort = authority.substring(at + 1);

        int colon = hostPort.startsWith("[") ? hostPort.indexOf(':', hostPort.indexOf(']')) : hostPort.indexOf(':');
        String host = host(text, colon < 0 ? hostPort : hostPort.substring(0, colon), names);
        String digits = colon < 0 ? "" : hostPort.substring(colon + 1);
        int port = digits.isEmpty() ? defaultPort(tls) : port(text, digits);

        char type = 0;
        int semicolon = rest.lastIndexOf(';');
        if (semicolon >= 0 && rest.regionMatches(true, semicolon, ";type=", 0, 6)) {
            type = type(text, rest.substring(semicolon + 6));
            rest = rest.substring(0, semicolon);
        }
        boolean directory = rest.isEmpty() || rest.endsWith("/");
        String pattern = withoutSlash(decode(text, rest, names, true));
        return new RemoteUrl(
                scheme,
                tls,
                host,
                port,
                login.length > 0 ? decode(text, login[0], names, false) : null,
                login.length > 1 ? decode(text, login[1], names, false) : null,
                withoutSlash(decode(text, rest, names, false)),
                pattern,
                directory,
                type);
    }

    private static TlsMode tls(String url, Scheme scheme, @Nullable TlsMode asked) {
        if (asked == null || asked == scheme.tls) {
            return scheme.tls;
        }
        if (scheme != Scheme.FTP) {
            throw wrong(
                    url,
                    scheme + " is TLS of the " + name(scheme.tls) + " kind, which --tls " + name(asked)
                            + " contradicts, write ftp:// or leave --tls out");
        }
        return asked;
    }

    private static String name(TlsMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static int defaultPort(TlsMode tls) {
        return tls == TlsMode.IMPLICIT ? 990 : 21;
    }

    private static String host(String url, String written, NameCharset names) {
        String host = written.startsWith("[") && written.endsWith("]")
                ? written.substring(1, written.length() - 1).replace("%25", "%")
                : decode(url, written, names, false);
        boolean bracket = host.indexOf('[') >= 0 || host.indexOf(']') >= 0;
        if (host.isEmpty() || bracket || host.indexOf(' ') >= 0) {
            throw wrong(url, "there is no host in it, write ftp://host/path (an IPv6 address in [brackets])");
        }
        try {
            return host.chars().allMatch(c -> c < 128) ? host : IDN.toASCII(host);
        } catch (IllegalArgumentException notAName) {
            throw wrong(url, "this is no host name: " + host);
        }
    }

    private static int port(String url, String digits) {
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw wrong(url, "this is no port (1-65535): " + digits);
    }

    private static char type(String url, String code) {
        String lower = code.toLowerCase(Locale.ROOT);
        if (lower.equals("a") || lower.equals("i") || lower.equals("d")) {
            return lower.charAt(0);
        }
        throw wrong(url, ";type= is a (text), i (bytes) or d (directory), not " + code);
    }

    private static String withoutSlash(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /** Percent-decodes; as a pattern, what was encoded is taken as it is. */
    private static String decode(String url, String text, NameCharset names, boolean asPattern) {
        StringBuilder decoded = new StringBuilder(text.length());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i <= text.length(); i++) {
            boolean encoded = i < text.length() && text.charAt(i) == '%';
            if (!encoded && bytes.size() > 0) {
                String name = names.decode(bytes.toByteArray());
                decoded.append(asPattern ? Glob.quote(name) : name);
                bytes.reset();
            }
            if (encoded) {
                bytes.write(hex(url, text, i));
                i += 2;
            } else if (i < text.length()) {
                char c = text.charAt(i);
                decoded.append(asPattern && c == '\\' ? "\\\\" : c);
            }
        }
        String result = decoded.toString();
        if (result.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw wrong(url, "line ends and NUL cannot be sent in a name");
        }
        return result;
    }

    private static int hex(String url, String text, int percent) {
        int high = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 1), 16) : -1;
        int low = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw wrong(url, "behind % come two hexadecimal digits (% itself is %25)");
        }
        return high << 4 | low;
    }

    private static PortsideException wrong(String url, String reason) {
        return new PortsideException(ExitCode.USAGE, withoutPassword(url) + ": " + reason);
    }

    /** The text of a URL, well formed or not, with **** in place of a password. */
    static String withoutPassword(String url) {
        int start = url.indexOf("://") + 3;
        int slash = url.indexOf('/', start);
        int at = url.lastIndexOf('@', slash < 0 ? url.length() : slash);
        int colon = start < 3 ? -1 : url.indexOf(':', start);
        return colon > 0 && colon < at ? url.substring(0, colon + 1) + "****" + url.substring(at) : url;
    }

    boolean isPattern() {
        return Glob.isPattern(pattern);
    }

    RepresentationType representationType() {
        return type == 'a' ? RepresentationType.ASCII : RepresentationType.IMAGE;
    }

    /** The last part of the path; empty for the login directory and for the root. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The same place on the server with another path. */
    RemoteUrl withPath(String other) {
        return new RemoteUrl(scheme, tls, host, port, user, password, other, Glob.quote(other), false, type);
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    String hostPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Whether both can use one control connection. */
    boolean sameServer(RemoteUrl other) {
        return host.equals(other.host)
                && port == other.port
                && tls == other.tls
                && java.util.Objects.equals(user, other.user)
                && java.util.Objects.equals(password, other.password);
    }

    /** The URL for logs and programs: without the password, every byte encoded that has to be. */
    String text(NameCharset names) {
        String hosted = host.indexOf(':') >= 0 ? "[" + host.replace("%", "%25") + "]" : host;
        String login = user == null ? "" : encode(user, names, "") + "@";
        String suffix = type == 0 ? "" : ";type=" + type;
        String absolute =
                path.startsWith("/") ? "%2F" + encode(path.substring(1), names, "/") : encode(path, names, "/");
        return scheme + login + hosted + (port == defaultPort(scheme.tls) ? "" : ":" + port) + "/" + absolute + suffix;
    }

    private static String encode(String text, NameCharset names, String kept) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : names.encode(text)) {
            char c = (char) (b & 0xff);
            boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
            if (alphanumeric || "-._~!$&'()+,=@:".indexOf(c) >= 0 || kept.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    /** Without the password. */
    @Override
    public String toString() {
        return text(NameCharset.UTF_8);
    }
}
