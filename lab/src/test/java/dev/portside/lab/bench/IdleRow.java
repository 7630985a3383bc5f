package dev.portside.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Memory of sessions that have logged in and wait: by how much the server's proportional set grows, of all its processes
 * together, garbage collected, for each of them.
 *
 * @param sessions how many
 * @param without who is not asked for so many
 */
record IdleRow(String name, String title, Target target, boolean tls, int sessions, Set<Contender> without)
        implements Row {
    /** Come and go before the memory is measured without any: what every server loads once is no session's. */
    private static final int FIRST_SESSIONS = 50;

    private static final int AT_ONCE = 20;

    @Override
    public Unit unit() {
        return Unit.KIB;
    }

    @Override
    public List<Series> measure(Ground ground) throws Exception {
        List<Series> all = new ArrayList<>();
        for (Contender each : ground.contenders()) {
            if (!without.contains(each)) {
                Series series = new Series(each.title());
                all.add(series);
                try (Contestant server = ground.start(each, tls)) {
                    series.add(new Sample(perSession(server), 0), 0, 0);
                } catch (IOException | ExecutionException failed) {
                    series.fail(failed);
                }
            }
        }
        return all;
    }

    private double perSession(Contestant server) throws Exception {
        try (TlsContext context = tls ? new TlsContext(TlsContext.Versions.BOTH) : null) {
            close(open(server, context, FIRST_SESSIONS));
            server.collectGarbage();
            long before = server.proportionalSetKiB();
            List<FtpLoad> open = open(server, context, sessions);
            try {
                server.collectGarbage();
                double each = (server.proportionalSetKiB() - before) / (double) sessions;
                // Who has lost sessions has saved nothing.
                for (FtpLoad session : open) {
                    session.noop();
                }
                return each;
            } finally {
                close(open);
            }
        }
    }

    private static List<FtpLoad> open(Contestant server, TlsContext context, int count) throws Exception {
        List<Future<FtpLoad>> opening = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < count; i++) {
                opening.add(threads.submit(() -> ServerTrials.login(server, context)));
            }
        }
        List<FtpLoad> open = new ArrayList<>();
        for (Future<FtpLoad> each : opening) {
            open.add(each.get());
        }
        return open;
    }

    private static void close(List<FtpLoad> sessions) {
        sessions.forEach(FtpLoad::close);
    }
}
