package dev.portside.protocol;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of a directory listing together to a {@link Listing}.
 *
 * <p>Feed it each line by {@link #add}, then ask for the {@link #listing}. RFC 959 leaves the form of LIST to the server:
 * the dialect is found out from the lines themselves, and may change between them. Known are Unix {@code ls -l} in many
 * forms and languages, EPLF, DOS and IIS, NetWare, VMS, OS/400, and MVS data sets, members and jobs.
 *
 * <p>Lines are without line end; blank ones are passed over. Time and memory are linear in what comes in. Not for use by
 * several threads.
 */
public final class ListingParser {
    /** Lines that a listing may have, unless told otherwise. */
    public static final int DEFAULT_MAX_LINES = 1_000_000;

    private final List<ListingDialect> dialects;
    private final int maxLines;
    private final List<DirectoryEntry> entries = new ArrayList<>();
    private final List<String> unparsed = new ArrayList<>();
    private int lines;
    private ListingDialect current;
    private @Nullable String begun;

    private ListingParser(List<ListingDialect> dialects, int maxLines) {
        this.dialects = dialects;
        this.current = dialects.getFirst();
        this.maxLines = maxLines;
    }

    /**
     * For the lines of LIST.
     *
     * @param now the server's clock: a date without a year is the latest one that is not more than a day after it
     * @param zone of the times in the listing
     * @param maxLines {@link #DEFAULT_MAX_LINES}, or another limit
     */
    public static ListingParser list(Instant now, ZoneId zone, int maxLines) {
        ServerClock clock = new ServerClock(now, zone);
        return new ListingParser(
                List.of(
                        new UnixListing(clock),
                        new EplfListing(),
                        new NetWareListing(clock),
                        new DosListing(clock),
                        new Os400Listing(clock),
                        new VmsListing(clock),
                        new MvsListing(clock)),
                maxLines);
    }

    /** For the lines of MLSD, which know their time zone. */
    public static ListingParser mlsd(int maxLines) {
        return new ListingParser(List.of(new MlsdListing()), maxLines);
    }

    /** The names that the lines of NLST are: all but the empty ones, with every space they have. */
    public static List<String> names(List<String> lines) {
        return lines.stream().filter(line -> !line.isEmpty()).toList();
    }

    /**
     * Takes the next line.
     *
     * @throws IllegalArgumentException if the listing has more lines than allowed
     */
    public void add(String line) {
        if (lines == maxLines) {
            throw new IllegalArgumentException("the listing has more than " + maxLines + " lines");
        }
        lines++;
        if (line.isBlank()) {
            return;
        }
        String first = begun;
        begun = null;
        if (first != null) {
            if (current.read(first + " " + line) instanceof ListedLine.Entry whole) {
                entries.add(whole.entry());
                return;
            }
            unparsed.add(first);
        }
        switch (read(line)) {
            case ListedLine.Entry entry -> entries.add(entry.entry());
            case ListedLine.Begun _ -> begun = line;
            case ListedLine.Heading _ -> {}
            case null -> unparsed.add(line);
        }
    }

    private @Nullable ListedLine read(String line) {
        ListedLine read = current.read(line);
        if (read != null) {
            return read;
        }
        for (ListingDialect dialect : dialects) {
            read = dialect == current ? null : dialect.read(line);
            if (read != null) {
                current = dialect;
                return read;
            }
        }
        return null;
    }

    /** What all lines so far say. */
    public Listing listing() {
        List<String> notUnderstood = new ArrayList<>(unparsed);
        if (begun != null) {
            notUnderstood.add(begun);
        }
        return new Listing(entries, notUnderstood);
    }
}
