package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.cli.Style.Ink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bar that shows how far a transfer is, how fast it goes and when it will be done. Looks at a counter ten times a second
 * and draws on the terminal; nothing at all when there is none.
 */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final int NAME = 22;
    private static final int BAR = 18;
    private static final long TICK_MILLIS = 100;
    /** The rate is that of the last seconds: long enough to be steady, short enough to notice a change. */
    private static final long RATE_WINDOW_NANOS = 4_000_000_000L;

    private static final long LONGEST_ETA_SECONDS = 100 * 3600;

    private record Sample(long nanos, long bytes) {}

    private final Console console;
    private final String name;
    private final long first;
    private final long total;
    private final LongSupplier bytes;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread painter;

    /**
     * Shows the progress from now on.
     *
     * @param first bytes that were there before, of a transfer that is resumed
     * @param total bytes that there will be in the end, or -1 where nobody knows
     * @param bytes how many this transfer has moved
     */
    Progress(Console console, String name, long first, long total, LongSupplier bytes) {
        this.console = console;
        this.name = Console.visible(name);
        this.first = first;
        this.total = total;
        this.bytes = bytes;
        samples.addLast(new Sample(System.nanoTime(), 0));
        this.painter = Thread.ofVirtual().name("progress").start(this::paint);
    }

    /** The progress of a URL's transfer, or null when it is not to be shown. */
    static @Nullable Progress shown(
            boolean wanted, Console console, RemoteUrl url, long first, long total, LongSupplier bytes) {
        return wanted ? new Progress(console, url.name(), first, total, bytes) : null;
    }

    private void paint() {
        try {
            while (!done.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                long moved = bytes.getAsLong();
                double rate = rate(System.nanoTime(), moved);
                console.status(line(console.errStyle(), name, first + moved, total, rate));
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private double rate(long now, long moved) {
        samples.addLast(new Sample(now, moved));
        while (samples.size() > 2 && now - samples.peekFirst().nanos > RATE_WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample oldest = samples.getFirst();
        long nanos = now - oldest.nanos;
        return nanos == 0 ? 0 : (moved - oldest.bytes) * 1e9 / nanos;
    }

    /**
     * One line, at most 79 columns wide.
     *
     * @param total -1 where nobody knows
     * @param rate bytes a second
     */
    static String line(Style style, String name, long bytes, long total, double rate) {
        String label = Columns.left(Columns.cut(name, NAME, style.draw(Glyph.ELLIPSIS)), NAME);
        String speed = Columns.right(Amount.ofBytes((long) rate) + "/s", 13);
        if (total < 0) {
            return label + " " + Columns.right(Amount.ofBytes(bytes), 11) + speed;
        }
        double part = total == 0 ? 1 : Math.min(1, (double) bytes / total);
        int full = (int) (part * BAR);
        String bar = style.paint(Ink.DATA, style.draw(Glyph.FULL).repeat(full))
                + style.paint(Ink.FAINT, style.draw(Glyph.EMPTY).repeat(BAR - full));
        String percent = Columns.right((int) (part * 100) + "%", 4);
        double seconds = rate <= 0 ? Double.MAX_VALUE : Math.ceil((total - bytes) / rate);
        String left = seconds < 0 || seconds > LONGEST_ETA_SECONDS ? "-:--" : Amount.ofTime((long) seconds);
        String eta = Columns.right(left, WIDTH - NAME - BAR - 4 - 10 - 13 - 2);
        return label + " " + bar + " " + percent + Columns.right(Amount.ofBytes(bytes), 10) + speed + eta;
    }

    /** The line that stays when the transfer is done. */
    static String summary(Style style, String name, long bytes, Duration time) {
        double seconds = Math.max(1e-3, time.toNanos() / 1e9);
        String label = Columns.left(Columns.cut(Console.visible(name), 40, style.draw(Glyph.ELLIPSIS)), 40);
        String amount = Columns.right(Amount.ofBytes(bytes), 11);
        String rate = Columns.right(Amount.ofBytes((long) (bytes / seconds)) + "/s", 14);
        return label + amount + Columns.right(Amount.ofTime(time), 10) + rate;
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        done.countDown();
        try {
            painter.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        console.status("");
    }
}
