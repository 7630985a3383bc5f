package dev.portside.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Large direct buffers, kept for the next transfer: to allocate one costs more than to fill it. */
final class Buffers {
    /** Measured: beyond 256 KiB a larger buffer moves nothing faster over loopback. */
    static final int SIZE = 256 << 10;

    private static final int KEPT = 32;
    private static final ConcurrentLinkedQueue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger FREE_COUNT = new AtomicInteger();

    private Buffers() {}

    static ByteBuffer take() {
        ByteBuffer buffer = FREE.poll();
        if (buffer == null) {
            return ByteBuffer.allocateDirect(SIZE);
        }
        FREE_COUNT.decrementAndGet();
        return buffer.clear();
    }

    static void giveBack(ByteBuffer buffer) {
        if (FREE_COUNT.incrementAndGet() <= KEPT) {
            FREE.add(buffer);
        } else {
            FREE_COUNT.decrementAndGet();
        }
    }
}
