package dev.portside.protocol;

import static dev.portside.protocol.ReplyCode.ARGUMENT_SYNTAX_ERROR_501;
import static dev.portside.protocol.ReplyCode.COMMAND_UNRECOGNIZED_500;
import static dev.portside.protocol.ReplyCode.NETWORK_PROTOCOL_NOT_SUPPORTED_522;
import static dev.portside.protocol.ReplyCode.PARAMETER_NOT_IMPLEMENTED_504;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads a line of the control connection as a {@link Command} (RFC 959 section 5.3).
 *
 * <p>Total: every line gives a command or a {@link CommandSyntaxException} that knows its reply. Verbs may be in lower case;
 * spaces behind an argument that is not a pathname are ignored. Exactly one space stands before a pathname, the rest is the
 * name. CR, LF and NUL are refused.
 */
public final class CommandParser {
    private static final int LONGEST_VERB = 16;

    private static final Map<String, Function<String, Command>> VERBS = new HashMap<>();

    static {
        nothing("CDUP", Command.Cdup::new);
        nothing("XCUP", Command.Cdup::new);
        nothing("REIN", Command.Rein::new);
        nothing("QUIT", Command.Quit::new);
        nothing("PASV", Command.Pasv::new);
        nothing("ABOR", Command.Abor::new);
        nothing("PWD", Command.Pwd::new);
        nothing("XPWD", Command.Pwd::new);
        nothing("SYST", Command.Syst::new);
        nothing("FEAT", Command.Feat::new);
        nothing("CCC", Command.Ccc::new);
        nothing("CPSV", Command.Cpsv::new);

        path("CWD", Command.Cwd::new);
        path("XCWD", Command.Cwd::new);
        path("SMNT", Command.Smnt::new);
        path("RETR", Command.Retr::new);
        path("STOR", Command.Stor::new);
        path("APPE", Command.Appe::new);
        path("RNFR", Command.Rnfr::new);
        path("RNTO", Command.Rnto::new);
        path("DELE", Command.Dele::new);
        path("RMD", Command.Rmd::new);
        path("XRMD", Command.Rmd::new);
        path("MKD", Command.Mkd::new);
        path("XMKD", Command.Mkd::new);
        path("MDTM", Command.Mdtm::new);
        path("SIZE", Command.Size::new);
        path("HASH", Command.Hash::new);
        path("XCRC", Command.Xcrc::new);
        path("XMD5", Command.Xmd5::new);
        path("XSHA", Command.Xsha::new);
        path("XSHA1", Command.Xsha::new);
        path("XSHA256", Command.Xsha256::new);
        path("XSHA512", Command.Xsha512::new);

        VERBS.put("STOU", Command.Stou::new);
        VERBS.put("LIST", Command.List::new);
        VERBS.put("NLST", Command.Nlst::new);
        VERBS.put("STAT", Command.Stat::new);
        VERBS.put("MLST", Command.Mlst::new);
        VERBS.put("MLSD", Command.Mlsd::new);
        VERBS.put("AVBL", Command.Avbl::new);
        VERBS.put("HELP", argument -> new Command.Help(argument.strip()));
        VERBS.put("LANG", argument -> new Command.Lang(argument.strip()));
        VERBS.put("CSID", argument -> new Command.Csid(argument.strip()));
        VERBS.put("CLNT", argument -> new Command.Clnt(argument.strip()));
        // Some clients keep a session alive with an argument behind NOOP.
        VERBS.put("NOOP", argument -> new Command.Noop());

        VERBS.put("PASS", Command.Pass::new);
        VERBS.put("ACCT", Command.Acct::new);
        text("USER", Command.User::new);
        text("HOST", Command.Host::new);
        text("SITE", Command.Site::new);
        text("OPTS", Command.Opts::new);
        text("AUTH", argument -> new Command.Auth(argument.toUpperCase(Locale.ROOT)));
        text("ADAT", Command.Adat::new);

        text("PORT", argument -> new Command.Port(HostPort.parsePort(argument)));
        text("EPRT", argument -> new Command.Eprt(HostPort.parseEprt(argument)));
        VERBS.put("EPSV", argument -> new Command.Epsv(epsv(argument.strip())));
        VERBS.put("SSCN", argument -> new Command.Sscn(sscn(argument.strip())));
        text("TYPE", argument -> new Command.Type(type(argument.toUpperCase(Locale.ROOT))));
        text("STRU", argument -> new Command.Stru(one(DataStructure.values(), DataStructure::argument, argument)));
        text(
                "MODE",
                argument -> new Command.Mode(one(TransmissionMode.values(), TransmissionMode::argument, argument)));
        text("PROT", argument -> new Command.Prot(one(ProtectionLevel.values(), ProtectionLevel::argument, argument)));

        text("REST", argument -> new Command.Rest(number(argument)));
        text("PBSZ", argument -> new Command.Pbsz(number(argument)));
        text("ALLO", CommandParser::allo);
        text("RANG", CommandParser::rang);
        text("MFMT", argument -> timed(argument, Command.Mfmt::new));
        text("MFCT", argument -> timed(argument, Command.Mfct::new));
        VERBS.put("MFF", CommandParser::mff);
    }

    private CommandParser() {}

    /** Every verb that is known, aliases included. */
    public static Set<String> verbs() {
        return Set.copyOf(VERBS.keySet());
    }

