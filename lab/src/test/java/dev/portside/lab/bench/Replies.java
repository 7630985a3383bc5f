package dev.portside.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The replies of a control connection, read where they lie: no garbage but for a text that somebody asks for. */
final class Replies {
    private static final int CODE = 3;

    private final Connection control;
    private final MemorySegment buffer;
    private int start;
    private int end;
    /** The last line of the last reply, without its end. */
    private int line;

    private int lineEnd;

    Replies(Connection control, MemorySegment buffer) {
        this.control = control;
        this.buffer = buffer;
    }

    /** Waits for a reply, also one of several lines, and returns its code. */
    int next() throws IOException {
        nextLine();
        int code = code();
        if (code < 0) {
            throw new IOException("not a reply: " + text());
        }
        if (lineEnd - line > CODE && at(line + CODE) == '-') {
            do {
                nextLine();
            } while (code() != code || (lineEnd - line > CODE && at(line + CODE) != ' '));
        }
        return code;
    }

    /** The last line of the last reply. */
    String text() {
        byte[] bytes = buffer.asSlice(line, lineEnd - line).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The port of {@code 227 ... (h1,h2,h3,h4,p1,p2)}; the host is that of the control connection. */
    int passivePort() throws IOException {
        int position = line + CODE;
        int previous = 0;
        int number = 0;
        for (int numbers = 0; numbers < 6; numbers++) {
            while (position < lineEnd && !digit(position)) {
                position++;
            }
            previous = number;
            number = number(position);
            while (position < lineEnd && digit(position)) {
                position++;
            }
        }
        return port(previous << 8 | number);
    }

    /** The port of {@code 229 ... (|||port|)}. */
    int extendedPort() throws IOException {
        int position = line + CODE;
        while (position < lineEnd && at(position) != '(') {
            position++;
        }
        while (position < lineEnd && !digit(position)) {
            position++;
        }
        return port(number(position));
    }

    private int port(int port) throws IOException {
        if (port <= 0 || port > 0xffff) {
            throw new IOException("no port: " + text());
        }
        return port;
    }

    private int number(int position) {
        int number = 0;
        for (int i = position; i < lineEnd && digit(i) && number <= 0xffff; i++) {
            number = 10 * number + at(i) - '0';
        }
        return number;
    }

    private int code() {
        boolean starts = lineEnd - line >= CODE && digit(line) && digit(line + 1) && digit(line + 2);
        return starts ? 100 * (at(line) - '0') + 10 * (at(line + 1) - '0') + at(line + 2) - '0' : -1;
    }

    private boolean digit(int position) {
        return at(position) >= '0' && at(position) <= '9';
    }

    private byte at(int position) {
        return buffer.get(JAVA_BYTE, position);
    }

    private void nextLine() throws IOException {
        int searched = start;
        while (true) {
            for (; searched < end; searched++) {
                if (at(searched) == '\n') {
                    line = start;
                    lineEnd = searched > start && at(searched - 1) == '\r' ? searched - 1 : searched;
                    start = searched + 1;
                    return;
                }
            }
            searched -= start;
            MemorySegment.copy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
            if (end == buffer.byteSize()) {
                throw new IOException("a line of a reply is longer than " + end + " bytes");
            }
            int count = control.read(buffer.asSlice(end));
            if (count == 0) {
                throw new IOException("the server has closed the control connection");
            }
            end += count;
        }
    }
}
