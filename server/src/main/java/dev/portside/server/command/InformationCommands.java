package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.CommandParser;
import dev.portside.protocol.Fact;
import dev.portside.protocol.MlsxLine;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.TlsStatus;
import dev.portside.server.TransferStatus;
import dev.portside.server.control.Session;
import dev.portside.server.control.SessionTls;
import dev.portside.server.control.Transfer;
import dev.portside.server.storage.VirtualPath;
import dev.portside.transport.Addresses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the server tells about itself and the session (RFC 959 section 4.1.3, RFC 2389, RFC 2640). */
public final class InformationCommands {
    private static final int VERBS_PER_LINE = 10;
    private static final int LONGEST_CLIENT_NAME = 200;

    private InformationCommands() {}

    public static Reply system() {
        return new Reply(ReplyCode.SYSTEM_TYPE_215, "UNIX Type: L8");
    }

    public static Reply noop() {
        return new Reply(ReplyCode.COMMAND_OKAY_200, "Okay");
    }

    public static Reply unknown(Command.Unknown unknown) {
        return new Reply(ReplyCode.COMMAND_UNRECOGNIZED_500, unknown.verb() + ": command not understood");
    }

    public static Reply help(Session session, Command.Help help) {
        String topic = help.topic().toUpperCase(Locale.ROOT);
        Set<String> verbs = new TreeSet<>(CommandParser.verbs());
        if (topic.equals("SITE")) {
            return SiteCommands.help(session);
        }
        if (!topic.isEmpty()) {
            return verbs.contains(topic)
                    ? new Reply(ReplyCode.HELP_214, topic + " is understood")
                    : new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "HELP: no such command");
        }
        List<String> lines = new ArrayList<>();
        lines.add("These commands are understood:");
        List<String> all = List.copyOf(verbs);
        for (int i = 0; i < all.size(); i += VERBS_PER_LINE) {
            lines.add(" " + String.join(" ", all.subList(i, Math.min(all.size(), i + VERBS_PER_LINE))));
        }
        lines.add("End");
        return new Reply(ReplyCode.HELP_214, lines);
    }

    /** FEAT: exactly what is on (RFC 2389 section 3.2). */
    public static Reply features(Session session) {
        List<String> lines = new ArrayList<>();
        lines.add("Features:");
        SessionTls tls = session.tls();
        if (tls.isOffered() && !tls.isImplicit()) {
            lines.add(" AUTH TLS");
        }
        lines.add(" AVBL");
        if (tls.mayBeCleared()) {
            lines.add(" CCC");
        }
        lines.add(" CLNT");
        if (tls.servesServerToServer()) {
            lines.add(" CPSV");
        }
        lines.add(" CSID");
        if (session.options().network().activeMode()) {
            lines.add(" EPRT");
        }
        lines.add(" EPSV");
        lines.add(" HASH "
                + Arrays.stream(HashAlgorithm.values())
                        .map(algorithm -> algorithm.wireName() + (algorithm == session.hashAlgorithm() ? "*" : ""))
                        .collect(Collectors.joining(";")));
        lines.add(" HOST");
        lines.add(" LANG EN*");
        lines.add(" MDTM");
        // MFCT and MFF create are understood, and left out: few disks can do it, and FEAT tells what is on.
        lines.add(" MFF modify;UNIX.mode;");
        lines.add(" MFMT");
        lines.add(" " + MlsxLine.feature(ListedFacts.OFFERED, session.selectedFacts()));
        if (session.options().compression()) {
            lines.add(" MODE Z");
        }
        if (tls.isOffered()) {
            lines.add(" PBSZ");
            lines.add(" PROT");
        }
        lines.add(" RANG STREAM");
        lines.add(" REST STREAM");
        if (session.options().network().siteSeen()) {
            lines.add(" SITE SEEN");
        }
        lines.add(" SIZE");
        if (tls.servesServerToServer()) {
            lines.add(" SSCN");
        }
        lines.add(" TVFS");
        if (session.control().charset().equals(NameCharset.UTF_8)) {
            lines.add(" UTF8");
        }
        for (String verb : List.of("XCRC", "XMD5", "XSHA", "XSHA256", "XSHA512")) {
            lines.add(" " + verb);
        }
        lines.add("End");
        return new Reply(ReplyCode.SYSTEM_STATUS_211, lines);
    }

    public static Reply options(Session session, Command.Opts opts) {
        String[] words = opts.parameters().split(" +", 2);
        String argument = words.length == 1 ? "" : words[1];
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "UTF8", "UTF-8" -> utf8(session, argument);
            case "MLST" -> listedFacts(session, argument);
            case "HASH" -> hashAlgorithm(session, argument);
            case "MODE" -> TransferParameterCommands.deflateOptions(session, argument);
            default -> new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "OPTS sets UTF8, MLST, HASH and MODE Z");
        };
    }

    /** In no RFC, but said by many clients before they send a name. */
    private static Reply utf8(Session session, String argument) {
        return switch (argument.toUpperCase(Locale.ROOT)) {
            case "", "ON" -> {
                session.control().charset(NameCharset.UTF_8);
                yield new Reply(ReplyCode.COMMAND_OKAY_200, "UTF8 is on");
            }
            case "OFF" -> {
                NameCharset usual = session.options().nameCharset();
                if (usual.equals(NameCharset.UTF_8)) {
                    yield new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "UTF8 is always on");
                }
                session.control().charset(usual);
                yield new Reply(ReplyCode.COMMAND_OKAY_200, "UTF8 is off");
            }
            default -> new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "OPTS UTF8 is ON or OFF");
        };
    }

    private static Reply listedFacts(Session session, String argument) {
        Set<Fact> selected = MlsxLine.selection(argument, ListedFacts.OFFERED);
        session.selectedFacts(selected);
        return new Reply(ReplyCode.COMMAND_OKAY_200, MlsxLine.selectionReply(selected));
    }

    private static Reply hashAlgorithm(Session session, String argument) {
        if (!argument.isBlank()) {
            HashAlgorithm algorithm = HashAlgorithm.named(argument.strip());
            if (algorithm == null) {
                return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "Unknown algorithm, FEAT tells those there are");
            }
            session.hashAlgorithm(algorithm);
        }
        return new Reply(ReplyCode.COMMAND_OKAY_200, session.hashAlgorithm().wireName());
    }

    /** LANG: English, which RFC 2640 section 4.1 makes the default. */
    public static Reply language(Command.Lang lang) {
        String tag = lang.tag().toUpperCase(Locale.ROOT);
        return tag.isEmpty() || tag.equals("EN") || tag.startsWith("EN-")
                ? new Reply(ReplyCode.COMMAND_OKAY_200, "Replies are in English")
                : new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "LANG: EN only");
    }

    public static Reply client(Session session, String name) {
        session.clientName(name.length() <= LONGEST_CLIENT_NAME ? name : name.substring(0, LONGEST_CLIENT_NAME));
        return new Reply(ReplyCode.COMMAND_OKAY_200, "Noted");
    }

    public static Reply clientIdentity(Session session, Command.Csid csid) {
        client(session, csid.facts());
        return new Reply(ReplyCode.COMMAND_OKAY_200, "Name=Portside; CaseSensitive=1; DirSep=/;");
    }

    /** STAT: of the session and of the transfer that runs, or of a pathname. */
    public static Reply status(Session session, Command.Stat stat) throws IOException {
        if (!stat.path().isEmpty()) {
            return ListingCommands.status(session, stat.path());
        }
        VirtualPath directory = session.workingDirectory();
        List<String> lines = new ArrayList<>();
        lines.add("Status:");
        lines.add(" Connected from " + Addresses.text(session.remoteAddress()));
        lines.add(" Logged in as " + session.account().name());
        if (!session.clientName().isEmpty()) {
            lines.add(" Client " + session.clientName());
        }
        lines.add(" TYPE " + session.type().argument() + ", STRU F, MODE "
                + session.mode().argument());
        TlsStatus tls = session.tls().status();
        lines.add(" Control connection "
                + (tls == null ? "in the clear" : "under " + tls.protocol() + ", " + tls.cipherSuite()));
        lines.add(" PROT " + session.tls().level().argument());
        lines.add(" Working directory " + directory);
        lines.add(" Idle timeout " + Addresses.text(session.idleTimeout()));
        Transfer running = session.transfer();
        lines.add(running == null || running.isDone() ? " No transfer" : " " + progress(running.status()));
        lines.add("End");
        return new Reply(ReplyCode.SYSTEM_STATUS_211, lines);
    }

    private static String progress(TransferStatus transfer) {
        return transfer.verb() + " " + transfer.path() + ": " + transfer.bytes() + " bytes in "
                + transfer.duration().toSeconds() + " s";
    }
}