    /**
     * Reads one line, without its line end.
     *
     * @throws CommandSyntaxException if it is no command: 500 when there is no verb, 501 for a bad argument, 504 for a
     *     parameter that is not implemented, 522 for a network protocol that is not
     */
    public static Command parse(String line) throws CommandSyntaxException {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String argument = space < 0 ? "" : line.substring(space + 1);
        if (!isVerb(word)) {
            throw new CommandSyntaxException(COMMAND_UNRECOGNIZED_500, "not a command");
        }
        String verb = word.toUpperCase(Locale.ROOT);
        try {
            // Refuses CR, LF and NUL, which the reader of a verb could strip.
            Command unknown = new Command.Unknown(verb, argument);
            Function<String, Command> builder = VERBS.get(verb);
            return builder == null ? unknown : builder.apply(argument);
        } catch (NotImplementedParameter refused) {
            throw new CommandSyntaxException(PARAMETER_NOT_IMPLEMENTED_504, verb + ": " + refused.getMessage());
        } catch (HostPort.UnsupportedProtocolException refused) {
            throw new CommandSyntaxException(NETWORK_PROTOCOL_NOT_SUPPORTED_522, "use (1,2)");
        } catch (IllegalArgumentException malformed) {
            throw new CommandSyntaxException(ARGUMENT_SYNTAX_ERROR_501, verb + ": " + malformed.getMessage());
        }
    }

    /** ASCII only: another script's letter may have an ASCII one for its capital. */
    private static boolean isVerb(String word) {
        return !word.isEmpty()
                && word.length() <= LONGEST_VERB
                && word.chars().allMatch(CommandParser::isAsciiAlphanumeric);
    }

    private static boolean isAsciiAlphanumeric(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static void nothing(String verb, Supplier<Command> command) {
        VERBS.put(verb, argument -> {
            if (!argument.isBlank()) {
                throw new IllegalArgumentException("takes no argument");
            }
            return command.get();
        });
    }

    private static void path(String verb, Function<String, Command> command) {
        VERBS.put(verb, argument -> command.apply(present(argument, "a pathname")));
    }

    private static void text(String verb, Function<String, Command> command) {
        VERBS.put(verb, argument -> command.apply(present(argument.strip(), "an argument")));
    }

    private static String present(String argument, String what) {
        if (argument.isEmpty()) {
            throw new IllegalArgumentException("needs " + what);
        }
        return argument;
    }

    private static long number(String text) {
        if (!isNumber(text)) {
            throw new IllegalArgumentException("not a number from 0 to 2^63-1: \"" + text + "\"");
        }
        return Long.parseLong(text);
    }

    private static boolean isNumber(String text) {
        if (text.isEmpty() || text.length() > 19 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        return text.length() < 19 || text.compareTo(Long.toString(Long.MAX_VALUE)) <= 0;
    }

    private static Command.Epsv.Argument epsv(String argument) {
        for (Command.Epsv.Argument which : Command.Epsv.Argument.values()) {
            if (new Command.Epsv(which).argument().equalsIgnoreCase(argument)) {
                return which;
            }
        }
        if (isNumber(argument)) {
            throw new HostPort.UnsupportedProtocolException(argument);
        }
        throw new IllegalArgumentException("neither a network protocol nor ALL: \"" + argument + "\"");
    }

    private static Command.Sscn.Setting sscn(String argument) {
        for (Command.Sscn.Setting which : Command.Sscn.Setting.values()) {
            if (new Command.Sscn(which).argument().equalsIgnoreCase(argument)) {
                return which;
            }
        }
        throw new IllegalArgumentException("neither ON nor OFF: \"" + argument + "\"");
    }

    private static RepresentationType type(String argument) {
        return switch (argument.replaceAll(" +", " ")) {
            case "A", "A N" -> RepresentationType.ASCII;
            case "E", "E N" -> RepresentationType.EBCDIC;
            case "I" -> RepresentationType.IMAGE;
            case "L 8", "L8" -> RepresentationType.LOCAL_8;
            default -> throw new NotImplementedParameter("no such type: \"" + argument + "\"");
        };
    }

    private static <T> T one(T[] values, Function<T, String> letter, String argument) {
        for (T value : values) {
            if (letter.apply(value).equalsIgnoreCase(argument)) {
                return value;
            }
        }
        throw new NotImplementedParameter("no such parameter: \"" + argument + "\"");
    }

    /** {@code ALLO bytes [R record-size]}: records do not matter here. */
    private static Command allo(String argument) {
        String[] words = argument.split(" +");
        boolean record = words.length == 3 && words[1].equalsIgnoreCase("R") && isNumber(words[2]);
        if (words.length != 1 && !record) {
            throw new IllegalArgumentException("not a number of bytes: \"" + argument + "\"");
        }
        return new Command.Allo(number(words[0]));
    }

    private static Command rang(String argument) {
        String[] words = argument.split(" +");
        if (words.length != 2) {
            throw new IllegalArgumentException("needs the first and the last byte");
        }
        return new Command.Rang(number(words[0]), number(words[1]));
    }

    private interface Timed {
        Command with(Timestamp time, String path);
    }

    private static Command timed(String argument, Timed command) {
        int space = argument.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("needs a time and a pathname");
        }
        String path = present(argument.substring(space + 1), "a pathname");
        return command.with(Timestamp.parse(argument.substring(0, space)), path);
    }

    private static Command mff(String argument) {
        int space = argument.indexOf(' ');
        if (space <= 0 || argument.charAt(space - 1) != ';') {
            throw new IllegalArgumentException("needs fact=value; and a pathname");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (String fact : argument.substring(0, space - 1).split(";", -1)) {
            int equals = fact.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("not fact=value: \"" + fact + "\"");
            }
            facts.put(fact.substring(0, equals), fact.substring(equals + 1));
        }
        return new Command.Mff(facts, present(argument.substring(space + 1), "a pathname"));
    }

    /** A parameter in good form that is not implemented: 504, not 501. */
    private static final class NotImplementedParameter extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        NotImplementedParameter(String message) {
            super(message);
        }
    }
}
