package dev.portside.lab.bench;

import dev.portside.lab.peer.Processes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where the bench takes place: the data, on tmpfs, which every server has as its user's home, and the servers that run.
 *
 * <p>The data: {@value #BIG}, {@value #MEDIUM} of 10 MiB, {@value #BYTE} of one byte, {@value #MANY} with 10,000 files of 1
 * KiB, and {@value #INCOMING} for uploads.
 */
final class Ground implements AutoCloseable {
    static final String BIG = "big.bin";
    static final String MEDIUM = "medium.bin";
    static final String BYTE = "byte.bin";
    static final String MANY = "many";
    static final String INCOMING = "incoming";
    static final int FILES = 10_000;
    static final int FILE_BYTES = 1 << 10;
    static final int MEDIUM_BYTES = 10 << 20;

    private static final Path MEMORY = Path.of("/dev/shm");
    /** The servers' sessions act as nobody. */
    private static final int UID = 65534;

    private static final int BLOCK = 1 << 20;

    private final Pace pace;
    private final List<Contender> contenders;
    private final Consumer<String> progress;
    private final Path directory;
    private final Path data;
    private final List<Contestant> running = new ArrayList<>();
    private boolean runningTls;
    private long serial;

    private Ground(Pace pace, List<Contender> contenders, Consumer<String> progress, Path directory) {
        this.pace = pace;
        this.contenders = contenders;
        this.progress = progress;
        this.directory = directory;
        this.data = directory.resolve("data");
    }

    static Ground make(Pace pace, List<Contender> contenders, Consumer<String> progress) throws IOException {
        Path directory = Files.createTempDirectory(MEMORY, "portside-bench-");
        Ground ground = new Ground(pace, contenders, progress, directory);
        try {
            ground.fill();
            return ground;
        } catch (IOException | RuntimeException failed) {
            ground.close();
            throw failed;
        }
    }

    private void fill() throws IOException {
        // Machines hand out memory when it is first touched, at a tenth of the speed: not while a clock runs.
        Path touched = directory.resolve("touched");
        write(touched, 2 * pace.fileBytes());
        Files.delete(touched);

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(data);
        write(data.resolve(BIG), pace.fileBytes());
        write(data.resolve(MEDIUM), MEDIUM_BYTES);
        Files.write(data.resolve(BYTE), new byte[] {'p'});
        Files.createDirectory(data.resolve(INCOMING));
        Files.createDirectory(data.resolve(MANY));
        for (int i = 0; i < FILES; i++) {
            write(data.resolve(file(i)), FILE_BYTES);
        }
        try (Stream<Path> all = Files.walk(data)) {
            for (Path each : all.toList()) {
                Files.setAttribute(each, "unix:uid", UID, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(each, "unix:gid", UID, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** The path of one of the many files. */
    static String file(int number) {
        return MANY + "/report-%05d.txt".formatted(number);
    }

    /** Random, because what compresses would be a gift to some. */
    private static void write(Path file, long bytes) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(bytes, BLOCK));
        byte[] random = new byte[block.capacity()];
        new Random(bytes).nextBytes(random);
        block.put(random);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long left = bytes; left > 0; left -= out.write(block)) {
                block.rewind().limit((int) Math.min(left, block.capacity()));
            }
        }
    }

    Pace pace() {
        return pace;
    }

    Path data() {
        return data;
    }

    /** A folder in memory for whatever a row needs. */
    Path scratch() throws IOException {
        return Files.createDirectory(directory.resolve("scratch-" + ++serial));
    }

    List<Contender> contenders() {
        return contenders;
    }

    void tell(String line) {
        progress.accept(line);
    }

    /** Every contender, running; those that ran with the other setting are ended. */
    List<Contestant> servers(boolean tls) throws Exception {
        if (running.isEmpty() || runningTls != tls) {
            endServers();
            runningTls = tls;
            for (Contender each : contenders) {
                running.add(start(each, tls));
            }
        }
        return running;
    }

    /** One more, which the caller closes. */
    Contestant start(Contender contender, boolean tls) throws Exception {
        return contender.start(new Setting(data, tls, scratch()));
    }

    void endServers() {
        running.forEach(Contestant::close);
        running.clear();
    }

    @Override
    public void close() {
        endServers();
        Processes.delete(directory);
    }
}
