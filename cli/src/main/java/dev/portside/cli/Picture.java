package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.cli.Style.Ink;
import dev.portside.protocol.HostPort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The classical picture of a transfer: the client's lifeline on the left, the server's on the right, one numbered arrow for
 * every connection that is opened and every line that is said, ports where they are listened on and connected.
 *
 * <p>80 columns wide. What is drawn is what happened, in the order in which it is added.
 */
final class Picture {
    static final int WIDTH = 80;

    private static final int CLIENT_COLUMN = 7;
    private static final int SERVER_COLUMN = 72;
    /** Columns between the lifelines. */
    private static final int BETWEEN = SERVER_COLUMN - CLIENT_COLUMN - 1;

    private static final int MAX_BOX = 36;

    enum Side {
        CLIENT,
        SERVER;

        Side other() {
            return this == CLIENT ? SERVER : CLIENT;
        }
    }

    private final Style style;
    private final List<String> lines = new ArrayList<>();
    private int step;
    private String proxy = "";

    Picture(Style style) {
        this.style = style;
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

    /** Heads the picture with the two parties. */
    Picture parties(InetAddress client, InetAddress server) {
        return parties(client, address(server));
    }

    /** The same with a server of which only the proxy knows the address. */
    Picture parties(InetAddress client, String server) {
        String left = address(client);
        String right = Columns.cut(server, MAX_BOX - 4, "~");
        Box clientBox = new Box(CLIENT_COLUMN, Math.max(left.length(), "client".length()) + 4);
        Box serverBox = new Box(SERVER_COLUMN, Math.max(right.length(), "server".length()) + 4);
        lines.add(boxes(clientBox, clientBox.edge(true), serverBox, serverBox.edge(true)));
        lines.add(boxes(
                clientBox, clientBox.text("client", Ink.STRONG), serverBox, serverBox.text("server", Ink.STRONG)));
        lines.add(boxes(clientBox, clientBox.text(left, Ink.FAINT), serverBox, serverBox.text(right, Ink.FAINT)));
        lines.add(boxes(clientBox, clientBox.edge(false), serverBox, serverBox.edge(false)));
        return this;
    }

    private static String boxes(Box left, String leftPart, Box right, String rightPart) {
        return " ".repeat(left.start()) + leftPart + " ".repeat(right.start() - left.start() - left.width) + rightPart;
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
        String mark = style.paint(Ink.LISTEN, style.draw(Glyph.LISTENS));
        String listens = side == Side.CLIENT && !proxy.isEmpty() ? "the proxy listens" : "listens";
        String label = style.paint(Ink.LISTEN, listens);
        String line = style.draw(Glyph.LIFELINE);
        String gap = " ".repeat(BETWEEN - 1 - listens.length());
        lines.add(
                side == Side.CLIENT
                        ? left(port(port)) + mark + " " + label + gap + line
                        : left("") + line + gap + label + " " + mark + " " + port(port));
        return this;
    }

    /** What stands left of the client's lifeline. */
    private static String left(String label) {
        return Columns.right(label, CLIENT_COLUMN - 1) + " ";
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
        String number = number();
        String label = Columns.cut("data connection: " + outcome, BETWEEN - 10 - number.length(), ellipsis());
        String broken = style.draw(Glyph.BROKEN);
        int fill = BETWEEN - 6 - number.length() - Columns.width(label) - Columns.width(broken);
        String line = style.draw(Glyph.DOUBLE);
        String end = style.draw(Glyph.LIFELINE);
        String inner = from == Side.CLIENT
                ? line.repeat(2) + " " + number + " " + label + " " + line.repeat(fill - 2) + broken + " ".repeat(3)
                : " ".repeat(3) + broken + line.repeat(2) + " " + number + " " + label + " " + line.repeat(fill - 2);
        String crossing = end + style.paint(Ink.FAILURE, Columns.left(inner, BETWEEN)) + end;
        lines.add(
                from == Side.CLIENT
                        ? left("") + crossing + " " + style.paint(Ink.FAILURE, port(port))
                        : style.paint(Ink.FAILURE, left(port(port))) + crossing);
        return this;
    }

    /** The bytes of a listing or a file cross the data connection. */
    Picture bytes(Side from, String what) {
        return arrow(from, what, Glyph.DOUBLE, Ink.DATA, "", "", false);
    }

    /** A piece of the lifelines with nothing on it. */
    Picture space() {
        String line = style.draw(Glyph.LIFELINE);
        lines.add(left("") + line + " ".repeat(BETWEEN) + line);
        return this;
    }

    private Picture arrow(
            Side from, String what, Glyph glyph, Ink ink, String clientPort, String serverPort, boolean connects) {
        String number = number();
        String label = Columns.cut(what, BETWEEN - 9 - number.length(), ellipsis());
        String line = style.draw(glyph);
        int fill = BETWEEN - 5 - number.length() - Columns.width(label) - 1;
        boolean toRight = from == Side.CLIENT;
        String inner = (toRight ? line.repeat(2) : style.draw(Glyph.TO_LEFT) + line)
                + " "
                + number
                + " "
                + label
                + " "
                + line.repeat(fill)
                + (toRight ? style.draw(Glyph.TO_RIGHT) : line);
        String end = connects ? style.paint(ink, style.draw(Glyph.ENDPOINT)) : style.draw(Glyph.LIFELINE);
        lines.add((left(clientPort) + end + style.paint(ink, inner) + end + " " + serverPort).stripTrailing());
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

    private static String address(InetAddress address) {
        String text = HostPort.numeric(address);
        return Columns.cut(address instanceof Inet6Address ? "[" + text + "]" : text, MAX_BOX - 4, "~");
    }

    /** A box around a name, with its foot on a lifeline. */
    private final class Box {
        private final int foot;
        private final int width;

        Box(int foot, int width) {
            this.foot = foot;
            this.width = width;
        }

        int start() {
            return Math.clamp(foot - width / 2, 0, WIDTH - width);
        }

        String edge(boolean top) {
            String line = style.draw(Glyph.THIN);
            int beforeFoot = foot - start() - 1;
            return top
                    ? style.draw(Glyph.BOX_TOP_LEFT) + line.repeat(width - 2) + style.draw(Glyph.BOX_TOP_RIGHT)
                    : style.draw(Glyph.BOX_BOTTOM_LEFT)
                            + line.repeat(beforeFoot)
                            + style.draw(Glyph.BOX_FOOT)
                            + line.repeat(width - 3 - beforeFoot)
                            + style.draw(Glyph.BOX_BOTTOM_RIGHT);
        }

        String text(String text, Ink ink) {
            String side = style.draw(Glyph.LIFELINE);
            int before = (width - 2 - text.length()) / 2;
            int after = width - 2 - text.length() - before;
            return side + " ".repeat(before) + style.paint(ink, text) + " ".repeat(after) + side;
        }
    }
}
