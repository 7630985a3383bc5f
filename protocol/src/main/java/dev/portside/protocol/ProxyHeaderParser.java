package dev.portside.protocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Reads a {@link ProxyHeader} as its bytes come, and asks for none that belong to what is behind it.
 *
 * <p>Strict: a header that is not exactly as the specification has it is refused, because what it says is believed. Of
 * version 2 the addresses of TCP over IPv4 and IPv6 are read, and its TLVs skipped.
 */
public final class ProxyHeaderParser {
    /** Of version 1, the end of the line included. */
    public static final int MAX_LINE = 107;
    /** Of version 2, TLVs included; what proxies add are names and certificates' subjects. */
    public static final int MAX_LENGTH = 4096;

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final byte[] VERSION_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int FIXED = SIGNATURE.length + 4;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNSPECIFIED = 0x00;

    private static final Pattern DOTTED = Pattern.compile("(?:(?:0|[1-9]\\d{0,2})(?:\\.(?!$)|$)){4}");
    private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");

    private byte[] taken = new byte[0];
    private ProxyHeader header = ProxyHeader.LOCAL;
    private int wanted = SIGNATURE.length;

    public ProxyHeaderParser() {}

    /** How many bytes are to be given next: they belong to the header, however it goes on. 0 when it is complete. */
    public int wanted() {
        return wanted;
    }

    /**
     * Takes the next bytes.
     *
     * @param bytes as many as were {@link #wanted}
     * @throws IllegalArgumentException if this is no header that can be read; says why
     */
    public void take(byte[] bytes) {
        if (bytes.length != wanted) {
            throw new IllegalStateException(wanted + " bytes were wanted, not " + bytes.length);
        }
        int before = taken.length;
        taken = Arrays.copyOf(taken, before + bytes.length);
        System.arraycopy(bytes, 0, taken, before, bytes.length);
        if (startsWith(SIGNATURE)) {
            takeVersion2();
        } else if (startsWith(VERSION_1)) {
            takeVersion1();
        } else {
            throw new IllegalArgumentException("no PROXY header");
        }
    }

    /** The header, once nothing more is wanted. */
    public ProxyHeader header() {
        if (wanted > 0) {
            throw new IllegalStateException("the header is not complete");
        }
        return header;
    }

    private boolean startsWith(byte[] start) {
        return taken.length >= start.length && Arrays.equals(taken, 0, start.length, start, 0, start.length);
    }

    // Version 1: a line

    private void takeVersion1() {
        wanted = 1;
        if (taken[taken.length - 1] != '\n') {
            if (taken.length == MAX_LINE) {
                throw new IllegalArgumentException("a PROXY line of more than " + MAX_LINE + " bytes");
            }
            return;
        }
        String line = new String(taken, StandardCharsets.ISO_8859_1);
        if (!line.endsWith("\r\n") || line.indexOf('\r') != line.length() - 2) {
            throw new IllegalArgumentException("a PROXY line that does not end in CR LF");
        }
        wanted = 0;
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return;
        }
        boolean six = words[1].equals("TCP6");
        if (words.length != 6 || !(six || words[1].equals("TCP4"))) {
            throw new IllegalArgumentException("a PROXY line that is not TCP4 or TCP6, two addresses and two ports");
        }
        header = header(end(address(words[2], six), port(words[4])), end(address(words[3], six), port(words[5])));
    }

    private static InetAddress address(String digits, boolean six) {
        try {
            if ((six ? COLONS : DOTTED).matcher(digits).matches()) {
                return InetAddress.ofLiteral(digits);
            }
        } catch (IllegalArgumentException tooLarge) {
            // Not one either.
        }
        throw new IllegalArgumentException("a PROXY line with an address that is none");
    }

    private static int port(String digits) {
        if (!PORT.matcher(digits).matches()) {
            throw new IllegalArgumentException("a PROXY line with a port that is none");
        }
        return Integer.parseInt(digits);
    }

    private static HostPort end(InetAddress address, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a PROXY header with a port that is none");
        }
        return new HostPort(address, port);
    }

    // Version 2: binary

    private void takeVersion2() {
        if (taken.length < FIXED) {
            wanted = FIXED - taken.length;
            return;
        }
        int version = (taken[12] & 0xff) >> 4;
        int command = taken[12] & 0xf;
        int protocol = taken[13] & 0xff;
        int length = unsigned(14);
        if (version != 2 || command > 1) {
            throw new IllegalArgumentException("a PROXY header of another version than 2, or of another command");
        }
        if (length > MAX_LENGTH - FIXED) {
            throw new IllegalArgumentException("a PROXY header of more than " + MAX_LENGTH + " bytes");
        }
        boolean local = command == 0 || protocol == UNSPECIFIED;
        if (!local && protocol != TCP4 && protocol != TCP6) {
            throw new IllegalArgumentException("a PROXY header of another protocol than TCP");
        }
        int addressLength = protocol == TCP4 ? 4 : 16;
        if (!local && length < 2 * addressLength + 4) {
            throw new IllegalArgumentException("a PROXY header that is too short for its addresses");
        }
        wanted = FIXED + length - taken.length;
        if (wanted == 0 && !local) {
            int ports = FIXED + 2 * addressLength;
            header = header(
                    end(address(FIXED, addressLength), unsigned(ports)),
                    end(address(FIXED + addressLength, addressLength), unsigned(ports + 2)));
        }
    }

    private int unsigned(int at) {
        return (taken[at] & 0xff) << 8 | (taken[at + 1] & 0xff);
    }

    private InetAddress address(int at, int length) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(taken, at, at + length));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ProxyHeader header(HostPort source, HostPort destination) {
        InetAddress client = source.address();
        if (client.getAddress().length != destination.address().getAddress().length) {
            throw new IllegalArgumentException("a PROXY header with addresses of two protocols");
        }
        if (client.isAnyLocalAddress() || client.isMulticastAddress()) {
            throw new IllegalArgumentException("a PROXY header with an address that no client has");
        }
        return new ProxyHeader(source, destination);
    }
}
