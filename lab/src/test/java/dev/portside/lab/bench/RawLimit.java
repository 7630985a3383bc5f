package dev.portside.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The same transfers without FTP: what the machine gives at most to a server that sends by sendfile(2), and to one that
 * receives by read(2) and write(2). A process of its own like the servers, which ends with {@link #close} or with this one.
 */
final class RawLimit implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String RETRIEVE = "RETR ";
    private static final String STORE = "STOR ";

    private final Process process;
    private final InetSocketAddress address;

    private RawLimit(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts the process, with this one's JVM. */
    static RawLimit start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RawLimit.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = process.inputReader();
        String port = lines.readLine();
        if (port == null) {
            throw new IOException("the raw limit does not start");
        }
        return new RawLimit(process, new InetSocketAddress(LOOPBACK, Integer.parseInt(port)));
    }

    /** The process, for its CPU time. */
    ProcessHandle process() {
        return process.toHandle();
    }

    /** Brings a file; returns how many bytes have come. */
    long retrieve(Path file) throws IOException {
        try (Connection connection = request(RETRIEVE + file)) {
            return connection.drain();
        }
    }

    /** Stores so many bytes; returns how many. */
    long store(Path file, long bytes) throws IOException {
        try (Connection connection = request(STORE + file)) {
            connection.fill(bytes);
        }
        return bytes;
    }

    private Connection request(String line) throws IOException {
        Connection connection = Connection.open(address);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocateFrom(ValueLayout.JAVA_BYTE, (line + "\n").getBytes(UTF_8));
            connection.write(request, request.byteSize());
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended already
        }
        process.onExit().join();
    }

    /** The process: prints its port, serves one connection after the other, and ends when its standard input does. */
    public static void main(String[] arguments) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
        IO.println(listener.socket().getLocalPort());
        Thread.ofPlatform().daemon().start(() -> serve(listener));
        while (System.in.read() >= 0) {}
    }

    private static void serve(ServerSocketChannel listener) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Connection.CHUNK);
        while (true) {
            try (SocketChannel connection = listener.accept()) {
                String request = request(connection);
                Path file = Path.of(request.substring(STORE.length()));
                if (request.startsWith(STORE)) {
                    receive(connection, file, buffer);
                } else {
                    send(file, connection);
                }
            } catch (IOException e) {
                IO.println("raw limit: " + e.getMessage());
            }
        }
    }

    /** One byte at a time: what follows the line belongs to the file. */
    private static String request(SocketChannel connection) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        while (connection.read(one) == 1 && one.get(0) != '\n') {
            line.append((char) one.get(0));
            one.clear();
        }
        return line.toString();
    }

    private static void send(Path file, SocketChannel connection) throws IOException {
        try (FileChannel source = FileChannel.open(file)) {
            long size = source.size();
            for (long sent = 0; sent < size; ) {
                sent += source.transferTo(sent, size - sent, connection);
            }
        }
    }

    private static void receive(SocketChannel connection, Path file, ByteBuffer buffer) throws IOException {
        try (FileChannel target = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (connection.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    target.write(buffer);
                }
            }
        }
    }
}
