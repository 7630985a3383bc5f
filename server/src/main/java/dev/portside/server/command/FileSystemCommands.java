package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.Fact;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.Timestamp;
import dev.portside.server.control.Session;
import dev.portside.server.storage.FileFacts;
import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.StorageException.Reason;
import dev.portside.server.storage.VirtualPath;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Names, directories and facts of files (RFC 959 section 4.1.3, RFC 3659 sections 3 and 4, draft-somers-ftp-mfxx). */
public final class FileSystemCommands {
    private FileSystemCommands() {}

    // Names and directories

    public static Reply renameFrom(Session session, Command.Rnfr rnfr) throws IOException {
        VirtualPath from = session.resolve(rnfr.path());
        session.store().attributes(from);
        session.renameFrom(from);
        return new Reply(ReplyCode.PENDING_FURTHER_INFORMATION_350, "Send RNTO");
    }

    public static Reply renameTo(Session session, Command.Rnto rnto) throws IOException {
        VirtualPath from = session.renameFrom();
        if (from == null) {
            return new Reply(ReplyCode.BAD_SEQUENCE_503, "RNFR comes right before RNTO");
        }
        session.renameFrom(null);
        session.store().rename(from, session.resolve(rnto.path()));
        return new Reply(ReplyCode.FILE_ACTION_OKAY_250, "Renamed");
    }

    public static Reply delete(Session session, Command.Dele dele) throws IOException {
        VirtualPath path = session.resolve(dele.path());
        session.store().deleteFile(path);
        return new Reply(ReplyCode.FILE_ACTION_OKAY_250, "Deleted " + path);
    }

    public static Reply removeDirectory(Session session, Command.Rmd rmd) throws IOException {
        VirtualPath path = session.resolve(rmd.path());
        session.store().removeDirectory(path);
        return new Reply(ReplyCode.FILE_ACTION_OKAY_250, "Removed " + path);
    }

    public static Reply makeDirectory(Session session, Command.Mkd mkd) throws IOException {
        VirtualPath path = session.resolve(mkd.path());
        session.store().makeDirectory(path);
        return new Reply(ReplyCode.PATHNAME_CREATED_257, quoted(path) + " created");
    }

    public static Reply printWorkingDirectory(Session session) {
        return new Reply(
                ReplyCode.PATHNAME_CREATED_257, quoted(session.workingDirectory()) + " is the working directory");
    }

    /** RFC 959 appendix II: a quote within is doubled. */
    private static String quoted(VirtualPath path) {
        return "\"" + path.toString().replace("\"", "\"\"") + "\"";
    }

    // Facts

    /** SIZE: the bytes that RETR would send; in TYPE A the whole file would have to be read to know. */
    public static Reply size(Session session, Command.Size size) throws IOException {
        VirtualPath path = session.resolve(size.path());
        FileFacts facts = session.store().target(path);
        if (!facts.isFile()) {
            throw new StorageException(Reason.NOT_A_FILE, path);
        }
        return session.type() == RepresentationType.ASCII
                ? new Reply(
                        ReplyCode.FILE_UNAVAILABLE_550,
                        "SIZE is not told in TYPE A, where line ends change it: use TYPE I")
                : new Reply(ReplyCode.FILE_STATUS_213, Long.toString(facts.size()));
    }

    /** MDTM, and what clients made of it to set the time: {@code MDTM 20240105123456 name}. */
    public static Reply modificationTime(Session session, Command.Mdtm mdtm) throws IOException {
        try {
            VirtualPath path = session.resolve(mdtm.path());
            FileFacts facts = session.store().target(path);
            return new Reply(ReplyCode.FILE_STATUS_213, new Timestamp(facts.modified()).toString());
        } catch (StorageException missing) {
            // A file whose name begins like a time was meant; only if there is none, its time is set.
            int space = mdtm.path().indexOf(' ');
            if (missing.reason() != Reason.NOT_FOUND || space < 0) {
                throw missing;
            }
            return modificationTimeSet(session, mdtm.path(), space, missing);
        }
    }

    private static Reply modificationTimeSet(Session session, String argument, int space, StorageException missing)
            throws IOException {
        try {
            Timestamp time = Timestamp.parse(argument.substring(0, space));
            return setModified(session, new Command.Mfmt(time, argument.substring(space + 1)));
        } catch (IllegalArgumentException noTime) {
            missing.addSuppressed(noTime);
            throw missing;
        }
    }

    public static Reply setModified(Session session, Command.Mfmt mfmt) throws IOException {
        VirtualPath path = session.resolve(mfmt.path());
        session.store().setModified(path, mfmt.time().instant());
        return new Reply(ReplyCode.FILE_STATUS_213, "Modify=" + mfmt.time() + "; " + mfmt.path());
    }

    public static Reply setCreated(Session session, Command.Mfct mfct) throws IOException {
        VirtualPath path = session.resolve(mfct.path());
        session.store().setCreated(path, mfct.time().instant());
        return new Reply(ReplyCode.FILE_STATUS_213, "Create=" + mfct.time() + "; " + mfct.path());
    }

    /** MFF: all facts are read before the first is set. */
    public static Reply setFacts(Session session, Command.Mff mff) throws IOException {
        VirtualPath path = session.resolve(mff.path());
        Map<Fact, String> facts = new TreeMap<>();
        for (Map.Entry<String, String> given : mff.facts().entrySet()) {
            Fact fact = Fact.named(given.getKey());
            if (fact != Fact.MODIFY && fact != Fact.CREATE && fact != Fact.UNIX_MODE) {
                return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "MFF sets modify, create and UNIX.mode");
            }
            facts.put(fact, given.getValue());
        }
        try {
            for (Map.Entry<Fact, String> fact : facts.entrySet()) {
                parse(fact.getKey(), fact.getValue());
            }
        } catch (IllegalArgumentException malformed) {
            return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "MFF: " + malformed.getMessage());
        }
        StringBuilder done = new StringBuilder();
        for (Map.Entry<Fact, String> fact : facts.entrySet()) {
            set(session, path, fact.getKey(), fact.getValue());
            done.append(fact.getKey().wireName())
                    .append('=')
                    .append(fact.getValue())
                    .append(';');
        }
        return new Reply(ReplyCode.FILE_STATUS_213, done + " " + mff.path());
    }

    private static Object parse(Fact fact, String value) {
        return fact == Fact.UNIX_MODE ? (Object) mode(value) : Timestamp.parse(value);
    }

    private static void set(Session session, VirtualPath path, Fact fact, String value) throws IOException {
        switch (fact) {
            case MODIFY ->
                session.store().setModified(path, Timestamp.parse(value).instant());
            case CREATE ->
                session.store().setCreated(path, Timestamp.parse(value).instant());
            case UNIX_MODE -> session.store().setPermissions(path, mode(value));
            default -> throw new IllegalArgumentException("MFF does not set " + fact);
        }
    }

    /**
     * The octal digits of a mode.
     *
     * @throws IllegalArgumentException if they are not
     */
    static int mode(String digits) {
        if (!digits.matches("[0-7]{3,5}")) {
            throw new IllegalArgumentException("not an octal mode: \"" + digits + "\"");
        }
        return Integer.parseInt(digits, 8);
    }

    public static Reply available(Session session, Command.Avbl avbl) throws IOException {
        VirtualPath path = session.resolve(avbl.path());
        return new Reply(
                ReplyCode.FILE_STATUS_213, Long.toString(session.store().availableSpace(path)));
    }
}
