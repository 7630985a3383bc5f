package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Listing;
import dev.portside.protocol.ListingParser;
import dev.portside.protocol.MlsxLine;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.Timestamp;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the server says about directories and the objects in them. */
final class Listings {
    private Listings() {}

    static Listing list(Session session, String path) throws IOException {
        if (session.machineListings()) {
            try {
                ListingParser parser = ListingParser.mlsd(session.options().maxListingLines());
                // RFC 3659 section 7: the same lines in any TYPE.
                read(session, new Command.Mlsd(path), parser::add);
                return parser.listing();
            } catch (FtpReplyException refused) {
                if (!isNotImplemented(refused.code())) {
                    throw refused;
                }
                session.withoutMachineListings();
            }
        }
        FtpClientOptions options = session.options();
        ListingParser parser = ListingParser.list(Instant.now(), options.serverZone(), options.maxListingLines());
        session.sendType(RepresentationType.ASCII);
        read(session, new Command.List(notAnOption(path)), parser::add);
        Listing listing = parser.listing();
        if (listing.entries().isEmpty() && listing.unparsed().isEmpty() && !path.isEmpty()) {
            // Many servers answer LIST of nothing with 226 and no line.
            checkDirectory(session, path);
        }
        return listing;
    }

    static List<String> names(Session session, String path) throws IOException {
        List<String> lines = new ArrayList<>();
        int maxLines = session.options().maxListingLines();
        session.sendType(RepresentationType.ASCII);
        read(session, new Command.Nlst(notAnOption(path)), line -> {
            if (lines.size() == maxLines) {
                throw new IllegalArgumentException("the listing has more than " + maxLines + " lines");
            }
            lines.add(line);
        });
        return ListingParser.names(lines);
    }

    /** Servers that give LIST to ls take a name that begins with a dash for its options. */
    private static String notAnOption(String path) {
        return path.startsWith("-") ? "./" + path : path;
    }

    private static void checkDirectory(Session session, String path) throws IOException {
        String here = FileFacts.workingDirectory(session);
        session.command(new Command.Cwd(path));
        session.command(new Command.Cwd(here));
    }

    private static boolean isNotImplemented(ReplyCode code) {
        return code.equals(ReplyCode.COMMAND_UNRECOGNIZED_500) || code.equals(ReplyCode.COMMAND_NOT_IMPLEMENTED_502);
    }

    // Lines

    /** Reads the lines of a listing, each ending in CRLF or in LF. */
    private static void read(Session session, Command command, Consumer<String> lines) throws IOException {
        try (Download download = new Download(session.open(command, 0, RepresentationType.IMAGE))) {
            split(download, session.options(), lines);
        } catch (IllegalArgumentException beyondLimit) {
            throw new FtpProtocolException(command.masked() + ": " + beyondLimit.getMessage(), beyondLimit);
        }
    }

    private static void split(Download download, FtpClientOptions options, Consumer<String> lines) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32 << 10);
        byte[] line = new byte[256];
        int length = 0;
        while (download.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    lines.accept(decoded(line, length, options));
                    length = 0;
                    continue;
                }
                if (length == options.maxLine()) {
                    throw new IllegalArgumentException("a line is longer than " + options.maxLine() + " bytes");
                }
                if (length == line.length) {
                    line = Arrays.copyOf(line, Math.min(options.maxLine(), length * 2));
                }
                line[length++] = next;
            }
        }
        if (length > 0) {
            lines.accept(decoded(line, length, options));
        }
    }

    private static String decoded(byte[] line, int length, FtpClientOptions options) {
        boolean cr = length > 0 && line[length - 1] == '\r';
        return options.charset().decode(line, 0, cr ? length - 1 : length);
    }

    // One object

    static DirectoryEntry entry(Session session, String path) throws IOException {
        if (session.features().machineListings()) {
            Command.Mlst mlst = new Command.Mlst(path);
            Reply reply = session.replyTo(mlst);
            if (reply.code().isCompletion()) {
                return named(path, facts(mlst, reply));
            }
            if (!isNotImplemented(reply.code())) {
                throw new FtpReplyException(mlst, reply);
            }
        }
        if (nameOf(path).isEmpty()) {
            checkDirectory(session, path.isEmpty() ? "." : path);
            return new DirectoryEntry(path, DirectoryEntry.Type.DIRECTORY, null, null, false, null, Map.of());
        }
        DirectoryEntry file = file(session, path);
        return file == null ? inParent(session, path) : file;
    }

    private static DirectoryEntry facts(Command mlst, Reply reply) throws FtpProtocolException {
        for (String line : reply.lines()) {
            try {
                DirectoryEntry entry = MlsxLine.parseReplyLine(line);
                if (!entry.facts().isEmpty()) {
                    return entry;
                }
            } catch (IllegalArgumentException aroundIt) {
                // The lines around the one that counts.
            }
        }
        throw new FtpProtocolException(mlst.masked() + ": no facts in the reply: " + reply);
    }

    /** MLST gives the whole path; the name is what a listing of the parent would give. */
    private static DirectoryEntry named(String path, DirectoryEntry entry) {
        String name = nameOf(path);
        return new DirectoryEntry(
                name.isEmpty() ? path : name,
                entry.isSelfOrParent() ? DirectoryEntry.Type.DIRECTORY : entry.type(),
                entry.size(),
                entry.modified(),
                entry.timeIsExact(),
                entry.linkTarget(),
                entry.facts());
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static @Nullable DirectoryEntry file(Session session, String path) throws IOException {
        session.sendType(RepresentationType.IMAGE);
        Reply size = session.replyTo(new Command.Size(path));
        if (!size.code().equals(ReplyCode.FILE_STATUS_213)) {
            return null;
        }
        Reply time = session.replyTo(new Command.Mdtm(path));
        return new DirectoryEntry(
                nameOf(path),
                DirectoryEntry.Type.FILE,
                number(size),
                instant(time),
                instant(time) != null,
                null,
                Map.of());
    }

    private static @Nullable Long number(Reply size) {
        OptionalLong number = FileFacts.number(size.text());
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static @Nullable Instant instant(Reply time) {
        try {
            return time.code().equals(ReplyCode.FILE_STATUS_213)
                    ? Timestamp.parse(time.text()).instant()
                    : null;
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    private static DirectoryEntry inParent(Session session, String path) throws IOException {
        int slash = path.lastIndexOf('/');
        String parent = slash < 0 ? "" : slash == 0 ? "/" : path.substring(0, slash);
        String name = nameOf(path);
        for (DirectoryEntry entry : list(session, parent).entries()) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        throw new FileNotFoundException(path + ": not in the listing of its directory");
    }
}
