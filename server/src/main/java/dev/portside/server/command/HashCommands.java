package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.control.ByteRange;
import dev.portside.server.control.Session;
import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.StorageException.Reason;
import dev.portside.server.storage.VirtualPath;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HASH (draft-bryan-ftpext-hash) and the X commands that were there before it. */
public final class HashCommands {
    /** {@code "a file" 0 99}: quotes are for names with spaces, the numbers may be missing. */
    private static final Pattern OLDER_QUOTED = Pattern.compile("\"([^\"]*)\"(?: +(\\d{1,18}))?(?: +(\\d{1,18}))? *");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private HashCommands() {}

    /** HASH: {@code 213 SHA-256 0-49 digits name}. */
    public static Reply hash(Session session, Command.Hash hash) throws IOException {
        ByteRange range = session.takeRange();
        HashAlgorithm algorithm = session.hashAlgorithm();
        VirtualPath path = session.resolve(hash.path());
        try (SeekableByteChannel file = opened(session, path, range)) {
            long length = range.lengthWithin(file.size());
            String digits = algorithm.of(file, length, session.ownTransfer()::isAborted);
            if (digits == null) {
                return FailureReply.ofAbort();
            }
            long last = Math.max(range.start(), range.start() + length - 1);
            return new Reply(
                    ReplyCode.FILE_STATUS_213,
                    algorithm.wireName() + " " + range.start() + "-" + last + " " + digits + " " + hash.path());
        }
    }

    /**
     * XCRC, XMD5, XSHA, XSHA256, XSHA512: {@code 250 digits}. Behind the name may stand the first byte and the byte behind
     * the last.
     */
    public static Reply older(Session session, Command command) throws IOException {
        HashAlgorithm algorithm = HashAlgorithm.ofOlderVerb(command.verb());
        Older asked = Older.of(session, command.argument());
        if (asked.end < asked.start) {
            return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "The end is before the start");
        }
        try (SeekableByteChannel file = opened(session, asked.path, ByteRange.from(asked.start))) {
            String digits = algorithm.of(file, asked.end - asked.start, session.ownTransfer()::isAborted);
            return digits == null ? FailureReply.ofAbort() : new Reply(ReplyCode.FILE_ACTION_OKAY_250, digits);
        }
    }

    private static SeekableByteChannel opened(Session session, VirtualPath path, ByteRange range) throws IOException {
        session.ownTransfer().path(path.toString());
        SeekableByteChannel file = session.store().read(path);
        try {
            if (range.start() > file.size()) {
                throw new StorageException(Reason.OFFSET_PAST_END, path);
            }
            return file.position(range.start());
        } catch (IOException failed) {
            file.close();
            throw failed;
        }
    }

    private record Older(VirtualPath path, long start, long end) {
        static Older of(Session session, String argument) throws IOException {
            Matcher quoted = OLDER_QUOTED.matcher(argument);
            if (quoted.matches()) {
                return numbered(session.resolve(quoted.group(1)), quoted.group(2), quoted.group(3));
            }
            int endAt = argument.lastIndexOf(' ');
            int startAt = argument.lastIndexOf(' ', endAt - 1);
            if (startAt > 0) {
                String start = argument.substring(startAt + 1, endAt);
                String end = argument.substring(endAt + 1);
                if (NUMBER.matcher(start).matches() && NUMBER.matcher(end).matches() && !exists(session, argument)) {
                    return numbered(session.resolve(argument.substring(0, startAt)), start, end);
                }
            }
            return new Older(session.resolve(argument), 0, Long.MAX_VALUE);
        }

        private static Older numbered(VirtualPath path, @Nullable String start, @Nullable String end) {
            return new Older(
                    path,
                    start == null ? 0 : Long.parseLong(start),
                    end == null ? Long.MAX_VALUE : Long.parseLong(end));
        }

        /** A file may be called "report 1 2". */
        private static boolean exists(Session session, String name) throws IOException {
            try {
                session.store().attributes(session.resolve(name));
                return true;
            } catch (StorageException missing) {
                return false;
            }
        }
    }
}
