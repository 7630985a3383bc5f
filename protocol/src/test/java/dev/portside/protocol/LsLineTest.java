package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LsLineTest {
    private static final Instant NOW = Instant.parse("2024-03-01T10:00:00Z");

    private static LsLine file(String name, Instant modified) {
        return new LsLine(DirectoryEntry.Type.FILE, 0644, 1, "owner", "group", 1234, modified, name, null);
    }

    private static LsLine link(String name, String target) {
        return new LsLine(
                DirectoryEntry.Type.SYMBOLIC_LINK, 0777, 1, "owner", "group", target.length(), NOW, name, target);
    }

    private static DirectoryEntry parsed(String line) {
        ListingParser parser = ListingParser.list(NOW, ZoneOffset.UTC, 1);
        parser.add(line);
        return parser.listing().entries().getFirst();
    }

    @Test
    void theLine_hasTheClassicalForm() {
        assertThat(file("name", Instant.parse("2024-01-05T12:34:56Z")).format(NOW))
                .isEqualTo("-rw-r--r--   1 owner group         1234 Jan 05 12:34 name");
        assertThat(link("name", "../target").format(NOW))
                .isEqualTo("lrwxrwxrwx   1 owner group            9 Mar 01 10:00 name -> ../target");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T10:00:00Z, Mar 01 10:00",
        "2024-03-01T10:00:01Z, Mar 01  2024",
        "2024-02-29T23:59:59Z, Feb 29 23:59",
        "2023-09-02T09:00:00Z, Sep 02 09:00",
        "2023-08-30T09:00:00Z, Aug 30  2023",
        "1970-01-01T00:00:00Z, Jan 01  1970",
        "2038-01-19T03:14:08Z, Jan 19  2038",
    })
    void theYear_isShownForWhatIsOldOrInTheFuture(Instant modified, String shown) {
        assertThat(file("name", modified).format(NOW)).endsWith(" " + shown + " name");
    }

    @Test
    void theZone_isUtcUnlessToldOtherwise() {
        Instant modified = Instant.parse("2024-01-05T23:30:00Z");
        assertThat(file("x", modified).format(NOW)).endsWith("Jan 05 23:30 x");
        assertThat(file("x", modified).format(NOW, ZoneId.of("Europe/Berlin"))).endsWith("Jan 06 00:30 x");
    }

    @ParameterizedTest
    @CsvSource({
        "0, ---------",
        "0777, rwxrwxrwx",
        "0644, rw-r--r--",
        "0751, rwxr-x--x",
        "04755, rwsr-xr-x",
        "04644, rwSr--r--",
        "02755, rwxr-sr-x",
        "01777, rwxrwxrwt",
        "01666, rw-rw-rwT",
        "07000, --S--S--T",
    })
    void permissions_areNineLetters(String octal, String letters) {
        assertThat(LsLine.permissions(Integer.parseInt(octal, 8))).isEqualTo(letters);
    }

    @Test
    void namesThatWouldBreakTheLine_areMadeHarmless() {
        LsLine line = new LsLine(DirectoryEntry.Type.FILE, 0644, 1, "Domain Users", "", 1, NOW, "a\r\nb\0", null);
        assertThat(line.format(NOW)).isEqualTo("-rw-r--r--   1 Domain_Users -            1 Mar 01 10:00 a??b?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                " a",
                "a ",
                "  a  b  ",
                "a -> b",
                "日本語",
                "x\udce9y",
                "Jan 05 12:34 x",
                "10:00 x",
                "2024 x",
                ".hidden"
            })
    void theParser_readsTheNameThatWasWritten(String name) {
        assertThat(parsed(file(name, NOW).format(NOW)).name()).isEqualTo(name);
        assertThat(parsed(file(name, Instant.parse("2001-01-01T00:00:00Z")).format(NOW))
                        .name())
                .isEqualTo(name);
    }

    @Test
    void theParser_readsALinkWithArrowsInNameAndTarget() {
        DirectoryEntry entry = parsed(link("a -> b", "c -> d").format(NOW));
        assertThat(entry.name()).isEqualTo("a -> b");
        assertThat(entry.linkTarget()).isEqualTo("c -> d");
    }

    @Test
    void theParser_readsEverythingThatWasWritten() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            DirectoryEntry.Type type = random.nextBoolean() ? DirectoryEntry.Type.FILE : DirectoryEntry.Type.DIRECTORY;
            Instant modified = NOW.minus(random.nextInt(600_000), ChronoUnit.MINUTES);
            int mode = random.nextInt(010000);
            LsLine line = new LsLine(
                    type,
                    mode,
                    random.nextInt(1000),
                    "u" + round,
                    "1000",
                    random.nextLong(1L << 62),
                    modified,
                    "n " + round,
                    null);
            assertThat(parsed(line.format(NOW)))
                    .as("seed %d, round %d: %s", seed, round, line.format(NOW))
                    .isEqualTo(entry(line, type, mode, modified));
        }
    }

    private static DirectoryEntry entry(LsLine line, DirectoryEntry.Type type, int mode, Instant modified) {
        String written = line.format(NOW);
        boolean withTime = written.charAt(written.length() - line.name().length() - 4) == ':';
        Instant shown = modified.truncatedTo(withTime ? ChronoUnit.MINUTES : ChronoUnit.DAYS);
        return new DirectoryEntry(
                line.name(),
                type,
                line.size(),
                shown,
                false,
                null,
                Map.of(
                        "unix.mode",
                        String.format("%04o", mode),
                        "unix.owner",
                        line.owner(),
                        "unix.group",
                        line.group()));
    }
}
