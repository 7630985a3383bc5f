package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.cli.Style.Ink;
import dev.portside.protocol.HostPort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classical picture of a transfer: the client's lifeline on the left, the server's on the right, one numbered arrow for
 * every connection that is opened and every line that is said, ports where they are listened on and connected. On request
 * with the lifelines of both gateways between them.
 *
 * <p>80 columns wide. What is drawn is what happened, in the order in which it is added.
 */
final class Picture {
    static final int WIDTH = 80;

    private static final int CLIENT_COLUMN = 7;
    private static final int SERVER_COLUMN = 72;
    private static final int CLIENT_GATEWAY_COLUMN = 26;
    private static final int SERVER_GATEWAY_COLUMN = 53;
    /** Columns between the lifelines. */
    private static final int BETWEEN = SERVER_COLUMN - CLIENT_COLUMN - 1;

    /** The widest line of a remark. */
    private static final int REMARK = BETWEEN - 7;

    private static final int MAX_REMARK_LINES = 3;

    private static final int MAX_BOX = 36;
    /** A box beside those of the gateways: wide enough for any IPv4 address. */
    private static final int MAX_BOX_BESIDE_GATEWAY = 19;

    enum Side {
        CLIENT,
        SERVER;

        Side other() {
            return this == CLIENT ? SERVER : CLIENT;
        }
    }

    /** How far a connection came that was stopped, in columns. */
    enum Stop {
        CLIENT(CLIENT_COLUMN),
        CLIENT_GATEWAY(CLIENT_GATEWAY_COLUMN),
        SERVER_GATEWAY(SERVER_GATEWAY_COLUMN),
        SERVER(SERVER_COLUMN);

        private final int column;

        Stop(int column) {
            this.column = column;
        }
    }

    private final Style style;
    private final int[] gateways;
    private final List<String> lines = new ArrayList<>();
    private int step;
    private String proxy = "";

    Picture(Style style) {
        this(style, false);
    }

    /** @param gateways whether there are lifelines for the client's and for the server's gateway */
    Picture(Style style, boolean gateways) {
        this.style = style;
        this.gateways = gateways ? new int[] {CLIENT_GATEWAY_COLUMN, SERVER_GATEWAY_COLUMN} : new int[0];
    }

    /** The picture so far, one string a line. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Every connection goes through this proxy. */
    Picture through(String name) {
        proxy = name;
        return this;
    }

    /** Heads the picture with the parties. */
    Picture parties(InetAddress client, InetAddress server) {
        return parties(address(client), address(server));
    }

    /** Heads the picture with the parties, by their addresses in words. */
    Picture parties(String client, String server) {
        boolean between = gateways.length > 0;
        int most = between ? MAX_BOX_BESIDE_GATEWAY : MAX_BOX;
        boolean outside = Columns.width(client) > most - 4 || Columns.width(server) > most - 4;
        if (outside && between) {
            add(new PictureRow(style).put(0, client, Ink.FAINT).putBefore(WIDTH, server, Ink.FAINT));
        }
        List<Box> boxes = new ArrayList<>();
        boxes.add(new Box(CLIENT_COLUMN, most, "client", outside && between ? "" : Columns.cut(client, most - 4, "~")));
        if (between) {
            boxes.add(new Box(CLIENT_GATEWAY_COLUMN, most, "client's", "gateway"));
            boxes.add(new Box(SERVER_GATEWAY_COLUMN, most, "server's", "gateway"));
        }
        boxes.add(new Box(SERVER_COLUMN, most, "server", outside && between ? "" : Columns.cut(server, most - 4, "~")));
        for (int row = 0; row < Box.ROWS; row++) {
            PictureRow line = new PictureRow(style);
            for (Box box : boxes) {
                box.put(line, row);
            }
            add(line);
        }
        return this;
    }

    /** The client connects to the server: the control connection. */
    Picture control(int clientPort, int serverPort) {
        return arrow(
                Side.CLIENT,
                "opens the control connection" + (proxy.isEmpty() ? "" : ", through " + proxy),
                Glyph.HEAVY,
                Ink.CONTROL,
                port(clientPort),
                port(serverPort),
                true);
    }

    /** A command or a reply on the control connection. */
    Picture say(Side from, String line) {
        return arrow(from, line, Glyph.THIN, Ink.CONTROL, "", "", false);
    }

