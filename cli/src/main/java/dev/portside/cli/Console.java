package dev.portside.cli;

import dev.portside.protocol.NameCharset;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything outside that the command line talks to: standard input and output, the environment, the person at the terminal.
 *
 * <p>Results go to {@code out}, everything else to {@code err}. A name of any bytes goes into a pipe as those bytes; on a
 * terminal, control characters and bytes that are no characters are made visible.
 */
final class Console {
    /** The person at the terminal; answers are null where there is none. */
    interface Person {
        /** Asks for what must not be seen on the screen. */
        char @Nullable [] password(String question);

        @Nullable
        String answer(String question);
    }

    /** Where a stream leads. */
    record Stream(OutputStream stream, boolean terminal) {}

    private final InputStream in;
    private final Stream out;
    private final Stream err;
    private final Charset charset;
    private final Map<String, String> environment;
    private final Person person;
    private final ReentrantLock errLock = new ReentrantLock();
    private String status = "";

    Console(InputStream in, Stream out, Stream err, Charset charset, Map<String, String> environment, Person person) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.charset = charset;
        this.environment = environment;
        this.person = person;
    }

    /** The console of this process. */
    static Console system() {
        // The streams of System would swallow the error that tells that nobody reads any more.
        return new Console(
                new FileInputStream(FileDescriptor.in),
                new Stream(new FileOutputStream(FileDescriptor.out), isTerminal(1)),
                new Stream(new FileOutputStream(FileDescriptor.err), isTerminal(2)),
                System.out.charset(),
                System.getenv(),
                new Person() {
                    @Override
                    public char @Nullable [] password(String question) {
                        return terminal()
                                .map(terminal -> terminal.readPassword("%s", question))
                                .orElse(null);
                    }

                    @Override
                    public @Nullable String answer(String question) {
                        return terminal()
                                .map(terminal -> terminal.readLine("%s", question))
                                .orElse(null);
                    }
                });
    }

    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String device = Files.readSymbolicLink(link).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return terminal().isPresent();
        }
    }

    private static Optional<java.io.Console> terminal() {
        return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
    }

    InputStream in() {
        return in;
    }

    /** Standard output for bytes; nothing is buffered in front of it. */
    OutputStream out() {
        return out.stream;
    }

    Charset charset() {
        return charset;
    }

    @Nullable
    String environment(String name) {
        return environment.get(name);
    }

    /** What the variable says; null when it is not set, or to nothing. */
    @Nullable
    String setting(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The user's home directory. */
    Path home() {
        String home = environment.get("HOME");
        return Path.of(home != null ? home : System.getProperty("user.home"));
    }

    /** How results may look. */
    Style style() {
        return style(out);
    }

    /** How messages may look. */
    Style errStyle() {
        return style(err);
    }

    private Style style(Stream stream) {
        String refused = environment.get("NO_COLOR");
        boolean colour =
                stream.terminal && (refused == null || refused.isEmpty()) && !"dumb".equals(environment.get("TERM"));
        return new Style(colour, charset.equals(StandardCharsets.UTF_8));
    }

    /** Whether a progress bar has somebody to look at it. */
    boolean showsProgress() {
        return err.terminal && !"dumb".equals(environment.get("TERM"));
    }

    char @Nullable [] askPassword(String question) {
        return person.password(question);
    }

    /** What the person at the terminal answers; null if there is none. */
    @Nullable
    String ask(String question) {
        return person.answer(question);
    }

    /** Where the user's settings are: {@code XDG_CONFIG_HOME}, which counts only if it is absolute, or {@code ~/.config}. */
    Path settings() {
        return place("XDG_CONFIG_HOME", ".config");
    }

    /** Where what can be found out again is kept: {@code XDG_CACHE_HOME} in the same way, or {@code ~/.cache}. */
    Path caches() {
        return place("XDG_CACHE_HOME", ".cache");
    }

    private Path place(String variable, String otherwise) {
        String named = setting(variable);
        return named != null && Path.of(named).isAbsolute() ? Path.of(named) : home().resolve(otherwise);
    }

    /** A line of results, whose escape sequences are our own. */
    void line(String text) {
        byte[] bytes = bytes(text + "\n", out.terminal);
        try {
            out.stream.write(bytes);
        } catch (IOException closed) {
            throw new PortsideException(ExitCode.OUTPUT_CLOSED, "standard output: closed", closed);
        }
    }

    /** A name as results show it: as it is in a pipe, with everything visible on a terminal. */
    String name(String name) {
        return out.terminal ? visible(name) : name;
    }

    /** A line of messages; a failure to write it has nobody who could be told. */
    void message(String text) {
        errLock.lock();
        try {
            String covered = status.isEmpty() ? "" : "\r\u001b[K";
            write(covered + text + "\n" + status);
        } finally {
            errLock.unlock();
        }
    }

    /** Shows a line at the bottom of the terminal, in place of the one before; empty: none. */
    void status(String text) {
        errLock.lock();
        try {
            if (!text.isEmpty() || !status.isEmpty()) {
                write("\r" + text + "\u001b[K");
            }
            status = text;
        } finally {
            errLock.unlock();
        }
    }

    private void write(String text) {
        try {
            err.stream.write(bytes(text, true));
        } catch (IOException nobodyListens) {
            // There is no other place to say it.
        }
    }

    private byte[] bytes(String text, boolean terminal) {
        if (!terminal && NameCharset.hasUndecodableBytes(text)) {
            try {
                return new NameCharset(charset).encode(text);
            } catch (IllegalArgumentException notInThisCharset) {
                return text.getBytes(charset);
            }
        }
        return text.getBytes(charset);
    }

    /** Text from the network with nothing in it that a terminal would obey: {@code \x1b}, {@code \xe9}. */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                visible.append(c).append(text.charAt(++i));
            } else if (Character.isISOControl(c) || Character.isSurrogate(c) || isDirection(c)) {
                visible.append(String.format(c < 256 || Character.isSurrogate(c) ? "\\x%02x" : "\\u%04x", escaped(c)));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }

    /** The same of a message of several lines. */
    static String visibleLines(String text) {
        return text.lines().map(Console::visible).collect(Collectors.joining("\n"));
    }

    /** An undecodable byte is that byte. */
    private static int escaped(char c) {
        return Character.isSurrogate(c) ? c & 0xff : c;
    }

    /** Marks that turn the direction of what follows: a name could look like another. */
    private static boolean isDirection(char c) {
        return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }
}
