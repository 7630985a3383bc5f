package dev.portside.server.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the server logs while this is open. */
final class Logged extends Handler implements AutoCloseable {
    /** Kept, so that it is not collected with the handler. */
    private final Logger logger = Logger.getLogger("dev.portside.server");

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Logged() {
        logger.addHandler(this);
    }

    /** What was logged since the last call. */
    List<String> lines() {
        List<String> all = new ArrayList<>();
        lines.drainTo(all);
        return all;
    }

    /** Waits for the next line. */
    String next() throws InterruptedException {
        return lines.poll(20, TimeUnit.SECONDS);
    }

    @Override
    public void publish(LogRecord logged) {
        lines.add(logged.getLevel() + " " + logged.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
