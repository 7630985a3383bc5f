package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {
    private final ReplyParser parser = new ReplyParser();

    private Reply parse(String... lines) {
        for (int i = 0; i < lines.length - 1; i++) {
            assertThat(parser.add(lines[i])).as("before the last line").isNull();
        }
        Reply reply = parser.add(lines[lines.length - 1]);
        assertThat(reply).isNotNull();
        return reply;
    }

    @Test
    void oneLine_isAReply() {
        assertThat(parse("220 ready")).isEqualTo(new Reply(ReplyCode.SERVICE_READY_220, "ready"));
    }

    @Test
    void aCodeAlone_isAReplyWithoutText() {
        assertThat(parse("200")).isEqualTo(new Reply(ReplyCode.COMMAND_OKAY_200, ""));
        assertThat(parse("200 ")).isEqualTo(new Reply(ReplyCode.COMMAND_OKAY_200, ""));
    }

    @Test
    void severalLines_endWithTheCodeAndASpace() {
        assertThat(parse("211-Features:", " MDTM", "211 End").lines()).containsExactly("Features:", " MDTM", "End");
    }

    @Test
    void linesThatLookLikeOtherReplies_belongToTheText() {
        assertThat(parse("230-Welcome", "530 not the end", "2300 nor this", "230x", "230-coded", "", "230 end")
                        .lines())
                .containsExactly("Welcome", "530 not the end", "2300 nor this", "230x", "coded", "", "end");
    }

    @Test
    void severalLines_mayEndWithTheCodeAlone() {
        assertThat(parse("230-Welcome", "230").lines()).containsExactly("Welcome", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2",
                "22",
                "SSH-2.0-x",
                "099 x",
                "700 x",
                "22x y",
                "2200 x",
                "220x",
                " 220 x",
                "２２０ x",
                "-220 x"
            })
    void aLineThatCannotBeginAReply_isRefused_andTheParserGoesOn(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> parser.add(line));
        assertThat(parse("220 ready").code().value()).isEqualTo(220);
    }

    @Test
    void anUnknownCode_staysItself() {
        Reply reply = parse("299 odd");
        assertThat(reply.code().value()).isEqualTo(299);
        assertThat(reply.code().isCompletion()).isTrue();
    }

    @Test
    void aReplyOfTooManyLines_isRefused_andTheParserIsEmptyAgain() {
        ReplyParser bounded = new ReplyParser(3, 1000);
        bounded.add("211-a");
        bounded.add(" b");
        bounded.add(" c");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bounded.add("211 d"))
                .withMessageContaining("3 lines");
        assertThat(bounded.add("200 ok")).isEqualTo(new Reply(ReplyCode.COMMAND_OKAY_200, "ok"));
    }

    @Test
    void aReplyOfTooManyCharacters_isRefused() {
        ReplyParser bounded = new ReplyParser(100, 20);
        bounded.add("211-" + "a".repeat(10));
        assertThatIllegalArgumentException().isThrownBy(() -> bounded.add("b".repeat(10)));
    }

    @Test
    void wireLines_areReadAsTheReplyTheyWere() {
        for (Reply reply : List.of(
                new Reply(ReplyCode.COMMAND_OKAY_200, "fine"),
                new Reply(ReplyCode.COMMAND_OKAY_200, ""),
                new Reply(ReplyCode.SYSTEM_STATUS_211, List.of("Features:", " MLST type*;", "End")),
                new Reply(ReplyCode.SYSTEM_STATUS_211, List.of("a", " 211 not the end", " 211-nor this", "b")))) {
            assertThat(parse(reply.wireLines().toArray(String[]::new))).isEqualTo(reply);
        }
    }

    @Test
    void aNameWithLineEnds_cannotForgeAReply() {
        Reply reply = new Reply(ReplyCode.PATHNAME_CREATED_257, "\"a\r\n230 logged in\0\"");
        assertThat(reply.wireLines()).containsExactly("257 \"a??230 logged in?\"");
    }
}
