package dev.portside.lab;

import dev.portside.protocol.PortRange;
import dev.portside.protocol.RepresentationType;
import dev.portside.transport.ActiveDataPort;
import dev.portside.transport.DataConnection;
import dev.portside.transport.PassiveDataPort;
import dev.portside.transport.TransferParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which kind of thread a transfer should run on: files of 1 GiB are sent over loopback by 1 and by 8 threads of each kind, in
 * turns; prints medians. Not a test: nothing here is right or wrong.
 *
 * <p>Run: {@code ./mvnw -q -pl lab -am test-compile && java -cp
 * "lab/target/test-classes:protocol/target/classes" dev.portside.lab.TransferThreadsBenchmark [directory on tmpfs]}
 */
final class TransferThreadsBenchmark {
    private static final long SIZE = 1L << 30;
    private static final int ROUNDS = 7;
    private static final Duration WAIT = Duration.ofSeconds(30);

    private TransferThreadsBenchmark() {}

    /** Prints a line for each number of transfers at once. */
    public static void main(String[] arguments) throws Exception {
        Path file =
                Files.createTempFile(Path.of(arguments.length == 0 ? "/dev/shm" : arguments[0]), "portside", ".bin");
        try {
            fill(file);
            for (int transfers : new int[] {1, 8}) {
                double[] platform = new double[ROUNDS];
                double[] virtual = new double[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    platform[round] = rate(file, transfers, Thread.ofPlatform());
                    virtual[round] = rate(file, transfers, Thread.ofVirtual());
                }
                Arrays.sort(platform);
                Arrays.sort(virtual);
                double ratio = platform[ROUNDS / 2] / virtual[ROUNDS / 2];
                IO.println("%d at once: platform %.0f MiB/s, virtual %.0f MiB/s, ratio %.2f"
                        .formatted(transfers, platform[ROUNDS / 2], virtual[ROUNDS / 2], ratio));
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void fill(Path file) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (long written = 0; written < SIZE; written += zeros.capacity()) {
                out.write(zeros.clear());
            }
        }
    }

    private static double rate(Path file, int transfers, Thread.Builder senders) throws Exception {
        List<Thread> threads = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < transfers; i++) {
            PassiveDataPort port = PassiveDataPort.listen(
                    InetAddress.getLoopbackAddress(), PortRange.ANY, peer -> true, stranger -> {});
            threads.add(senders.start(() -> send(port, file)));
            threads.add(Thread.ofPlatform().start(() -> receive(port)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return transfers * (SIZE >> 20) / ((System.nanoTime() - began) / 1e9);
    }

    private static void send(PassiveDataPort port, Path file) {
        try (DataConnection data = port.open(TransferParameters.stream(RepresentationType.IMAGE), WAIT, WAIT);
                FileChannel source = FileChannel.open(file)) {
            data.send(source);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void receive(PassiveDataPort port) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
        try (DataConnection data = new ActiveDataPort(null, port.address())
                .open(TransferParameters.stream(RepresentationType.IMAGE), WAIT, WAIT)) {
            while (data.read(buffer.clear()) >= 0) {
                // Dropped: only the way is measured.
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
