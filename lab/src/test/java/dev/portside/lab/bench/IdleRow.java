package dev.portside.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Memory of sessions that have logged in and wait: by how much the server's proportional set grows, of all its processes
 * together, garbage collected, for each of them.
 *
 * @param sessions how many
 * @param without who is not asked for so many
 */
record IdleRow(String name, String title, Target target, boolean tls, int sessions, Set<Contender> without)
        implements Row {
    /**
     * As many as are measured come and go before the memory is measured without any, so many at a time: what a server loads,
     * compiles or sets aside once is no session's.
     */
    private static final int FIRST_AT_ONCE = 500;

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
        try (SharedTls context = tls ? new SharedTls(SharedTls.Versions.BOTH) : null) {
            for (int come = 0; come < sessions; come += FIRST_AT_ONCE) {
                close(ServerTrials.login(server, context, Math.min(FIRST_AT_ONCE, sessions)));
            }
            server.collectGarbage();
            long before = server.proportionalSetKiB();
            List<FtpLoad> open = ServerTrials.login(server, context, sessions);
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

    private static void close(List<FtpLoad> sessions) {
        sessions.forEach(FtpLoad::close);
    }
}
