package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnixListingTest {
    private static final Instant NOW = Instant.parse("2024-03-01T10:00:00Z");

    private final UnixListing dialect = new UnixListing(new ServerClock(NOW, java.time.ZoneOffset.UTC));

    private DirectoryEntry entry(String line) {
        assertThat(dialect.read(line)).as("%s", line).isInstanceOf(ListedLine.Entry.class);
        return ((ListedLine.Entry) dialect.read(line)).entry();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // line | type | size | modified | owner | group
                "-rw-r--r--   1 owner group   1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234 Jan  5  2019 x        | FILE      | 1234 | 2019-01-05T00:00:00Z | owner  | group",
                "drwxr-xr-x  12 owner group   4096 Dec 31 23:59 x        | DIRECTORY | 4096 | 2023-12-31T23:59:00Z | owner  | group",
                "-rw-r--r--   1 1000  1000    1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | 1000   | 1000",
                "-rw-r--r--+  1 owner group   1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--.  1 owner group   1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--@  1 owner group   1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--   1 owner         1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  |",
                "-rw-r--r--   owner group     1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--   1               1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z |        |",
                "-rw-r--r--                   1234 Jan 05 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z |        |",
                "-rw-r--r--   1 owner Domain Users 12 Jan 05 12:34 x     | FILE      | 12   | 2024-01-05T12:34:00Z | owner  | Domain Users",
                "-rw-r--r--   1 owner may       12 Jan 05 12:34 x        | FILE      | 12   | 2024-01-05T12:34:00Z | owner  | may",
                "-rw-r--r--   1 owner group   1234 2024-01-05 12:34 x    | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234 2024-01-05 x          | FILE      | 1234 | 2024-01-05T00:00:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234 2023-01-05  x         | FILE      | 1234 | 2023-01-05T00:00:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234 01-05 12:34 x         | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234 2024-01-05 12:34:56.123456789 +0100 x | FILE | 1234 | 2024-01-05T11:34:56Z | owner | group",
                "-rw-r--r--   1 owner group   1234 2024-01-05 12:34:56 +0000 x | FILE | 1234 | 2024-01-05T12:34:56Z | owner | group",
                "-rw-r--r--   1 owner group   1234 05.01.2024 12:34 x    | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234  5 Jan 12:34 x        | FILE      | 1234 | 2024-01-05T12:34:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234  5. Jan 2019 x        | FILE      | 1234 | 2019-01-05T00:00:00Z | owner  | group",
                "-rw-r--r--   1 owner group   1234 Jan 05 12:34:56 2019 x| FILE      | 1234 | 2019-01-05T12:34:56Z | owner  | group",
                "-rw-r--r--   1 owner group   1234 Jan 05, 2019 x        | FILE      | 1234 | 2019-01-05T00:00:00Z | owner  | group",
                "-rw-r--r--   1 owner group 1,234,567 Jan 05 12:34 x     | FILE      | 1234567 | 2024-01-05T12:34:00Z | owner | group",
                "-rw-r--r--   1 owner group   1.2K Jan 05 12:34 x        | FILE      |      | 2024-01-05T12:34:00Z | owner  | group",
                "crw-rw-rw-   1 root root   1,   3 Jan 05 12:34 x        | OTHER     |      | 2024-01-05T12:34:00Z | root   | root",
                "brw-rw----   1 root disk     8,1  Jan 05 12:34 x        | OTHER     |      | 2024-01-05T12:34:00Z | root   | disk",
                "crw-rw-rw-   1 root wheel 0x3000002 Jan 05 12:34 x      | OTHER     |      | 2024-01-05T12:34:00Z | root   | wheel",
                "srwxr-xr-x   1 root root        0 Jan 05 12:34 x        | OTHER     | 0    | 2024-01-05T12:34:00Z | root   | root",
                "prw-r--r--   1 root root        0 Jan 05 12:34 x        | OTHER     | 0    | 2024-01-05T12:34:00Z | root   | root",
                "-------r--         326  1391972  1392298 Nov 22  1995 x | FILE   | 1392298 | 1995-11-22T00:00:00Z | 1391972 |",
                "drwxrwxr-x               folder        2 May 10  1996 x | DIRECTORY | 2    | 1996-05-10T00:00:00Z | folder |",
                "dr-xr-xr-x   1 owner group 9223372036854775807 Jan 05 12:34 x | DIRECTORY | 9223372036854775807 | 2024-01-05T12:34:00Z | owner | group",
            })
    void aLine_isRead(String line, DirectoryEntry.Type type, Long size, Instant modified, String owner, String group) {
        DirectoryEntry entry = entry(line);
        assertThat(entry.name()).isEqualTo("x");
        assertThat(entry.type()).isEqualTo(type);
        assertThat(entry.size()).isEqualTo(size);
        assertThat(entry.modified()).isEqualTo(modified);
        assertThat(entry.facts().get("unix.owner")).isEqualTo(owner);
        assertThat(entry.facts().get("unix.group")).isEqualTo(group);
        assertThat(entry.timeIsExact()).isEqualTo(line.contains(" +0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                " a",
                "  a",
                "a ",
                "a -> b",
                "Jan 05 12:34",
                "2024",
                "+0200",
                "\ta",
                "日本語",
                "caf\udce9",
                "a\"b",
                "..."
            })
    void names_areKeptAsTheyAre(String name) {
        assertThat(entry("-rw-r--r-- 1 o g 3 Jan 05 12:34 " + name).name()).isEqualTo(name);
        assertThat(entry("-rw-r--r-- 1 o g 3 Jan 05  2019 " + name).name()).isEqualTo(name);
        assertThat(entry("-rw-r--r-- 1 o g 3 2024-01-05 12:34 " + name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "-rw-r--r--, 0644",
        "drwxrwxrwt, 1777",
        "-rwsr-Sr-T, 7744",
        "----------, 0000",
        "-rwxr-lr-x, 0745",
    })
    void theMode_isGivenInOctal(String mode, String octal) {
        assertThat(entry(mode + " 1 o g 3 Jan 05 12:34 x").facts()).containsEntry("unix.mode", octal);
    }

    @Test
    void aNumberBehindADateWithoutTime_isTheName() {
        assertThat(entry("-rw-r--r-- 1 o g 3 2023-01-05  1.25").name()).isEqualTo("1.25");
        assertThat(entry("-rw-r--r-- 1 o g 3 2023-01-05   1.25").name()).isEqualTo(" 1.25");
    }

    @Test
    void selfAndParent_areThemselves() {
        assertThat(entry("drwxr-xr-x 2 o g 4096 Jan 05 12:34 .").type())
                .isEqualTo(DirectoryEntry.Type.CURRENT_DIRECTORY);
        assertThat(entry("drwxr-xr-x 2 o g 4096 Jan 05 12:34 ..").type())
                .isEqualTo(DirectoryEntry.Type.PARENT_DIRECTORY);
    }

    @ParameterizedTest
    @CsvSource({
        "6,  a -> target,       a,        target",
        "6,  a -> b -> target,  a -> b,   target",
        "11, a -> b -> target,  a,        b -> target",
        "99, a -> b -> target,  a,        b -> target",
        "9,  x -> 日本語,        x,        日本語",
        "9,  x -> y -> 日本語,   x -> y,   日本語",
        "4,  x -> y -> 😀,      x -> y,   😀",
        "0,  alone,             alone,",
        "1,  '-> -> x',         '->',     x",
        "1,  ' -> -> x',        ' ->',    x",
    })
    void theTargetOfALink_isFoundByItsLength(long size, String text, String name, String target) {
        DirectoryEntry entry = entry("lrwxrwxrwx 1 o g " + size + " Jan 05 12:34 " + text);
        assertThat(entry.type()).isEqualTo(DirectoryEntry.Type.SYMBOLIC_LINK);
        assertThat(entry.name()).isEqualTo(name);
        assertThat(entry.linkTarget()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mär 05 12:34     | 03-05",
                " 5. Mrz 12:34   | 03-05",
                " 5. Dez 12:34   | 12-05",
                "Okt  5 12:34     | 10-05",
                "févr. 05 12:34   | 02-05",
                "05 août 12:34    | 08-05",
                "déc. 05 12:34    | 12-05",
                "juil. 5 12:34    | 07-05",
                "ene  5 12:34     | 01-05",
                "ago  5 12:34     | 08-05",
                "dic  5 12:34     | 12-05",
                "gen  5 12:34     | 01-05",
                "mag  5 12:34     | 05-05",
                "ott  5 12:34     | 10-05",
                "giu 05 12:34     | 06-05",
                "fev  5 12:34     | 02-05",
                "set  5 12:34     | 09-05",
                "out  5 12:34     | 10-05",
                "mrt  5 12:34     | 03-05",
                "mei  5 12:34     | 05-05",
                "maj  5 12:34     | 05-05",
                "des  5 12:34     | 12-05",
                " 5 kesä 12.34    | 06-05",
                "joulu  5 12.34   | 12-05",
                "lut  5 12:34     | 02-05",
                "paź 5 12:34      | 10-05",
                "5 bře 12:34      | 03-05",
                "5 říj 12:34      | 10-05",
                "már  5 12:34     | 03-05",
                "szept 5 12:34    | 09-05",
                "янв  5 12:34     | 01-05",
                "мая  5 12:34     | 05-05",
                "Дек 05 12:34     | 12-05",
                "Ağu  5 12:34     | 08-05",
                "1月  5 12:34     | 01-05",
                "12月  5日 12:34  | 12-05",
                "10월  5 12:34    | 10-05",
                "SEP 05 12:34     | 09-05",
                "Sept 5 12:34     | 09-05",
                "September 5 12:34| 09-05",
            })
    void months_areKnownInManyLanguages(String date, String monthAndDay) {
        String modified = entry("-rw-r--r-- 1 o g 3 " + date + " x").modified().toString();
        assertThat(modified).contains("-" + monthAndDay + "T12:34");
    }

    @ParameterizedTest
    @CsvSource({
        "fév,ISO-8859-1,2",
        "Mär,ISO-8859-1,3",
        "déc,windows-1252,12",
        "paź,ISO-8859-2,10",
        "Янв,KOI8-R,1",
        "дек,windows-1251,12"
    })
    void months_areKnownInOlderCharsets(String month, String charset, int number) {
        assertThat(MonthNames.number(NameCharset.UTF_8.decode(month.getBytes(Charset.forName(charset)))))
                .isEqualTo(number);
    }

    @Test
    void aJapaneseDateWithYear_isRead() {
        DirectoryEntry entry = entry("-rw-r--r-- 1 o g 3 2019年 1月 5日 x");
        assertThat(entry.name()).isEqualTo("x");
        assertThat(entry.modified()).isEqualTo("2019-01-05T00:00:00Z");
        assertThat("年".getBytes(StandardCharsets.UTF_8)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"total 0", "total 12", "total 1.5M", "insgesamt 12", "合計 12", "Итого 12", "/pub:", "./a b:"})
    void headings_areKnown(String line) {
        assertThat(dialect.read(line)).isEqualTo(ListedLine.HEADING);
    }

    @Test
    void aNameOfADirectoryBelow_isNotAHeading_forItsEntriesAreElsewhere() {
        entry("-rw-r--r-- 1 o g 3 Jan 05 12:34 x");
        assertThat(dialect.read("./below:")).isNull();
    }

    @Test
    void linesThatAreNotOfIt_areLeftAlone() {
        for (String line : List.of(
                "-rw-r--r--",
                "-rw-r--r-- 1 o g 3 Jan 05 12:34",
                "-rw-r--r-- 1 o g 3 Jan 05 12:34 ",
                "-rw-r--r-- 1 o g 3 Jan 32 12:34 x",
                "-rw-r--r-- 1 o g 3 Feb 30 2024 x",
                "-rw-r--r-- 1 o g 3 Foo 05 12:34 x",
                "-rw-r--r-- 1 o g 3 Jan 05 25:34 x",
                "-rw-r--r-- 1 o g x Jan 05 12:34 x",
                "xrw-r--r-- 1 o g 3 Jan 05 12:34 x",
                "-rw-r--r--12 1 o g 3 Jan 05 12:34 x",
                "total",
                "totally 12",
                "name:")) {
            assertThat(dialect.read(line)).as("%s", line).isNull();
        }
    }
}
