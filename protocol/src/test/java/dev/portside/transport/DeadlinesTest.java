package dev.portside.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.transport.Deadlines.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void after_runsOnce_andNotBeforeItsTime() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch later = new CountDownLatch(1);
        long began = System.nanoTime();
        Deadlines.after(SHORT, runs::incrementAndGet);
        Deadlines.after(SHORT.multipliedBy(5), later::countDown);
        assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(System.nanoTime() - began)
                .isGreaterThanOrEqualTo(SHORT.multipliedBy(5).toNanos());
        assertThat(runs).hasValue(1);
    }

    @Test
    void cancelled_neverRuns() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch later = new CountDownLatch(1);
        Deadline cancelled = Deadlines.after(SHORT, runs::incrementAndGet);
        Deadlines.after(SHORT.multipliedBy(3), later::countDown);
        cancelled.cancel();
        assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(0);
    }

    @Test
    void every_runsUntilItIsCancelled_whateverATaskDoes() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        Deadline failing = Deadlines.every(SHORT, () -> {
            throw new IllegalStateException("a task that fails, as the test has it");
        });
        Deadline repeated = Deadlines.every(SHORT, thrice::countDown);
        assertThat(thrice.await(10, TimeUnit.SECONDS)).isTrue();
        failing.cancel();
        repeated.cancel();
    }
}
