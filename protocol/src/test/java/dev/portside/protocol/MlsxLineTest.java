package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlsxLineTest {
    private static final Map<Fact, String> VALUES = new EnumMap<>(Map.of(
            Fact.TYPE, "file",
            Fact.SIZE, "3",
            Fact.MODIFY, "20240105123456.789",
            Fact.PERM, "adfrw",
            Fact.UNIX_MODE, "0644"));

    @Test
    void format_showsTheSelectedFactsInAFixedOrder() {
        assertThat(MlsxLine.format(VALUES, EnumSet.allOf(Fact.class), "a b"))
                .isEqualTo("type=file;size=3;modify=20240105123456.789;perm=adfrw;UNIX.mode=0644; a b");
        assertThat(MlsxLine.format(VALUES, Set.of(Fact.SIZE, Fact.UNIQUE), "a b"))
                .isEqualTo("size=3; a b");
        assertThat(MlsxLine.format(VALUES, Set.of(), "a b")).isEqualTo(" a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", " a", "a ", "  ", "a; b", "type=dir; x", "=", "日本語", "x\udce9", "a -> b", ";"})
    void format_thenParse_keepsTheName(String name) {
        for (Set<Fact> selected : Set.of(Set.<Fact>of(), Set.of(Fact.TYPE), EnumSet.allOf(Fact.class))) {
            assertThat(MlsxLine.parse(MlsxLine.format(VALUES, selected, name)).name())
                    .isEqualTo(name);
        }
    }

    @Test
    void format_thenParse_keepsTheFacts() {
        DirectoryEntry entry = MlsxLine.parse(MlsxLine.format(VALUES, EnumSet.allOf(Fact.class), "x"));
        assertThat(entry)
                .isEqualTo(new DirectoryEntry(
                        "x",
                        DirectoryEntry.Type.FILE,
                        3L,
                        Instant.parse("2024-01-05T12:34:56.789Z"),
                        true,
                        null,
                        Map.of(
                                "type",
                                "file",
                                "size",
                                "3",
                                "modify",
                                "20240105123456.789",
                                "perm",
                                "adfrw",
                                "unix.mode",
                                "0644")));
    }

    @Test
    void format_cannotForgeALineThroughAName() {
        assertThat(MlsxLine.format(VALUES, Set.of(Fact.TYPE), "a\r\ntype=dir; b\0"))
                .isEqualTo("type=file; a??type=dir; b?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "a\nb", "\0", "\u007f"})
    void format_refusesAValueThatWouldEndTheFact(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MlsxLine.format(Map.of(Fact.UNIX_OWNER, value), Set.of(Fact.UNIX_OWNER), "x"));
    }

    @ParameterizedTest
    @CsvSource({
        "file, FILE",
        "FILE, FILE",
        "dir, DIRECTORY",
        "cdir, CURRENT_DIRECTORY",
        "pdir, PARENT_DIRECTORY",
        "OS.unix=slink:/a/b, SYMBOLIC_LINK",
        "OS.unix=slink:, SYMBOLIC_LINK",
        "OS.unix=slink, SYMBOLIC_LINK",
        "OS.UNIX=SymLink, SYMBOLIC_LINK",
        "OS.unix=chr-13/29, OTHER",
        "OS.unix=socket, OTHER",
    })
    void types_areReadInAnyCase(String type, DirectoryEntry.Type expected) {
        assertThat(MlsxLine.parse("Type=" + type + "; x").type()).isEqualTo(expected);
    }

    @Test
    void aLinkTarget_isKeptAsItIs() {
        assertThat(MlsxLine.parse("type=OS.unix=slink:/Some/Where=1:2;size=4; x")
                        .linkTarget())
                .isEqualTo("/Some/Where=1:2");
        assertThat(MlsxLine.parse("type=OS.unix=slink:; x").linkTarget()).isNull();
        assertThat(MlsxLine.parse("type=OS.unix=symlink; x").linkTarget()).isNull();
    }

    @Test
    void factNames_areInAnyCase() {
        DirectoryEntry entry = MlsxLine.parse("SIZE=3;Modify=20240105123456;UNIX.Mode=0644; x");
        assertThat(entry.size()).isEqualTo(3);
        assertThat(entry.modified()).isEqualTo("2024-01-05T12:34:56Z");
        assertThat(entry.facts()).containsEntry("unix.mode", "0644");
        assertThat(entry.type()).isEqualTo(DirectoryEntry.Type.OTHER);
    }

    @Test
    void theLastSemicolon_mayBeMissing() {
        DirectoryEntry entry = MlsxLine.parse("type=file;size=3 a b");
        assertThat(entry.name()).isEqualTo("a b");
        assertThat(entry.size()).isEqualTo(3);
    }

    @Test
    void aValue_mayHoldSpaces_thoughItMustNot() {
        DirectoryEntry entry = MlsxLine.parse("type=file;unix.owner=John Doe;size=3; a b");
        assertThat(entry.name()).isEqualTo("a b");
        assertThat(entry.facts()).containsEntry("unix.owner", "John Doe").containsEntry("size", "3");
    }

    @Test
    void leadingSpacesOfAName_areKept() {
        assertThat(MlsxLine.parse("type=file;   a ").name()).isEqualTo("  a ");
        assertThat(MlsxLine.parse(" a").name()).isEqualTo("a");
        assertThat(MlsxLine.parse("   a").name()).isEqualTo("  a");
    }

    @Test
    void theReplyToMlst_hasASpaceInFront() {
        assertThat(MlsxLine.parseReplyLine(" type=file;size=3; /pub/a b"))
                .isEqualTo(MlsxLine.parse("type=file;size=3; /pub/a b"));
        assertThat(MlsxLine.parseReplyLine("type=file; x").name()).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"size=x", "size=-1", "size=99999999999999999999", "size=", "modify=x", "modify=20241301000000"})
    void aSizeOrTimeThatCannotBeRead_isNull_andStaysAFact(String fact) {
        DirectoryEntry entry = MlsxLine.parse("type=file;" + fact + "; x");
        assertThat(entry.size()).isNull();
        assertThat(entry.modified()).isNull();
        assertThat(entry.timeIsExact()).isFalse();
        assertThat(entry.facts()).hasSize(2);
    }

    @Test
    void theSizeOfADirectory_mayHaveItsOwnFact() {
        assertThat(MlsxLine.parse("type=dir;sizd=4096; x").size()).isEqualTo(4096);
    }

    @Test
    void aFactThatComesTwice_countsOnce() {
        assertThat(MlsxLine.parse("size=1;SIZE=2; x").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "type=file;",
                "type=file; ",
                "type=file;name",
                "nonsense name",
                "=x; name",
                "type=file;;x; n"
            })
    void aLineThatIsNone_isRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MlsxLine.parse(line))
                .withMessageContaining("\"");
    }

    @Test
    void feature_marksTheSelectedFacts() {
        assertThat(MlsxLine.feature(EnumSet.of(Fact.TYPE, Fact.SIZE, Fact.UNIX_MODE), Set.of(Fact.TYPE, Fact.SIZE)))
                .isEqualTo("MLST type*;size*;UNIX.mode;");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type;size;            | MLST OPTS type;size;",
                "SIZE;TYPE             | MLST OPTS type;size;",
                "size;nonsense;perm;   | MLST OPTS size;",
                "''                    | 'MLST OPTS '",
                "nonsense;             | 'MLST OPTS '",
                "unix.MODE;            | MLST OPTS UNIX.mode;",
            })
    void selection_takesWhatIsOffered(String argument, String reply) {
        Set<Fact> offered = EnumSet.of(Fact.TYPE, Fact.SIZE, Fact.UNIX_MODE);
        assertThat(MlsxLine.selectionReply(MlsxLine.selection(argument, offered)))
                .isEqualTo(reply);
    }

    @ParameterizedTest
    @EnumSource
    void everyFact_isFoundByItsName(Fact fact) {
        assertThat(Fact.named(fact.wireName())).isEqualTo(fact);
        assertThat(Fact.named(fact.key())).isEqualTo(fact);
        assertThat(Fact.named(fact.wireName() + "x")).isNull();
    }

    @Test
    void perm_isReadAndWritten() {
        assertThat(Perm.format(EnumSet.allOf(Perm.class))).isEqualTo("acdeflmprw");
        assertThat(Perm.parse("Rw?x")).containsExactlyInAnyOrder(Perm.RETRIEVE, Perm.STORE);
        assertThat(Perm.parse("")).isEmpty();
    }
}
