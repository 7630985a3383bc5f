package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code portside serve} on a thread of its own, and the lines that it prints. */
final class Serving implements AutoCloseable {
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile int exitCode = -1;

    Serving(CapturedConsole console, String... arguments) {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("lines come in one write");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                lines.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
        };
        thread = Thread.ofPlatform().start(() -> exitCode = console.output(out).run(arguments));
    }

    List<String> untilReady() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        while (seen.isEmpty() || !seen.getLast().startsWith("listening on")) {
            String line = lines.poll(20, TimeUnit.SECONDS);
            assertThat(line).as("the next line after " + seen).isNotNull();
            seen.add(line);
        }
        return seen;
    }

    int stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
        return exitCode;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
