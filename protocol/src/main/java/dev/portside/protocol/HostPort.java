package dev.portside.protocol;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address and port of a data connection, in the four forms that FTP has for it: the arguments of PORT (RFC 959 section
 * 5.3.2) and EPRT (RFC 2428 section 2) and the texts of replies 227 and 229.
 *
 * <p>What a server parses is read strictly. What a client reads from a server's reply is read tolerantly, because servers
 * differ. An IPv6 address that wraps an IPv4 address is that IPv4 address.
 *
 * @param address a numeric address; names are never looked up
 * @param port 1 to 65535
 */
public record HostPort(InetAddress address, int port) {
    private static final Pattern SIX_NUMBERS =
            Pattern.compile("(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3})");
    private static final Pattern SIX_NUMBERS_SPACED = Pattern.compile(
            "(?<!\\d)(\\d{1,3}) ?, ?(\\d{1,3}) ?, ?(\\d{1,3}) ?, ?(\\d{1,3}) ?, ?(\\d{1,3}) ?, ?(\\d{1,3})(?!\\d)");
    private static final Pattern DOTTED_DECIMAL = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    /** No brackets, no zone: the rest is for the JDK to judge. */
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private static final Pattern EXTENDED_PASSIVE = Pattern.compile("([\\x21-\\x2f\\x3a-\\x7e])\\1\\1(\\d{1,5})\\1");

    public HostPort {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port (1-65535): " + port);
        }
    }

    /**
     * Reads the argument of PORT, {@code h1,h2,h3,h4,p1,p2}.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static HostPort parsePort(String argument) {
        Matcher numbers = SIX_NUMBERS.matcher(argument);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("not h1,h2,h3,h4,p1,p2: \"" + argument + "\"");
        }
        return sixNumbers(numbers);
    }

    /**
     * Finds the six numbers in the text of a 227 reply, with or without parentheses (RFC 1123 section 4.1.2.6).
     *
     * @throws IllegalArgumentException if there are none
     */
    public static HostPort parsePassive(String text) {
        Matcher numbers = SIX_NUMBERS_SPACED.matcher(text);
        if (!numbers.find()) {
            throw new IllegalArgumentException("no address h1,h2,h3,h4,p1,p2 in \"" + text + "\"");
        }
        return sixNumbers(numbers);
    }

    private static HostPort sixNumbers(Matcher numbers) {
        int[] value = new int[6];
        for (int i = 0; i < 6; i++) {
            value[i] = Integer.parseInt(numbers.group(i + 1));
            if (value[i] > 255) {
                throw new IllegalArgumentException("a number above 255 in \"" + numbers.group() + "\"");
            }
        }
        byte[] address = {(byte) value[0], (byte) value[1], (byte) value[2], (byte) value[3]};
        try {
            return new HostPort(InetAddress.getByAddress(address), value[4] << 8 | value[5]);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /**
     * Finds the port in the text of a 229 reply: {@code (|||port|)} with any delimiter, with or without parentheses (RFC
     * 2428 section 3).
     *
     * @throws IllegalArgumentException if there is none
     */
    public static int parseExtendedPassive(String text) {
        Matcher found = EXTENDED_PASSIVE.matcher(text);
        if (found.find()) {
            int port = Integer.parseInt(found.group(2));
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw new IllegalArgumentException("no port (|||port|) in \"" + text + "\"");
    }

    /**
     * Reads the argument of EPRT, {@code |protocol|address|port|} with any delimiter from {@code !} to {@code ~}.
     *
     * @throws UnsupportedProtocolException if the protocol is neither 1 nor 2
     * @throws IllegalArgumentException if it is not such an argument
     */
    public static HostPort parseEprt(String argument) {
        if (argument.length() < 2 || argument.charAt(0) < '!' || argument.charAt(0) > '~') {
            throw new IllegalArgumentException("not |protocol|address|port|: \"" + argument + "\"");
        }
        String[] parts = argument.split(Pattern.quote(argument.substring(0, 1)), -1);
        if (parts.length != 5 || !parts[4].isEmpty() || !parts[3].matches("\\d{1,5}")) {
            throw new IllegalArgumentException("not |protocol|address|port|: \"" + argument + "\"");
        }
        if (!parts[1].equals("1") && !parts[1].equals("2")) {
            throw new UnsupportedProtocolException(parts[1]);
        }
        boolean six = parts[1].equals("2");
        if (!(six ? IPV6_CHARACTERS : DOTTED_DECIMAL).matcher(parts[2]).matches()) {
            throw new IllegalArgumentException("the address is not one of protocol " + parts[1] + ": " + parts[2]);
        }
        InetAddress address = six ? Inet6Address.ofLiteral(parts[2]) : Inet4Address.ofLiteral(parts[2]);
        return new HostPort(address, Integer.parseInt(parts[3]));
    }

    /** The network protocol of EPRT or EPSV is none that we speak: reply 522. */
    public static final class UnsupportedProtocolException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnsupportedProtocolException(String protocol) {
            super("network protocol " + protocol + " is neither 1 (IPv4) nor 2 (IPv6)");
        }
    }

    /**
     * The six numbers of PORT and 227.
     *
     * @throws IllegalArgumentException if the address is not IPv4
     */
    public String portArgument() {
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException("PORT and 227 can name IPv4 addresses only: " + numeric(address));
        }
        return address.getHostAddress().replace('.', ',') + "," + (port >> 8) + "," + (port & 0xff);
    }

    /** The argument of EPRT. */
    public String eprtArgument() {
        return "|" + (address instanceof Inet6Address ? 2 : 1) + "|" + numeric(address) + "|" + port + "|";
    }

    /** The address in digits, IPv6 in the short form of RFC 5952, without its zone. */
    public static String numeric(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        int[] groups = groups(address.getAddress());
        int start = 0;
        int zeros = 0;
        for (int i = 0; i < groups.length; i++) {
            int run = zerosFrom(groups, i);
            if (run > zeros) {
                start = i;
                zeros = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (zeros > 1 && i == start) {
                text.append("::");
                i += zeros - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static int[] groups(byte[] address) {
        int[] groups = new int[address.length / 2];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = ((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff);
        }
        return groups;
    }

    private static int zerosFrom(int[] groups, int from) {
        int end = from;
        while (end < groups.length && groups[end] == 0) {
            end++;
        }
        return end - from;
    }

    /** {@code 192.0.2.1:50000} or {@code [2001:db8::1]:50000}. */
    @Override
    public String toString() {
        return address instanceof Inet6Address ? "[" + numeric(address) + "]:" + port : numeric(address) + ":" + port;
    }
}
