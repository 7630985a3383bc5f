package dev.portside.protocol;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A command of the control connection: one record a verb (RFC 959 section 4.1 and its successors).
 *
 * <p>A command exists only if it can be sent: constructors refuse an argument with CR, LF or NUL with an {@link
 * IllegalArgumentException}, so neither a parsed nor a built command can smuggle in a second line. Paths are strings as
 * {@link NameCharset} decodes them. {@link CommandParser} reads a line.
 */
public sealed interface Command {

    /** The verb in capitals, {@code RETR}. */
    default String verb() {
        return getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** What stands behind the verb; empty when nothing does. */
    default String argument() {
        return "";
    }

    /** The line that is sent, without CRLF. */
    default String line() {
        return argument().isEmpty() ? verb() : verb() + " " + argument();
    }

    /** The line as logs may show it: secrets replaced by {@code ****}. */
    default String masked() {
        return line();
    }

    /** A command whose whole argument is a pathname, perhaps empty where the verb allows it. */
    sealed interface OnPath extends Command {
        String path();

        @Override
        default String argument() {
            return path();
        }
    }

    // Access control, RFC 959 section 4.1.1

    /** Names the account to log in to. */
    record User(String name) implements Command {
        public User {
            sendable(name);
        }

        @Override
        public String argument() {
            return name;
        }
    }

    /** The password; {@link #toString()} and {@link #masked()} do not show it. */
    record Pass(String password) implements Command {
        public Pass {
            sendable(password);
        }

        @Override
        public String argument() {
            return password;
        }

        @Override
        public String masked() {
            return verb() + " ****";
        }

        @Override
        public String toString() {
            return "Pass[****]";
        }
    }

    /** Accounting information. */
    record Acct(String account) implements Command {
        public Acct {
            sendable(account);
        }

        @Override
        public String argument() {
            return account;
        }

        @Override
        public String masked() {
            return verb() + " ****";
        }

        @Override
        public String toString() {
            return "Acct[****]";
        }
    }

    /** Changes the working directory. */
    record Cwd(String path) implements OnPath {
        public Cwd {
            sendable(path);
        }
    }

    /** Changes to the parent directory. */
    record Cdup() implements Command {}

    /** Mounts another file system structure. */
    record Smnt(String path) implements OnPath {
        public Smnt {
            sendable(path);
        }
    }

    /** Starts again as after connecting. */
    record Rein() implements Command {}

    /** Ends the session, after a transfer that is running. */
    record Quit() implements Command {}

    /** Names the virtual host (RFC 7151). */
    record Host(String host) implements Command {
        public Host {
            sendable(host);
        }

        @Override
        public String argument() {
            return host;
        }
    }

    // Transfer parameters, RFC 959 section 4.1.2, and RFC 2428

    /** Active mode, IPv4: where the client listens. */
    record Port(HostPort address) implements Command {
        @Override
        public String argument() {
            return address.portArgument();
        }
    }

    /** Passive mode, IPv4: asks the server to listen. */
    record Pasv() implements Command {}

    /** Active mode, any address family (RFC 2428 section 2). */
    record Eprt(HostPort address) implements Command {
        @Override
        public String argument() {
            return address.eprtArgument();
        }
    }

    /** Passive mode, any address family (RFC 2428 section 3). */
    record Epsv(Argument which) implements Command {
        /** What the client asked for: any protocol, one protocol, or EPSV and nothing else from now on. */
        public enum Argument {
            NONE(""),
            IPV4("1"),
            IPV6("2"),
            ALL("ALL");

            private final String text;

            Argument(String text) {
                this.text = text;
            }
        }

        @Override
        public String argument() {
            return which.text;
        }
    }

    /** How file data is represented on the wire. */
    record Type(RepresentationType type) implements Command {
        @Override
        public String argument() {
            return type.argument();
        }
    }

    /** The structure of the file. */
    record Stru(DataStructure structure) implements Command {
        @Override
        public String argument() {
            return structure.argument();
        }
    }

    /** How the data is framed. */
    record Mode(TransmissionMode mode) implements Command {
        @Override
        public String argument() {
            return mode.argument();
        }
    }

    // FTP service, RFC 959 section 4.1.3

    /** Sends a file to the client. */
    record Retr(String path) implements OnPath {
        public Retr {
            sendable(path);
        }
    }

    /** Receives a file. */
    record Stor(String path) implements OnPath {
        public Stor {
            sendable(path);
        }
    }

    /** Receives a file under a name that the server makes unique. */
    record Stou(String path) implements OnPath {
        public Stou {
            sendable(path);
        }
    }

    /** Receives data and appends it to a file. */
    record Appe(String path) implements OnPath {
        public Appe {
            sendable(path);
        }
    }

    /** Announces the size in bytes of the next upload. */
    record Allo(long size) implements Command {
        public Allo {
            if (size < 0) {
                throw new IllegalArgumentException("ALLO: the number is negative: " + size);
            }
        }

        @Override
        public String argument() {
            return Long.toString(size);
        }
    }

    /** The restart marker: an offset in bytes (RFC 3659 section 5). */
    record Rest(long offset) implements Command {
        public Rest {
            if (offset < 0) {
                throw new IllegalArgumentException("REST: the number is negative: " + offset);
            }
        }

        @Override
        public String argument() {
            return Long.toString(offset);
        }
    }

    /** What to rename. */
    record Rnfr(String path) implements OnPath {
        public Rnfr {
            sendable(path);
        }
    }

    /** The new name. */
    record Rnto(String path) implements OnPath {
        public Rnto {
            sendable(path);
        }
    }

    /** Aborts the transfer that is running. */
    record Abor() implements Command {}

    /** Deletes a file. */
    record Dele(String path) implements OnPath {
        public Dele {
            sendable(path);
        }
    }

    /** Removes a directory. */
    record Rmd(String path) implements OnPath {
        public Rmd {
            sendable(path);
        }
    }

    /** Makes a directory. */
    record Mkd(String path) implements OnPath {
        public Mkd {
            sendable(path);
        }
    }

    /** Tells the working directory. */
    record Pwd() implements Command {}

    /** Lists a directory for people; empty means the working directory. */
    record List(String path) implements OnPath {
        public List {
            sendable(path);
        }
    }

    /** Lists the names in a directory; empty means the working directory. */
    record Nlst(String path) implements OnPath {
        public Nlst {
            sendable(path);
        }
    }

    /** Services of this server. */
    record Site(String parameters) implements Command {
        public Site {
            sendable(parameters);
        }

        @Override
        public String argument() {
            return parameters;
        }
    }

    /** Tells the kind of operating system. */
    record Syst() implements Command {}

    /** Status of the session, of a transfer, or of a path. */
    record Stat(String path) implements OnPath {
        public Stat {
            sendable(path);
        }
    }

    /** Tells the commands. */
    record Help(String topic) implements Command {
        public Help {
            sendable(topic);
        }

        @Override
        public String argument() {
            return topic;
        }
    }

    /** Does nothing. */
    record Noop() implements Command {}

    // Extensions: RFC 2389, RFC 2640, RFC 3659 and the drafts that are in use

    /** Tells the extensions (RFC 2389). */
    record Feat() implements Command {}

    /** Sets the options of a command (RFC 2389). */
    record Opts(String parameters) implements Command {
        public Opts {
            sendable(parameters);
        }

        @Override
        public String argument() {
            return parameters;
        }
    }

    /** Chooses the language of replies (RFC 2640). */
    record Lang(String tag) implements Command {
        public Lang {
            sendable(tag);
        }

        @Override
        public String argument() {
            return tag;
        }
    }

    /** Tells the modification time of a file (RFC 3659 section 3). */
    record Mdtm(String path) implements OnPath {
        public Mdtm {
            sendable(path);
        }
    }

    /** Tells the size that RETR would send (RFC 3659 section 4). */
    record Size(String path) implements OnPath {
        public Size {
            sendable(path);
        }
    }

    /** Facts of one object, over the control connection (RFC 3659 section 7). */
    record Mlst(String path) implements OnPath {
        public Mlst {
            sendable(path);
        }
    }

    /** Facts of the objects in a directory (RFC 3659 section 7). */
    record Mlsd(String path) implements OnPath {
        public Mlsd {
            sendable(path);
        }
    }

    /** Sets the modification time (draft-somers-ftp-mfxx). */
    record Mfmt(Timestamp time, String path) implements Command {
        public Mfmt {
            sendable(path);
        }

        @Override
        public String argument() {
            return time + " " + path;
        }
    }

    /** Sets the creation time (draft-somers-ftp-mfxx). */
    record Mfct(Timestamp time, String path) implements Command {
        public Mfct {
            sendable(path);
        }

        @Override
        public String argument() {
            return time + " " + path;
        }
    }

    /** Sets facts of a file (draft-somers-ftp-mfxx). */
    record Mff(Map<String, String> facts, String path) implements Command {
        public Mff {
            facts = Map.copyOf(facts);
            facts.forEach((fact, value) -> {
                sendable(fact + value);
                if (fact.isEmpty()
                        || fact.indexOf('=') >= 0
                        || (fact + value).chars().anyMatch(c -> c == ';' || c == ' ')) {
                    throw new IllegalArgumentException("MFF: not a fact: \"" + fact + "=" + value + "\"");
                }
            });
            sendable(path);
        }

        @Override
        public String argument() {
            return facts.entrySet().stream()
                            .map(fact -> fact.getKey() + "=" + fact.getValue() + ";")
                            .sorted()
                            .collect(Collectors.joining())
                    + " "
                    + path;
        }
    }

    /** The hash of a file (draft-bryan-ftpext-hash). */
    record Hash(String path) implements OnPath {
        public Hash {
            sendable(path);
        }
    }

    /** The range for HASH and RETR, first and last byte (draft-bryan-ftp-range). */
    record Rang(long start, long end) implements Command {
        public Rang {
            if (start < 0) {
                throw new IllegalArgumentException("RANG: the number is negative: " + start);
            }
            if (end < 0) {
                throw new IllegalArgumentException("RANG: the number is negative: " + end);
            }
        }

        @Override
        public String argument() {
            return start + " " + end;
        }
    }

    /** CRC32 of a file, as several servers do it. */
    record Xcrc(String path) implements OnPath {
        public Xcrc {
            sendable(path);
        }
    }

    /** MD5 of a file. */
    record Xmd5(String path) implements OnPath {
        public Xmd5 {
            sendable(path);
        }
    }

    /** SHA-1 of a file. */
    record Xsha(String path) implements OnPath {
        public Xsha {
            sendable(path);
        }
    }

    /** SHA-256 of a file. */
    record Xsha256(String path) implements OnPath {
        public Xsha256 {
            sendable(path);
        }
    }

    /** SHA-512 of a file. */
    record Xsha512(String path) implements OnPath {
        public Xsha512 {
            sendable(path);
        }
    }

    /** Bytes that can still be stored (draft-peterson-streamlined-ftp-command-extensions). */
    record Avbl(String path) implements OnPath {
        public Avbl {
            sendable(path);
        }
    }

    /** The client tells its name. */
    record Clnt(String name) implements Command {
        public Clnt {
            sendable(name);
        }

        @Override
        public String argument() {
            return name;
        }
    }

    /** Client and server tell who they are (draft-peterson-streamlined-ftp-command-extensions). */
    record Csid(String facts) implements Command {
        public Csid {
            sendable(facts);
        }

        @Override
        public String argument() {
            return facts;
        }
    }

    // Security, RFC 2228 and RFC 4217

    /** The commands that secure a session. */
    sealed interface Security extends Command {}

    /** Starts a security mechanism. */
    record Auth(String mechanism) implements Security {
        public Auth {
            sendable(mechanism);
        }

        @Override
        public String argument() {
            return mechanism;
        }
    }

    /** Security data. */
    record Adat(String data) implements Security {
        public Adat {
            sendable(data);
        }

        @Override
        public String argument() {
            return data;
        }

        @Override
        public String masked() {
            return verb() + " ****";
        }

        @Override
        public String toString() {
            return "Adat[****]";
        }
    }

    /** The protection buffer size. */
    record Pbsz(long size) implements Security {
        public Pbsz {
            if (size < 0) {
                throw new IllegalArgumentException("PBSZ: the number is negative: " + size);
            }
        }

        @Override
        public String argument() {
            return Long.toString(size);
        }
    }

    /** The protection of the data connection. */
    record Prot(ProtectionLevel level) implements Security {
        @Override
        public String argument() {
            return level.argument();
        }
    }

    /** Clears the protection of the control connection. */
    record Ccc() implements Security {}

    /** In no RFC: whether the server begins the TLS handshakes on data connections, for a transfer between two servers. */
    record Sscn(Setting which) implements Security {
        /** ON, OFF, or a question. */
        public enum Setting {
            QUERY(""),
            ON("ON"),
            OFF("OFF");

            private final String text;

            Setting(String text) {
                this.text = text;
            }
        }

        @Override
        public String argument() {
            return which.text;
        }
    }

    /** In no RFC: PASV, and the server begins the TLS handshake on that data connection. */
    record Cpsv() implements Security {}

    /** A verb that Portside does not know; kept as it came. */
    record Unknown(String verb, String argument) implements Command {
        public Unknown {
            sendable(verb);
            sendable(argument);
        }

        /** Who mistypes PASS has typed the password. */
        @Override
        public String masked() {
            return verb.regionMatches(true, 0, "PA", 0, 2) && !argument.isEmpty() ? verb + " ****" : line();
        }
    }

    private static void sendable(String argument) {
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c == '\r' || c == '\n' || c == '\0') {
                throw new IllegalArgumentException("an argument cannot hold CR, LF or NUL: \""
                        + argument.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0")
                        + "\"");
            }
        }
    }
}
