package dev.portside.protocol;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * MVS, z/OS: data sets, members of a partitioned data set, load modules, or jobs of JES. The heading tells which, and no line
 * but that of a job is read as one of these before its heading came.
 *
 * <p>A size in bytes is nowhere in it: what there is are facts. {@code Referred} is when a data set was last used, which is
 * not when it was changed, and so is a fact too.
 */
final class MvsListing implements ListingDialect {
    private enum Table {
        NONE,
        DATA_SETS,
        MEMBERS,
        LOAD_MODULES,
        JOBS
    }

    private static final List<NumericDate.Order> ORDERS = List.of(NumericDate.Order.YEAR_MONTH_DAY);

    private static final Pattern JOB_NUMBER = Pattern.compile("(?:JOB|TSU|STC)\\d{5}|[JTS]\\d{7}");
    private static final Set<String> JOB_STATES = Set.of("INPUT", "HELD", "ACTIVE", "OUTPUT");

    private final ServerClock clock;
    private Table table = Table.NONE;

    MvsListing(ServerClock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable ListedLine read(String line) {
        Words words = new Words(line, 16);
        Table heading = heading(words);
        if (heading != Table.NONE) {
            table = heading;
            return ListedLine.HEADING;
        }
        return switch (table) {
            case NONE -> jobWithoutHeading(words);
            case DATA_SETS -> dataSet(words);
            case MEMBERS -> member(words);
            case LOAD_MODULES -> loadModule(words);
            case JOBS -> job(words, 3);
        };
    }

    private static Table heading(Words words) {
        String first = words.get(0);
        String second = words.get(1);
        if (first.equals("Volume") && words.last().equals("Dsname")) {
            return Table.DATA_SETS;
        }
        if (first.equals("Name") && second.equals("VV.MM")) {
            return Table.MEMBERS;
        }
        if (first.equals("Name") && second.equals("Size") && words.get(2).equals("TTR")) {
            return Table.LOAD_MODULES;
        }
        return first.equals("JOBNAME") && second.equals("JOBID") ? Table.JOBS : Table.NONE;
    }

    /** {@code WYOSPT 3420 2003/05/21 1 200 FB 80 8053 PS NAME}, {@code Migrated NAME}, {@code V43525 Tape NAME}. */
    private @Nullable ListedLine dataSet(Words words) {
        int count = words.count();
        boolean described = count >= 8 && count <= 12 && isReferred(words.get(2));
        if (!(described || (count >= 2 && count <= 6)) || !isDataSetName(words.last())) {
            return null;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        DirectoryEntry.Type type = DirectoryEntry.Type.FILE;
        if (described) {
            String organisation = words.get(count - 2);
            facts.put("mvs.volume", words.get(0));
            facts.put("mvs.referred", words.get(2));
            facts.put("mvs.recfm", words.get(count - 5));
            facts.put("mvs.lrecl", words.get(count - 4));
            facts.put("mvs.blksz", words.get(count - 3));
            facts.put("mvs.dsorg", organisation);
            type = type(organisation);
        } else {
            facts.put("mvs.state", words.get(0).equals("Migrated") ? "migrated" : words.get(count - 2));
        }
        return ListedLine.entry(words.last(), type, null, null, facts);
    }

    private boolean isReferred(String word) {
        return word.equals("**NONE**") || NumericDate.parse(word, ORDERS, clock) != null;
    }

    private static boolean isDataSetName(String word) {
        return word.chars().allMatch(c -> Character.isLetterOrDigit(c) || ".-@#$'{}".indexOf(c) >= 0);
    }

    /** Partitioned data sets are directories; what is neither these nor sequential cannot be retrieved. */
    private static DirectoryEntry.Type type(String organisation) {
        return switch (organisation) {
            case "PO", "PO-E", "POU" -> DirectoryEntry.Type.DIRECTORY;
            case "PS", "PS-E", "PS-L", "PSU", "DA" -> DirectoryEntry.Type.FILE;
            default -> DirectoryEntry.Type.OTHER;
        };
    }

    /** {@code TBSHELF 01.03 2002/09/12 2002/10/11 09:37 11 11 0 KIL001}, or the name alone. */
    private @Nullable ListedLine member(Words words) {
        String name = words.get(0);
        if (!isMemberName(name)) {
            return null;
        }
        if (words.count() == 1) {
            return ListedLine.entry(name, DirectoryEntry.Type.FILE, null, null, Map.of());
        }
        LocalDate date = NumericDate.parse(words.get(3), ORDERS, clock);
        LocalTime time = TimeOfDay.parse(words.get(4));
        if (date == null || time == null) {
            return null;
        }
        Instant modified = clock.instant(date.atTime(time));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("mvs.version", words.get(1));
        facts.put("mvs.created", words.get(2));
        facts.put("mvs.records", words.get(5));
        facts.put("mvs.user", words.get(8));
        facts.values().removeIf(String::isEmpty);
        return ListedLine.entry(name, DirectoryEntry.Type.FILE, null, modified, facts);
    }

    private static @Nullable ListedLine loadModule(Words words) {
        boolean hexadecimal = words.get(1).chars().allMatch(c -> Character.digit(c, 16) >= 0);
        return isMemberName(words.get(0)) && hexadecimal
                ? ListedLine.entry(words.get(0), DirectoryEntry.Type.FILE, null, null, Map.of())
                : null;
    }

    private static boolean isMemberName(String word) {
        return !word.isEmpty()
                && word.length() <= 8
                && !Digits.isDigit(word.charAt(0))
                && word.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || Digits.isDigit(c) || "@#$".indexOf(c) >= 0);
    }

    /** {@code USER1A JOB01906 OUTPUT 3 Spool Files}: JESINTERFACELEVEL 1 has neither a heading nor owners. */
    private static @Nullable ListedLine jobWithoutHeading(Words words) {
        return isMemberName(words.get(0)) && JOB_STATES.contains(words.get(2)) ? job(words, 2) : null;
    }

    /** {@code USER1A JOB01906 USER1 OUTPUT A RC=0000 3 spool files}: RETR takes the job's number. */
    private static @Nullable ListedLine job(Words words, int status) {
        String id = words.get(1);
        if (!JOB_NUMBER.matcher(id).matches()) {
            return null;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("jes.job", words.get(0));
        facts.put("jes.owner", status == 2 ? "" : words.get(2));
        facts.put("jes.status", words.get(status));
        facts.values().removeIf(String::isEmpty);
        return ListedLine.entry(id, DirectoryEntry.Type.FILE, null, null, facts);
    }
}
