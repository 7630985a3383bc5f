package dev.portside.transport;

import dev.portside.protocol.RepresentationType;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Both ends of a connection over loopback: the channel of the class under test, and the peer's plain socket. */
record Loopback(SocketChannel channel, Socket peer) implements Closeable {
    static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");
    static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.2");
    static final TransferParameters IMAGE = TransferParameters.stream(RepresentationType.IMAGE);
    /** Longer than any test takes; a wait that ends with it has failed. */
    static final Duration LONG = Duration.ofSeconds(30);

    /** A thread of either kind: a socket behaves differently in each. */
    enum Threads {
        PLATFORM,
        VIRTUAL;

        Thread start(Runnable task) {
            return this == VIRTUAL
                    ? Thread.ofVirtual().start(task)
                    : Thread.ofPlatform().start(task);
        }

        /** Runs a task in a thread of its own. */
        <T> Running<T> run(Callable<T> task) {
            FutureTask<T> future = new FutureTask<>(task);
            return new Running<>(start(future), future);
        }
    }

    record Running<T>(Thread thread, FutureTask<T> future) {
        T result() throws Exception {
            try {
                return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw failed;
            } catch (TimeoutException stuck) {
                throw new AssertionError("the thread does not come back", stuck);
            }
        }

        /** Waits for the end, whichever it is. */
        void ended() throws InterruptedException {
            if (!thread.join(LONG)) {
                throw new AssertionError("the thread does not come back");
            }
        }

        /** What the task threw. */
        Exception failure() {
            try {
                throw new AssertionError("expected a failure but got " + result());
            } catch (Exception expected) {
                return expected;
            }
        }

        DataConnectionException.Failure dataFailure() {
            Exception failure = failure();
            if (failure instanceof DataConnectionException broken) {
                return broken.failure();
            }
            throw new AssertionError("not a failure of the data connection", failure);
        }
    }

    static Loopback connect() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOCALHOST, 0))) {
            Socket peer = new Socket();
            peer.connect(listener.getLocalAddress());
            peer.setTcpNoDelay(true);
            peer.setSoTimeout((int) LONG.toMillis());
            return new Loopback(listener.accept(), peer);
        }
    }

    DataConnection data(RepresentationType type) throws IOException {
        return data(type, LONG);
    }

    DataConnection data(RepresentationType type, Duration stall) throws IOException {
        return data(TransferParameters.stream(type), stall);
    }

    DataConnection data(TransferParameters parameters, Duration stall) throws IOException {
        return new DataConnection(channel, parameters, stall);
    }

    /** Waits until no byte has moved for a while: the thread that moves them is blocked. */
    static void awaitBlocked(DataConnection data) {
        long quietSince = System.nanoTime();
        long seen = 0;
        while (seen == 0 || System.nanoTime() - quietSince < TimeUnit.MILLISECONDS.toNanos(100)) {
            long now = data.bytes();
            if (now != seen) {
                seen = now;
                quietSince = System.nanoTime();
            }
            Thread.onSpinWait();
        }
    }

    /** Waits until a thread waits, in Java or, as a platform thread in a system call, seemingly runs. */
    static void awaitWaiting(Thread thread) {
        while (thread.getState() == Thread.State.NEW
                || (thread.isVirtual() && thread.getState() == Thread.State.RUNNABLE)) {
            Thread.onSpinWait();
        }
    }

    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Gives 0 to {@code most} bytes at a time, in the same way in every run. */
    static ReadableByteChannel chunks(byte[] bytes, int most, long seed) {
        Random random = new Random(seed);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        return source(target -> {
            if (!all.hasRemaining()) {
                return -1;
            }
            int count = Math.min(Math.min(random.nextInt(most + 1), all.remaining()), target.remaining());
            target.put(all.slice(all.position(), count));
            all.position(all.position() + count);
            return count;
        });
    }

    /** A source without an end. */
    static ReadableByteChannel endless() {
        return source(target -> {
            int count = target.remaining();
            target.position(target.limit());
            return count;
        });
    }

    interface Read {
        int into(ByteBuffer target) throws IOException;
    }

    static ReadableByteChannel source(Read read) {
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                return read.into(target);
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    /** Takes some bytes at a time, up to {@code room}, then fails as a full disk does. */
    static final class Sink implements WritableByteChannel {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long room;

        Sink() {
            this(Long.MAX_VALUE);
        }

        Sink(long room) {
            this.room = room;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (bytes.size() >= room) {
                throw new IOException("no space left on device");
            }
            int count = Math.min(source.remaining(), 1000);
            byte[] some = new byte[count];
            source.get(some);
            bytes.writeBytes(some);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() throws IOException {
        channel.close();
        peer.close();
    }
}
