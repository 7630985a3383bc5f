package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingParserTest {
    private static final Instant NOW = Instant.parse("2024-03-01T10:00:00Z");

    static Listing parse(Instant now, String... lines) {
        ListingParser parser = ListingParser.list(now, ZoneOffset.UTC, 1000);
        for (String line : lines) {
            parser.add(line);
        }
        return parser.listing();
    }

    private static DirectoryEntry entry(String line) {
        Listing listing = parse(NOW, line);
        assertThat(listing.unparsed()).isEmpty();
        assertThat(listing.entries()).hasSize(1);
        return listing.entries().getFirst();
    }

    @Test
    void whatNobodyUnderstands_isReported() {
        Listing listing = parse(
                NOW,
                "total 4",
                "-rw-r--r-- 1 o g 3 Jan 05 12:34 a",
                "ls: /x: Permission denied",
                "",
                "   ",
                "NAME.TXT;1");
        assertThat(listing.entries()).extracting(DirectoryEntry::name).containsExactly("a");
        assertThat(listing.unparsed()).containsExactly("ls: /x: Permission denied", "NAME.TXT;1");
    }

    @Test
    void theDialect_mayChangeFromLineToLine() {
        Listing listing = parse(
                NOW,
                "-rw-r--r-- 1 o g 3 Jan 05 12:34 unix",
                "01-05-24  03:04PM                  512 dos",
                "+r,s3,\teplf",
                "- [RWCEAFMS] owner 512 Jan 01 12:34 netware",
                "QSYS 77824 02/23/00 15:09:55 *STMF     os400",
                "VMS.TXT;1  12/16  5-JAN-2024 12:34:56",
                "-rw-r--r-- 1 o g 3 Jan 05 12:34 unix again");
        assertThat(listing.unparsed()).isEmpty();
        assertThat(listing.entries())
                .extracting(DirectoryEntry::name)
                .containsExactly("unix", "dos", "eplf", "netware", "os400", "VMS.TXT", "unix again");
    }

    @Test
    void aListing_isBounded() {
        ListingParser parser = ListingParser.list(NOW, ZoneOffset.UTC, 2);
        parser.add("nonsense");
        parser.add("-rw-r--r-- 1 o g 3 Jan 05 12:34 a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parser.add("-rw-r--r-- 1 o g 3 Jan 05 12:34 b"))
                .withMessageContaining("2 lines");
        assertThat(parser.listing().entries()).hasSize(1);
    }

    @Test
    void mlsd_isReadLineByLine() {
        ListingParser parser = ListingParser.mlsd(10);
        parser.add("type=cdir;modify=20240105123456; .");
        parser.add("type=file;size=3; a");
        parser.add("");
        parser.add("nonsense");
        assertThat(parser.listing().entries()).extracting(DirectoryEntry::name).containsExactly(".", "a");
        assertThat(parser.listing().unparsed()).containsExactly("nonsense");
    }

    @Test
    void names_keepTheirSpaces() {
        assertThat(ListingParser.names(List.of("a", " b ", "", "dir/c", "-rw-r--r-- d")))
                .containsExactly("a", " b ", "dir/c", "-rw-r--r-- d");
    }

    @ParameterizedTest
    @CsvSource({
        // now,                  date,         what it means
        "2024-03-01T10:00:00Z, Mar 01 09:59, 2024-03-01T09:59:00Z",
        "2024-03-01T10:00:00Z, Mar 02 09:59, 2024-03-02T09:59:00Z",
        "2024-03-01T10:00:00Z, Mar 02 10:01, 2023-03-02T10:01:00Z",
        "2024-01-01T00:10:00Z, Dec 31 23:50, 2023-12-31T23:50:00Z",
        "2023-12-31T23:50:00Z, Jan 01 00:10, 2024-01-01T00:10:00Z",
        "2024-03-01T10:00:00Z, Feb 29 12:34, 2024-02-29T12:34:00Z",
        "2023-03-01T10:00:00Z, Feb 29 12:34, 2020-02-29T12:34:00Z",
        "1903-03-01T10:00:00Z, Feb 29 12:34, 1896-02-29T12:34:00Z",
        "2024-02-28T22:00:00Z, Feb 29 12:34, 2024-02-29T12:34:00Z",
    })
    void theYear_isTheLatestThatIsNotMoreThanADayAhead(Instant now, String date, Instant expected) {
        Listing listing = parse(now, "-rw-r--r-- 1 o g 3 " + date + " x");
        assertThat(listing.entries().getFirst().modified()).isEqualTo(expected);
        assertThat(listing.entries().getFirst().timeIsExact()).isFalse();
    }

    @Test
    void times_areInTheGivenZone() {
        ListingParser parser = ListingParser.list(NOW, ZoneId.of("Asia/Tokyo"), 10);
        parser.add("-rw-r--r-- 1 o g 3 Jan 05 12:34 x");
        parser.add("-rw-r--r-- 1 o g 3 2024-01-05 12:34:56.000000000 +0100 y");
        assertThat(parser.listing().entries())
                .extracting(DirectoryEntry::modified)
                .containsExactly(Instant.parse("2024-01-05T03:34:00Z"), Instant.parse("2024-01-05T11:34:56Z"));
        assertThat(parser.listing().entries())
                .extracting(DirectoryEntry::timeIsExact)
                .containsExactly(false, true);
    }

    // DOS and IIS

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "01-05-24  03:04PM       <DIR>          inetpub|DIRECTORY||2024-01-05T15:04:00Z|inetpub",
                "01-05-24  12:04AM              1234567 a b.txt|FILE|1234567|2024-01-05T00:04:00Z|a b.txt",
                "01-05-2024  12:04PM              1234567  lead|FILE|1234567|2024-01-05T12:04:00Z| lead",
                "01-05-24  03:04PM       <DIR>           lead|DIRECTORY||2024-01-05T15:04:00Z| lead",
                "01-05-24  03:04PM <DIR> x|DIRECTORY||2024-01-05T15:04:00Z|x",
                "01/05/2024  03:04 PM    <DIR>          .|CURRENT_DIRECTORY||2024-01-05T15:04:00Z|.",
                "01/05/2024  15:04    <DIR>          ..|PARENT_DIRECTORY||2024-01-05T15:04:00Z|..",
                "05.01.2024  15:04         1.234.567 deutsch|FILE|1234567|2024-01-05T15:04:00Z|deutsch",
                "2024-01-05  15:04           1,234 iso|FILE|1234|2024-01-05T15:04:00Z|iso",
                "31/12/2023  15:04           1,234 day first|FILE|1234|2023-12-31T15:04:00Z|day first",
                "12-31-99  03:04PM                    0 old|FILE|0|1999-12-31T15:04:00Z|old",
            })
    void dosLines_areRead(String line, DirectoryEntry.Type type, Long size, Instant modified, String name) {
        assertThat(entry(line))
                .isEqualTo(new DirectoryEntry(name, type, size, modified, false, null, java.util.Map.of()));
    }

    @Test
    void dosLinks_haveTheirTargetInBrackets() {
        for (String tag : List.of("<JUNCTION>     ", "<SYMLINKD>     ", "<SYMLINK>      ")) {
            DirectoryEntry entry = entry("01/05/2024  15:04    " + tag + "my [1] link [C:\\some where]");
            assertThat(entry.type()).isEqualTo(DirectoryEntry.Type.SYMBOLIC_LINK);
            assertThat(entry.name()).isEqualTo("my [1] link");
            assertThat(entry.linkTarget()).isEqualTo("C:\\some where");
        }
    }

    // NetWare

    @Test
    void netwareLines_areRead() {
        DirectoryEntry directory = entry("d [RWCEAFMS] alan                            512 Jan 01 12:34  my dir");
        assertThat(directory.type()).isEqualTo(DirectoryEntry.Type.DIRECTORY);
        assertThat(directory.name()).isEqualTo(" my dir");
        assertThat(directory.facts())
                .containsEntry("netware.rights", "RWCEAFMS")
                .containsEntry("unix.owner", "alan");
        DirectoryEntry file = entry("- [R----F--] supervisor                   214059 Oct 20 15:27 cx.exe");
        assertThat(file.size()).isEqualTo(214059);
        assertThat(file.modified()).isEqualTo("2023-10-20T15:27:00Z");
        assertThat(entry("-[R----F-] 1 raj 857 Jan 05 1998 glued").name()).isEqualTo("glued");
    }

    // EPLF

    @Test
    void eplfLines_areRead() {
        DirectoryEntry file = entry("+i8388621.48594,m825718503,r,s280,up644,\t djb.html");
        assertThat(file.name()).isEqualTo(" djb.html");
        assertThat(file.type()).isEqualTo(DirectoryEntry.Type.FILE);
        assertThat(file.size()).isEqualTo(280);
        assertThat(file.modified()).isEqualTo(Instant.ofEpochSecond(825718503));
        assertThat(file.timeIsExact()).isTrue();
        assertThat(file.facts()).containsEntry("unique", "8388621.48594").containsEntry("unix.mode", "644");
        assertThat(entry("+i8388621.50690,m824255907,/,\t514").type()).isEqualTo(DirectoryEntry.Type.DIRECTORY);
        assertThat(entry("+m99999999999999999,r,s-1,\tx").modified()).isNull();
    }

    // OS/400

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "QSYS            77824 02/23/00 15:09:55 *DIR       QSYS.LIB/      | DIRECTORY | 77824  | 2000-02-23T15:09:55Z | QSYS.LIB",
                "PEP             36864 24/01/05 07:58 *STMF      a b.txt           | FILE      | 36864  | 2024-01-05T07:58:00Z | a b.txt",
                "QDOC            32768 24.02.04 18:42:35 *FLR       QDOC/          | DIRECTORY | 32768  | 2004-02-24T18:42:35Z | QDOC",
                "QPGMR          135168 04/13/03 13:18:19 *FILE      DATA.FILE      | DIRECTORY | 135168 | 2003-04-13T13:18:19Z | DATA.FILE",
                "QPGMR          135168 04/13/03 13:18:19 *FILE      SAVE.SAVF      | FILE      | 135168 | 2003-04-13T13:18:19Z | SAVE.SAVF",
                "QPGMR          135168 04/13/03 13:18:19 *PGM       RUN.PGM        | OTHER     | 135168 | 2003-04-13T13:18:19Z | RUN.PGM",
                "QPGMR                                   *MEM       DATA.FILE/A.MBR| FILE      |        |                      | DATA.FILE/A.MBR",
            })
    void os400Lines_areRead(String line, DirectoryEntry.Type type, Long size, Instant modified, String name) {
        DirectoryEntry entry = entry(line);
        assertThat(entry.type()).isEqualTo(type);
        assertThat(entry.size()).isEqualTo(size);
        assertThat(entry.modified()).isEqualTo(modified);
        assertThat(entry.name()).isEqualTo(name);
        assertThat(entry.facts()).containsKeys("os400.owner", "os400.type");
    }

    // VMS

    @Test
    void vmsListing_isRead_withContinuationLinesAndVersions() {
        Listing listing = parse(
                NOW,
                "Directory DISK$USER:[ANONYMOUS.PUB]",
                "",
                "ARTICLES.DIR;1             1/8         5-JAN-2024 12:34:56  [SYSTEM]      (RWED,RWED,RE,RE)",
                "LOGIN.COM;12             2/4         5-JAN-2024 12:34       [GRP,USER]    (RWED,RWED,,)",
                "LOGIN.COM;11             2/4         4-JAN-2024 12:34       [GRP,USER]    (RWED,RWED,,)",
                "A_RATHER_LONG_NAME_THAT_STANDS_ALONE.TXT;1",
                "                       213/216     29-FEB-2024 09:03:01.22  [SYSTEM]  (RWED,RWED,RE,RE)",
                "SECRET.TXT;1  %RMS-E-PRV, insufficient privilege or file protection violation",
                "",
                "Total of 5 files, 220/236 blocks.",
                "Grand total of 1 directory, 5 files, 220/236 blocks.");
        assertThat(listing.unparsed()).isEmpty();
        assertThat(listing.entries())
                .extracting(DirectoryEntry::name)
                .containsExactly(
                        "ARTICLES",
                        "LOGIN.COM",
                        "LOGIN.COM;11",
                        "A_RATHER_LONG_NAME_THAT_STANDS_ALONE.TXT",
                        "SECRET.TXT");
        assertThat(listing.entries().getFirst().type()).isEqualTo(DirectoryEntry.Type.DIRECTORY);
        DirectoryEntry continued = listing.entries().get(3);
        assertThat(continued.modified()).isEqualTo("2024-02-29T09:03:01Z");
        assertThat(continued.size()).isNull();
        assertThat(continued.facts())
                .containsEntry("vms.blocks", "213/216")
                .containsEntry("vms.owner", "SYSTEM")
                .containsEntry("vms.protection", "RWED,RWED,RE,RE");
    }

    @Test
    void aVmsNameWhoseContinuationNeverComes_isReported() {
        Listing listing = parse(NOW, "A.TXT;1", "B.TXT;1", "             2/4         5-JAN-2024 12:34", "C.TXT;1");
        assertThat(listing.entries()).extracting(DirectoryEntry::name).containsExactly("B.TXT");
        assertThat(listing.unparsed()).containsExactly("A.TXT;1", "C.TXT;1");
    }

    // MVS

    @Test
    void mvsDataSets_areRead() {
        Listing listing = parse(
                NOW,
                "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname",
                "WYOSPT 3420   2003/05/21  1  200  FB      80  8053  PS  48-MVS.FILE",
                "WPTA01 3290   2004/03/04  1    3  FB   125  2500  PO  dsn1.PDS",
                "BS3P01 3390   2015/10/03  1  1 VB 27998 27998 VS  VSAM.FILE",
                "Migrated                                                POMATT.TEST",
                "V43525 Tape                                             TAPE.FILE");
        assertThat(listing.unparsed()).isEmpty();
        assertThat(listing.entries())
                .extracting(DirectoryEntry::name)
                .containsExactly("48-MVS.FILE", "dsn1.PDS", "VSAM.FILE", "POMATT.TEST", "TAPE.FILE");
        assertThat(listing.entries())
                .extracting(DirectoryEntry::type)
                .containsExactly(
                        DirectoryEntry.Type.FILE,
                        DirectoryEntry.Type.DIRECTORY,
                        DirectoryEntry.Type.OTHER,
                        DirectoryEntry.Type.FILE,
                        DirectoryEntry.Type.FILE);
        assertThat(listing.entries().getFirst().facts())
                .containsEntry("mvs.recfm", "FB")
                .containsEntry("mvs.lrecl", "80")
                .containsEntry("mvs.referred", "2003/05/21");
        assertThat(listing.entries().get(3).facts()).containsEntry("mvs.state", "migrated");
    }

    @Test
    void aUnixLine_isNotTakenForADataSet() {
        Listing listing = parse(
                NOW,
                "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname",
                "WYOSPT 3420   **NONE**    1  200  FB      80  8053  PS  NEVER.USED",
                "-rw-r--r-- 1 o g 3 Jan 05 12:34 unix");
        assertThat(listing.unparsed()).isEmpty();
        assertThat(listing.entries()).extracting(DirectoryEntry::name).containsExactly("NEVER.USED", "unix");
        assertThat(listing.entries().getLast().size()).isEqualTo(3);
    }

    @Test
    void mvsMembers_areRead() {
        Listing listing = parse(
                NOW,
                " Name     VV.MM   Created       Changed      Size  Init   Mod   Id",
                "TBSHELF   01.03 2002/09/12 2002/10/11 09:37    11    11     0 KIL001",
                "NOSTATS",
                "not a member");
        assertThat(listing.entries()).extracting(DirectoryEntry::name).containsExactly("TBSHELF", "NOSTATS");
        assertThat(listing.entries().getFirst().modified()).isEqualTo("2002-10-11T09:37:00Z");
        assertThat(listing.entries().getFirst().facts())
                .containsEntry("mvs.records", "11")
                .containsEntry("mvs.user", "KIL001");
        assertThat(listing.unparsed()).containsExactly("not a member");
    }

    @Test
    void mvsLoadModulesAndJobs_areRead() {
        Listing listing = parse(
                NOW,
                " Name      Size     TTR     Alias-of AC --------- Attributes --------- Amode Rmode",
                "EZTCMDS   0008E8   000104             00 FO  RN RU            24    24",
                "JOBNAME  JOBID    OWNER    STATUS CLASS",
                "USER1A   JOB01906 USER1    OUTPUT A        RC=0000 3 spool files");
        assertThat(listing.unparsed()).isEmpty();
        assertThat(listing.entries()).extracting(DirectoryEntry::name).containsExactly("EZTCMDS", "JOB01906");
        assertThat(listing.entries().getLast().facts())
                .containsEntry("jes.job", "USER1A")
                .containsEntry("jes.status", "OUTPUT");
    }

    @Test
    void mvsJobs_needNoHeading_andSpoolFilesAreNoJobs() {
        Listing jobs = parse(
                NOW,
                "USER1J   JOB01906  OUTPUT    3 Spool Files",
                "USER1K   J0123456  ACTIVE",
                "USER1K   STEP1    OUTPUT");
        assertThat(jobs.entries()).extracting(DirectoryEntry::name).containsExactly("JOB01906", "J0123456");
        assertThat(jobs.entries().getFirst().facts()).isEqualTo(Map.of("jes.job", "USER1J", "jes.status", "OUTPUT"));
        assertThat(jobs.unparsed()).hasSize(1);
        Listing spool = parse(
                NOW,
                "JOBNAME  JOBID    OWNER    STATUS CLASS",
                "USER1A   JOB01906 USER1    OUTPUT A        RC=0000 1 spool files",
                "         ID  STEPNAME PROCSTEP C DDNAME   BYTE-COUNT",
                "         001 STEP1    N/A      H JESMSGLG      1200");
        assertThat(spool.entries()).extracting(DirectoryEntry::name).containsExactly("JOB01906");
        assertThat(spool.unparsed()).hasSize(2);
    }

    @Test
    void mvsWithoutItsHeading_isNotGuessed() {
        assertThat(parse(NOW, "NOSTATS", "Migrated POMATT.TEST").unparsed()).hasSize(2);
    }

    // Hostile lines

    @ParameterizedTest
    @Timeout(10)
    @ValueSource(
            strings = {
                " ", "a ", "1 ", "Jan 5 ", " -> ", "1-", "1/", "1,", ",", ";1 ", "[", "日", "\udce9", ":", "=;", "\t",
                "12:34 "
            })
    void aVeryLongLine_takesLinearTime(String piece) {
        String tail = piece.repeat(2_000_000 / piece.length());
        List<String> heads = List.of(
                "", "lrwxrwxrwx 1 o g 3 Jan 05 12:34 x", "-rw-r--r-- ", "d [", "+", "01-05-24  03:04PM ", "A.B;1 ");
        for (String head : heads) {
            ListingParser parser = ListingParser.list(NOW, ZoneOffset.UTC, 10);
            long start = System.nanoTime();
            parser.add(head + tail);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("\"%s\"", head)
                    .isLessThan(Duration.ofSeconds(3));
        }
    }
}
