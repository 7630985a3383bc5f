package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetrcTest {
    private static final String FILE = """
            # my servers
            machine ftp.example.org login joe password secret
            machine other.example
            \tlogin jane
            \tpassword "two words"
            \taccount 77
            macdef init
            cd /pub
            password machine default

            machine other.example login root password "a\\"b\\\\c"
            default login anonymous password me@example.org
            """;

    private final Netrc netrc = Netrc.parse(FILE);

    @Test
    void machine_isFoundByName() {
        assertThat(netrc.find("ftp.example.org", null)).isEqualTo(new Netrc.Entry("ftp.example.org", "joe", "secret"));
        assertThat(netrc.find("FTP.example.org", "joe")).isNotNull();
    }

    @Test
    void user_choosesAmongEntries() {
        assertThat(netrc.find("other.example", null).login()).isEqualTo("jane");
        assertThat(netrc.find("other.example", "root").password()).isEqualTo("a\"b\\c");
        assertThat(netrc.find("other.example", "nobody")).isNull();
    }

    @Test
    void quotedToken_keepsItsSpaces() {
        assertThat(netrc.find("other.example", "jane").password()).isEqualTo("two words");
    }

    @Test
    void default_isForEverybodyElse() {
        assertThat(netrc.find("unknown.example", null).login()).isEqualTo("anonymous");
    }

    @Test
    void default_comesLastWhereverItStands() {
        Netrc first = Netrc.parse("default login a password b\nmachine host login c password d");
        assertThat(first.find("host", null).login()).isEqualTo("c");
    }

    @Test
    void password_canBeginWithAHash() {
        assertThat(Netrc.parse("machine h login l password #x").find("h", null).password())
                .isEqualTo("#x");
    }

    @Test
    void emptyFile_hasNoEntries() {
        assertThat(Netrc.parse("").entries()).isEmpty();
        assertThat(Netrc.parse("\n# nothing\n").entries()).isEmpty();
    }

    @Test
    void macroAtTheEnd_isSkipped() {
        assertThat(Netrc.parse("machine h login l\nmacdef m\nput x").entries()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'machine', line 1: nothing stands behind",
        "'machine h\nlogin', line 2: nothing stands behind",
        "'login joe', line 1: \"login\" comes before any machine",
        "'machine h passwort x', is none of machine",
        "'machine h password \"x', a quotation mark is not closed",
    })
    void whatIsNotUnderstood_namesTheLine(String text, String message) {
        assertThatThrownBy(() -> Netrc.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void password_isNotInToString() {
        assertThat(netrc.toString()).doesNotContain("secret").doesNotContain("two words");
    }
}