    /** One side listens for the data connection. */
    Picture listen(Side side, int port) {
        PictureRow row = lifelines();
        int column = side == Side.CLIENT ? CLIENT_COLUMN : SERVER_COLUMN;
        String listens = side == Side.CLIENT && !proxy.isEmpty() ? "the proxy listens" : "listens";
        row.put(column, Glyph.LISTENS, Ink.LISTEN);
        if (side == Side.CLIENT) {
            row.put(column + 2, listens, Ink.LISTEN);
        } else {
            row.putBefore(column - 1, listens, Ink.LISTEN);
        }
        return add(ports(row, side == Side.CLIENT ? port(port) : "", side == Side.SERVER ? port(port) : "", null));
    }

    /** One side connects to the other: the data connection. */
    Picture data(Side from, int clientPort, int serverPort) {
        return arrow(
                from,
                "opens the data connection" + (proxy.isEmpty() ? "" : ", through the proxy"),
                Glyph.DOUBLE,
                Ink.DATA,
                port(clientPort),
                port(serverPort),
                true);
    }

    /** A connection becomes a TLS connection, which the client begins on both. */
    Picture handshake(boolean dataConnection, String what) {
        Glyph line = dataConnection ? Glyph.DOUBLE : Glyph.HEAVY;
        return arrow(Side.CLIENT, what, line, dataConnection ? Ink.DATA : Ink.CONTROL, "", "", false);
    }

    /** One side tried to connect to the other, and this is what happened. */
    Picture failed(Side from, int port, String outcome) {
        PictureRow row = lifelines();
        String number = number();
        String label = Columns.cut("data connection: " + outcome, BETWEEN - 10 - number.length(), ellipsis());
        boolean toRight = from == Side.CLIENT;
        int first = toRight ? CLIENT_COLUMN + 1 : CLIENT_COLUMN + 5;
        int last = toRight ? SERVER_COLUMN - 5 : SERVER_COLUMN - 1;
        row.line(first, last, Glyph.DOUBLE, Glyph.DOUBLE_CROSSING, Ink.FAILURE);
        row.put(first + 2, " " + number + " " + label + " ", Ink.FAILURE);
        row.put(toRight ? last + 1 : first - 1, Glyph.BROKEN, Ink.FAILURE);
        return add(ports(row, toRight ? "" : port(port), toRight ? port(port) : "", Ink.FAILURE));
    }

    /**
     * A connection that was to be made, or lived, and was stopped.
     *
     * @param from who connects
     * @param at how far it came
     * @param clientPort the client's port, 0 if nobody knows it
     * @param serverPort the server's port, 0 if nobody knows it
     */
    Picture stopped(Side from, Stop at, boolean dataConnection, String outcome, int clientPort, int serverPort) {
        PictureRow row = lifelines();
        Glyph line = dataConnection ? Glyph.DOUBLE : Glyph.HEAVY;
        Glyph crossing = dataConnection ? Glyph.DOUBLE_CROSSING : Glyph.HEAVY_CROSSING;
        boolean toRight = from == Side.CLIENT;
        // The last column that still belongs to the way, beside the lifeline of who connects or connects back.
        int end = Math.clamp(at.column, CLIENT_COLUMN + 1, SERVER_COLUMN - 1);
        int first = toRight ? CLIENT_COLUMN + 1 : end;
        int last = toRight ? end : SERVER_COLUMN - 1;
        row.line(first, last, line, crossing, Ink.FAILURE);
        row.put(toRight ? last : first, Glyph.BROKEN, Ink.FAILURE);
        String number = number();
        boolean inside = last - first > BETWEEN / 2;
        int room = inside ? last - first - 5 : BETWEEN - (last - first) - 6;
        boolean fits = number.length() + 1 + Columns.width(outcome) <= room;
        String label = " " + number + " " + (fits ? outcome : dataConnection ? "data" : "control") + " ";
        if (inside) {
            row.put(toRight ? first + 2 : first + 3, label, Ink.FAILURE);
        } else if (toRight) {
            row.put(last + 1, label, Ink.FAILURE);
        } else {
            row.putBefore(first, label, Ink.FAILURE);
        }
        add(ports(row, clientPort == 0 ? "" : port(clientPort), serverPort == 0 ? "" : port(serverPort), Ink.FAILURE));
        return fits ? this : remark(outcome, Ink.FAILURE);
    }

    /** The bytes of a listing or a file cross the data connection. */
    Picture bytes(Side from, String what) {
        return arrow(from, what, Glyph.DOUBLE, Ink.DATA, "", "", false);
    }

    /** A line that may be too long for its arrow, and goes on below. */
    Picture sayAll(Side from, String line) {
        List<String> parts = Columns.wrap(line, BETWEEN - 11, 2, "");
        if (parts.size() == 1) {
            return say(from, line);
        }
        say(from, parts.getFirst());
        return remark(line.substring(parts.getFirst().length()).strip(), Ink.CONTROL);
    }

