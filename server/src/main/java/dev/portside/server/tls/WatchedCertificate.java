package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One certificate of the server, and what was seen and said of its files. Looked after by one thread; anybody may read it. */
final class WatchedCertificate {
    private static final System.Logger LOG = System.getLogger("dev.portside.server");

    /** Days before the end at which a warning is logged; the last is the end itself. */
    private static final List<Integer> WARNINGS = List.of(30, 14, 3, 0);

    /** What tells that a file is another one. */
    private record Stamp(
            long size,
            @Nullable FileTime modified,
            @Nullable Object inode) {
        static final Stamp NONE = new Stamp(-1, null, null);

        static Stamp of(Path file) {
            try {
                BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(facts.size(), facts.lastModifiedTime(), facts.fileKey());
            } catch (IOException gone) {
                return NONE;
            }
        }
    }

    /**
     * The identity, and the one before it: a handshake that has chosen the old one must still find its key.
     */
    private record Held(NamedIdentity now, @Nullable NamedIdentity before) {}

    private final CertificateSource source;
    private volatile Held held;
    private List<Stamp> good;
    private List<Stamp> failedOn = List.of();
    private String failure = "";
    private boolean failureTold;
    private int warningsTold;

    WatchedCertificate(CertificateSource source) throws IOException {
        this.source = source;
        // Before the files are read: a change meanwhile is then seen at the first look.
        this.good = stamps();
        this.held = new Held(NamedIdentity.of(source.first()), null);
    }

    NamedIdentity now() {
        return held.now;
    }

    /** Now or just before. */
    @Nullable
    NamedIdentity withAlias(String alias) {
        Held both = held;
        if (both.now.alias().equals(alias)) {
            return both.now;
        }
        return both.before != null && both.before.alias().equals(alias) ? both.before : null;
    }

    /** Reads the files again if they changed, and warns when the certificate ends soon. */
    void look(Instant time) {
        List<Stamp> stamps = stamps();
        if (!stamps.equals(good)) {
            readAgain(stamps);
        }
        warn(time);
    }

    private void readAgain(List<Stamp> stamps) {
        try {
            TlsIdentity identity = source.again();
            good = stamps;
            failedOn = List.of();
            if (!identity.equals(held.now.identity())) {
                held = new Held(NamedIdentity.of(identity), held.now);
                warningsTold = 0;
                LOG.log(System.Logger.Level.INFO, "certificate reloaded from " + source.files() + ": " + identity);
            }
        } catch (IOException failed) {
            String message = String.valueOf(failed.getMessage());
            boolean again = stamps.equals(failedOn) && message.equals(failure);
            // Whoever replaces two files, or writes slowly, is between two states at the first look.
            if (again && !failureTold) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "certificate not reloaded, the one before is kept: " + failed.getMessage());
            }
            failureTold = again;
            failedOn = stamps;
            failure = message;
        }
    }

    private void warn(Instant time) {
        Instant end = held.now.identity().leaf().getNotAfter().toInstant();
        Duration left = Duration.between(time, end);
        int reached = 0;
        for (int days : WARNINGS) {
            if (left.compareTo(Duration.ofDays(days)) <= 0) {
                reached++;
            }
        }
        if (reached <= warningsTold) {
            return;
        }
        warningsTold = reached;
        String when = reached == WARNINGS.size()
                ? " expired at " + end
                : " expires in " + (left.toDays() == 0 ? "less than a day" : days(left)) + ", at " + end;
        LOG.log(
                System.Logger.Level.WARNING,
                "certificate of " + held.now.identity().leaf().getSubjectX500Principal() + when + "; renew it");
    }

    private static String days(Duration left) {
        return left.toDays() == 1 ? "1 day" : left.toDays() + " days";
    }

    private List<Stamp> stamps() {
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : source.files()) {
            stamps.add(Stamp.of(file));
        }
        return stamps;
    }
}
