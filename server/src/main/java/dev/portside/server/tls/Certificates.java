package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The certificates of one server, as they are in their files. One thread looks after them until this is closed. */
final class Certificates implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");

    private final List<WatchedCertificate> certificates;
    private final Clock clock;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread watch;

    private Certificates(List<WatchedCertificate> certificates, Duration interval, Clock clock) {
        this.certificates = certificates;
        this.interval = interval;
        this.clock = clock;
        this.watch = Thread.ofVirtual().name("portside-certificates").unstarted(this::watch);
    }

    /**
     * Reads every certificate, and watches them from now on.
     *
     * @throws IOException if one of them cannot be read
     */
    static Certificates open(List<CertificateSource> sources, Duration interval, Clock clock) throws IOException {
        List<WatchedCertificate> certificates = new ArrayList<>();
        for (CertificateSource source : sources) {
            certificates.add(new WatchedCertificate(source));
        }
        Certificates all = new Certificates(List.copyOf(certificates), interval, clock);
        all.look();
        all.watch.start();
        return all;
    }

    /** The certificates there are now; the first is for those who ask for none by name. */
    List<NamedIdentity> now() {
        return certificates.stream().map(WatchedCertificate::now).toList();
    }

    /** The one of that fingerprint, as long as it is not out of use for longer than one change. */
    @Nullable
    TlsIdentity withAlias(String alias) {
        for (WatchedCertificate certificate : certificates) {
            NamedIdentity found = certificate.withAlias(alias);
            if (found != null) {
                return found.identity();
            }
        }
        return null;
    }

    private void watch() {
        try {
            while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException end) {
            // Nobody else has this thread: the same as closed.
        }
    }

    void look() {
        for (WatchedCertificate certificate : certificates) {
            try {
                certificate.look(clock.instant());
            } catch (RuntimeException unexpected) {
                // The others, and the next change of this one, must still be seen.
                LOG.log(System.Logger.Level.WARNING, "cannot look after a certificate", unexpected);
            }
        }
    }

    /** Returns when the thread has ended. Does nothing the second time. */
    @Override
    public void close() {
        closed.countDown();
        try {
            watch.join();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
