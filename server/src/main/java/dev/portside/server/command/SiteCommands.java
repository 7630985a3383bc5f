package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.Timestamp;
import dev.portside.server.control.Session;
import dev.portside.server.storage.VirtualPath;
import dev.portside.transport.Addresses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SITE HELP, CHMOD, UTIME, IDLE and SEEN (RFC 959 section 4.1.3: services of this server). */
public final class SiteCommands {
    private static final int SHORTEST_IDLE_SECONDS = 10;

    /** {@code UTIME 20240105123456 name}; the seconds may be missing. */
    private static final Pattern TIME_FIRST = Pattern.compile("(\\d{12}(?:\\d{2})?) (.+)");

    /** {@code UTIME name accessed modified created UTC}. */
    private static final Pattern NAME_FIRST = Pattern.compile("(.+) \\d{14} (\\d{14}) \\d{14} UTC");

    private SiteCommands() {}

    public static Reply site(Session session, Command.Site site) throws IOException {
        String[] words = site.parameters().split(" ", 2);
        String argument = words.length == 1 ? "" : words[1];
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "HELP" -> help(session);
            case "CHMOD" -> changeMode(session, argument);
            case "UTIME" -> setTime(session, argument);
            case "IDLE" -> idle(session, argument);
            case "SEEN" -> seen(session);
            default -> unknown();
        };
    }

    private static Reply unknown() {
        return new Reply(ReplyCode.PARAMETER_NOT_IMPLEMENTED_504, "SITE HELP tells what there is");
    }

    static Reply help(Session session) {
        List<String> lines = new ArrayList<>();
        lines.add("SITE commands:");
        lines.add(" SITE CHMOD mode pathname");
        lines.add(" SITE HELP");
        lines.add(" SITE IDLE [seconds]");
        if (session.options().network().siteSeen()) {
            lines.add(" SITE SEEN");
        }
        lines.add(" SITE UTIME YYYYMMDDhhmm[ss] pathname");
        lines.add("End");
        return new Reply(ReplyCode.HELP_214, lines);
    }

    /** SITE SEEN: the addresses at this end, for a client that asks what a gateway has made of them. */
    private static Reply seen(Session session) {
        if (!session.options().network().siteSeen()) {
            return unknown();
        }
        List<String> lines = new ArrayList<>();
        lines.add("Seen:");
        lines.add(" client=" + Addresses.text(session.remoteAddress()));
        lines.add(" server=" + Addresses.text(session.control().localAddress()));
        session.seen().lines().forEach(line -> lines.add(" " + line));
        lines.add("End");
        return new Reply(ReplyCode.SYSTEM_STATUS_211, lines);
    }

    private static Reply changeMode(Session session, String argument) throws IOException {
        int space = argument.indexOf(' ');
        if (space < 0) {
            return usage("SITE CHMOD mode pathname");
        }
        int mode;
        try {
            mode = FileSystemCommands.mode(argument.substring(0, space));
        } catch (IllegalArgumentException malformed) {
            return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "SITE CHMOD: " + malformed.getMessage());
        }
        session.store().setPermissions(session.resolve(argument.substring(space + 1)), mode);
        return new Reply(ReplyCode.COMMAND_OKAY_200, "Mode changed");
    }

    private static Reply setTime(Session session, String argument) throws IOException {
        Matcher timeFirst = TIME_FIRST.matcher(argument);
        Matcher nameFirst = NAME_FIRST.matcher(argument);
        boolean swapped = nameFirst.matches();
        if (!swapped && !timeFirst.matches()) {
            return usage("SITE UTIME YYYYMMDDhhmm[ss] pathname");
        }
        String digits = swapped ? nameFirst.group(2) : timeFirst.group(1);
        VirtualPath path = session.resolve(swapped ? nameFirst.group(1) : timeFirst.group(2));
        Timestamp time;
        try {
            time = Timestamp.parse(digits.length() == 12 ? digits + "00" : digits);
        } catch (IllegalArgumentException malformed) {
            return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "SITE UTIME: " + malformed.getMessage());
        }
        session.store().setModified(path, time.instant());
        return new Reply(ReplyCode.COMMAND_OKAY_200, "Time changed");
    }

    private static Reply idle(Session session, String argument) {
        long most = session.options().maxIdleTimeout().toSeconds();
        if (argument.isBlank()) {
            return new Reply(
                    ReplyCode.COMMAND_OKAY_200,
                    "Idle timeout is " + session.idleTimeout().toSeconds() + " seconds, at most " + most);
        }
        String digits = argument.strip();
        if (!digits.matches("\\d{1,9}")) {
            return usage("SITE IDLE [seconds]");
        }
        long seconds = Long.parseLong(digits);
        if (seconds < SHORTEST_IDLE_SECONDS || seconds > most) {
            return new Reply(
                    ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "SITE IDLE: from " + SHORTEST_IDLE_SECONDS + " to " + most);
        }
        session.idleTimeout(Duration.ofSeconds(seconds));
        return new Reply(ReplyCode.COMMAND_OKAY_200, "Idle timeout is " + seconds + " seconds");
    }

    private static Reply usage(String form) {
        return new Reply(ReplyCode.ARGUMENT_SYNTAX_ERROR_501, "Use " + form);
    }
}