    /** A piece of the lifelines with nothing on it. */
    Picture space() {
        return add(lifelines());
    }

    /** A piece of the lifelines on which something is left out. */
    Picture leftOut(String what) {
        return remark(ellipsis() + " " + what, Ink.FAINT);
    }

    /** A remark to what stands above, in lines as wide as the picture allows. */
    private Picture remark(String text, Ink ink) {
        for (String line : Columns.wrap(text, REMARK, MAX_REMARK_LINES, ellipsis())) {
            add(lifelines().put(SERVER_COLUMN - REMARK - 2, " " + line + " ", ink));
        }
        return this;
    }

    private Picture arrow(
            Side from, String what, Glyph glyph, Ink ink, String clientPort, String serverPort, boolean connects) {
        String number = number();
        String label = Columns.cut(what, BETWEEN - 9 - number.length(), ellipsis());
        PictureRow row = lifelines();
        row.line(CLIENT_COLUMN + 1, SERVER_COLUMN - 1, glyph, crossing(glyph), ink);
        row.put(CLIENT_COLUMN + 3, " " + number + " " + label + " ", ink);
        boolean toRight = from == Side.CLIENT;
        row.put(toRight ? SERVER_COLUMN - 1 : CLIENT_COLUMN + 1, toRight ? Glyph.TO_RIGHT : Glyph.TO_LEFT, ink);
        if (connects) {
            row.put(CLIENT_COLUMN, Glyph.ENDPOINT, ink).put(SERVER_COLUMN, Glyph.ENDPOINT, ink);
        }
        return add(ports(row, clientPort, serverPort, null));
    }

    private static Glyph crossing(Glyph line) {
        return switch (line) {
            case DOUBLE -> Glyph.DOUBLE_CROSSING;
            case HEAVY -> Glyph.HEAVY_CROSSING;
            default -> Glyph.CROSSING;
        };
    }

    private PictureRow lifelines() {
        PictureRow row =
                new PictureRow(style).put(CLIENT_COLUMN, Glyph.LIFELINE, null).put(SERVER_COLUMN, Glyph.LIFELINE, null);
        for (int gateway : gateways) {
            row.put(gateway, Glyph.LIFELINE, null);
        }
        return row;
    }

    /** What stands left of the client's lifeline, and right of the server's. */
    private static PictureRow ports(PictureRow row, String client, String server, @Nullable Ink ink) {
        return row.putBefore(CLIENT_COLUMN - 1, client, ink).put(SERVER_COLUMN + 2, server, ink);
    }

    private Picture add(PictureRow row) {
        lines.add(row.text());
        return this;
    }

    private String number() {
        step++;
        return Columns.right(Integer.toString(step), 2);
    }

    private String ellipsis() {
        return style.draw(Glyph.ELLIPSIS);
    }

    private static String port(int port) {
        return ":" + port;
    }

    /** An address as it stands in a box. */
    static String address(InetAddress address) {
        String text = HostPort.numeric(address);
        return Columns.cut(address instanceof Inet6Address ? "[" + text + "]" : text, MAX_BOX - 4, "~");
    }

    /** A box around two words, with its foot on a lifeline. */
    private static final class Box {
        static final int ROWS = 4;

        private final int foot;
        private final int width;
        private final int start;
        private final String name;
        private final String below;

        Box(int foot, int most, String name, String below) {
            this.foot = foot;
            this.name = name;
            this.below = below;
            this.width = Math.min(most, Math.max(Columns.width(below), Columns.width(name)) + 4);
            this.start = Math.clamp(foot - width / 2, 0, WIDTH - width);
        }

        void put(PictureRow row, int which) {
            int end = start + width - 1;
            switch (which) {
                case 0 -> edge(row, end, Glyph.BOX_TOP_LEFT, Glyph.BOX_TOP_RIGHT);
                case 1 -> text(row, end, name, Ink.STRONG);
                case 2 -> text(row, end, below, Ink.FAINT);
                default -> {
                    edge(row, end, Glyph.BOX_BOTTOM_LEFT, Glyph.BOX_BOTTOM_RIGHT);
                    row.put(foot, Glyph.BOX_FOOT, null);
                }
            }
        }

        private void edge(PictureRow row, int end, Glyph left, Glyph right) {
            row.line(start + 1, end - 1, Glyph.THIN, Glyph.THIN, null)
                    .put(start, left, null)
                    .put(end, right, null);
        }

        private void text(PictureRow row, int end, String text, Ink ink) {
            row.put(start, Glyph.LIFELINE, null).put(end, Glyph.LIFELINE, null);
            row.put(start + 1 + (width - 2 - Columns.width(text)) / 2, text, ink);
        }
    }
}
