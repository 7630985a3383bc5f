package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.Timestamp;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Size, times and hash of a file, and where we are: commands whose reply is the answer. */
final class FileFacts {
    private FileFacts() {}

    // PWD

    static String workingDirectory(Session session) throws IOException {
        Command.Pwd pwd = new Command.Pwd();
        Reply reply = session.command(pwd);
        String path = quoted(reply.text());
        if (path == null) {
            throw new FtpProtocolException("PWD: no quoted path in the reply: " + reply);
        }
        return path;
    }

    /** The path in a 257: in quotes, a quote in it is doubled (RFC 959 appendix II). */
    static @Nullable String quoted(String text) {
        int begin = text.indexOf('"');
        if (begin < 0) {
            return null;
        }
        StringBuilder path = new StringBuilder();
        for (int i = begin + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                if (!text.startsWith("\"\"", i)) {
                    return path.toString();
                }
                i++;
            }
            path.append(c);
        }
        return null;
    }

    // SIZE and MDTM

    static long size(Session session, String path) throws IOException {
        session.sendType(session.type());
        Command.Size command = new Command.Size(path);
        Reply reply = session.command(command);
        return number(reply.text()).orElseThrow(() -> noAnswer(command, "size", reply, null));
    }

    /** What a reply to SIZE says, or -1. */
    static long sizeIn(Reply reply) {
        return reply.code().isCompletion() ? number(reply.text()).orElse(-1) : -1;
    }

    /** The number of bytes in a reply to SIZE. */
    static OptionalLong number(String text) {
        try {
            long size = Long.parseLong(text.strip());
            return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
        } catch (NumberFormatException none) {
            return OptionalLong.empty();
        }
    }

    static Instant modifiedTime(Session session, String path) throws IOException {
        Command.Mdtm command = new Command.Mdtm(path);
        Reply reply = session.command(command);
        try {
            return Timestamp.parse(reply.text()).instant();
        } catch (IllegalArgumentException none) {
            throw noAnswer(command, "time", reply, none);
        }
    }

    private static FtpProtocolException noAnswer(Command command, String what, Reply reply, @Nullable Exception cause) {
        return new FtpProtocolException(command.masked() + ": no " + what + " in the reply: " + reply, cause);
    }

    /** By what FEAT offers, then by SITE UTIME; the first refusal of a way that the server knows counts. */
    static void setModifiedTime(Session session, String path, Instant time) throws IOException {
        Timestamp stamp = new Timestamp(time.truncatedTo(ChronoUnit.SECONDS));
        Features features = session.features();
        List<Command> ways = new ArrayList<>();
        if (features.has("MFMT") || !features.has("MDTM")) {
            ways.add(new Command.Mfmt(stamp, path));
        } else {
            // Not in the RFC, but older than MFMT: MDTM with a time in front of the path sets it.
            ways.add(new Command.Unknown("MDTM", stamp + " " + path));
        }
        ways.add(new Command.Site("UTIME " + stamp + " " + path));
        FtpReplyException first = null;
        for (Command way : ways) {
            Reply reply = session.replyTo(way);
            if (!reply.code().isNegative()) {
                return;
            }
            FtpReplyException refused = new FtpReplyException(way, reply);
            boolean unknown = Exchange.isSyntax(reply.code());
            // Who does not know the way by MDTM looks for a file with the time in its name.
            if (!unknown && !way.verb().equals("MDTM")) {
                throw refused;
            }
            first = first == null ? refused : first;
        }
        if (first != null) {
            throw first;
        }
    }

    // HASH

    /** The algorithms, and what servers without HASH have for them. */
    private enum Algorithm {
        SHA_256("SHA-256", 64) {
            @Override
            Command command(String path) {
                return new Command.Xsha256(path);
            }
        },
        SHA_512("SHA-512", 128) {
            @Override
            Command command(String path) {
                return new Command.Xsha512(path);
            }
        },
        SHA_1("SHA-1", 40) {
            @Override
            Command command(String path) {
                return new Command.Xsha(path);
            }
        },
        MD5("MD5", 32) {
            @Override
            Command command(String path) {
                return new Command.Xmd5(path);
            }
        },
        CRC32("CRC32", 8) {
            @Override
            Command command(String path) {
                return new Command.Xcrc(path);
            }
        };

        private final String wireName;
        private final int digits;

        Algorithm(String wireName, int digits) {
            this.wireName = wireName;
            this.digits = digits;
        }

        abstract Command command(String path);

        static Algorithm named(String name) {
            String letters = name.toUpperCase(Locale.ROOT).replace("-", "");
            for (Algorithm algorithm : values()) {
                if (algorithm.wireName.replace("-", "").equals(letters)) {
                    return algorithm;
                }
            }
            throw new IllegalArgumentException(
                    "not a hash algorithm (SHA-256, SHA-512, SHA-1, MD5, CRC32): \"" + name + "\"");
        }
    }

    static String hash(Session session, String algorithm, String path) throws IOException {
        Algorithm wanted = Algorithm.named(algorithm);
        Command command = wanted.command(path);
        if (session.features().hashes(wanted.wireName)) {
            session.selectHash(wanted.wireName);
            command = new Command.Hash(path);
        }
        session.sendType(session.type());
        Reply reply = session.command(command);
        String[] words = reply.text().strip().split("\\s+");
        for (String word : words) {
            if (isHex(word, wanted.digits)) {
                return word.toLowerCase(Locale.ROOT);
            }
        }
        boolean lone = words.length == 1 && wanted == Algorithm.CRC32 && isHex(words[0], words[0].length());
        if (lone && words[0].length() < wanted.digits && !words[0].isEmpty()) {
            // Some servers leave out the zeros in front.
            return "0".repeat(wanted.digits - words[0].length()) + words[0].toLowerCase(Locale.ROOT);
        }
        throw noAnswer(command, "hash", reply, null);
    }

    private static boolean isHex(String word, int digits) {
        return word.length() == digits && word.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
    }
}
