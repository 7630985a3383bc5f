package dev.portside.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What the load generator does with a server, and how that is counted. Connecting and logging in are not, where not said. */
final class ServerTrials {
    /** Of the pace; enough to tell, a server that needs 40 ms for each is not waited for any longer. */
    private static final int LONGEST_LOOPS = 3;

    /** Of {@link #manyClients}, in a whole run. */
    static final int CLIENTS = 300;

    private static final int SMALL_FILES = 1000;
    private static final int AT_ONCE = 20;
    private static final int LOGINS_AT_ONCE = 50;

    private ServerTrials() {}

    /** A session, secured if there is a context. */
    static FtpLoad login(Contestant server, @Nullable SharedTls context) throws IOException {
        FtpLoad load = FtpLoad.connect(server.address());
        try {
            if (context != null) {
                load.startTls(context);
            }
            load.login(server.user(), server.password());
            return load;
        } catch (IOException | RuntimeException failed) {
            load.close();
            throw failed;
        }
    }

    /** So many sessions, a few of them at a time: more would find some servers' queues full. */
    static List<FtpLoad> login(Contestant server, @Nullable SharedTls context, int count) throws Exception {
        List<Future<FtpLoad>> opening = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < count; i++) {
                opening.add(threads.submit(() -> login(server, context)));
            }
        }
        List<FtpLoad> open = new ArrayList<>();
        for (Future<FtpLoad> each : opening) {
            open.add(each.get());
        }
        return open;
    }

    /** Does something in a session of its own. */
    private static Sample inSession(Contestant server, boolean tls, Work work) throws IOException {
        try (SharedTls context = tls ? new SharedTls(SharedTls.Versions.BOTH) : null;
                FtpLoad load = login(server, context)) {
            Sample sample = work.of(load);
            load.quit();
            return sample;
        }
    }

    @FunctionalInterface
    private interface Work {
        Sample of(FtpLoad load) throws IOException;
    }

    static ServerRow.Trial retrieve(boolean tls) {
        return (server, ground) -> inSession(server, tls, load -> {
            long began = System.nanoTime();
            long bytes = load.retrieve(Ground.BIG, FtpLoad.Mode.PASV);
            return Sample.ofRate(expect(bytes, ground.pace().fileBytes()), System.nanoTime() - began);
        });
    }

    /** Of a file that is not there yet: what it replaces is removed first, not by the server. */
    static ServerRow.Trial store(boolean tls) {
        return (server, ground) -> inSession(server, tls, load -> {
            Path stored = ground.data().resolve(Ground.INCOMING).resolve("upload.bin");
            Files.deleteIfExists(stored);
            long length = ground.pace().fileBytes();
            long began = System.nanoTime();
            load.store(Ground.INCOMING + "/upload.bin", length, FtpLoad.Mode.PASV);
            long took = System.nanoTime() - began;
            expect(Files.size(stored), length);
            Files.delete(stored);
            return Sample.ofRate(length, took);
        });
    }

    /** The same without FTP. */
    static Sample raw(RawLimit limit, ServerRow.Raw raw, Ground ground) throws IOException {
        long length = ground.pace().fileBytes();
        Path stored = ground.data().resolve(Ground.INCOMING).resolve("raw.bin");
        long began = System.nanoTime();
        long bytes = raw == ServerRow.Raw.DOWNLOAD
                ? limit.retrieve(ground.data().resolve(Ground.BIG))
                : limit.store(stored, length);
        long took = System.nanoTime() - began;
        expect(bytes, length);
        if (raw == ServerRow.Raw.UPLOAD) {
            expect(Files.size(stored), length);
            Files.delete(stored);
        }
        return Sample.ofRate(length, took);
    }

    static ServerRow.Trial list(String verb) {
        return (server, ground) -> inSession(server, false, load -> {
            long began = System.nanoTime();
            long bytes = load.list(verb, Ground.MANY, FtpLoad.Mode.PASV);
            long took = System.nanoTime() - began;
            if (bytes < Ground.FILES * 10L) {
                throw new IOException(verb + ": only " + bytes + " bytes for " + Ground.FILES + " files");
            }
            return Sample.ofTime(took);
        });
    }

    static ServerRow.Trial smallFiles(FtpLoad.Mode mode, boolean tls) {
        return (server, ground) -> inSession(server, tls, load -> {
            long began = System.nanoTime();
            long end = began + LONGEST_LOOPS * ground.pace().loop().toNanos();
            int files = 0;
            while (files < SMALL_FILES && System.nanoTime() < end) {
                expect(load.retrieve(Ground.file(files), mode), Ground.FILE_BYTES);
                files++;
            }
            return Sample.ofCount(files, System.nanoTime() - began);
        });
    }

    static Sample logins(Contestant server, Ground ground) throws IOException {
        long began = System.nanoTime();
        long logins = logins(server, began + ground.pace().loop().toNanos());
        return Sample.ofCount(logins, System.nanoTime() - began);
    }

    private static long logins(Contestant server, long end) throws IOException {
        long logins = 0;
        while (System.nanoTime() < end) {
            try (FtpLoad load = login(server, null)) {
                load.quit();
            }
            logins++;
        }
        return logins;
    }

    static Sample loginsAtOnce(Contestant server, Ground ground) throws Exception {
        long began = System.nanoTime();
        long end = began + ground.pace().loop().toNanos();
        long logins = atOnce(LOGINS_AT_ONCE, _ -> logins(server, end));
        return Sample.ofCount(logins, System.nanoTime() - began);
    }

    /** All have logged in before the clock starts; the bytes of a transfer that is cut off by the end count too. */
    static Sample manyClients(Contestant server, Ground ground) throws Exception {
        List<FtpLoad> clients = login(server, null, ground.pace().sessions(CLIENTS));
        try {
            long began = System.nanoTime();
            long end = began + 2 * ground.pace().loop().toNanos();
            long bytes = atOnce(
                    clients.size(), client -> clients.get(client).retrieveUntil(end, Ground.MEDIUM, FtpLoad.Mode.PASV));
            return Sample.ofRate(bytes, System.nanoTime() - began);
        } finally {
            clients.forEach(FtpLoad::close);
        }
    }

    @FunctionalInterface
    private interface Counted {
        long by(int thread) throws IOException;
    }

    /** The sum of what so many threads count. */
    private static long atOnce(int threads, Counted counted) throws Exception {
        List<Future<Long>> counting = new ArrayList<>();
        long sum = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                int number = i;
                counting.add(pool.submit(() -> counted.by(number)));
            }
            for (Future<Long> each : counting) {
                sum += each.get();
            }
        }
        return sum;
    }

    private static long expect(long found, long expected) throws IOException {
        if (found != expected) {
            throw new IOException(found + " bytes came of " + expected);
        }
        return found;
    }
}
