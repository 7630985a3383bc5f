package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.Picture.Side;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final Style UNICODE = new Style(false, true);

    private static Picture passive(Style style) {
        return new Picture(style)
                .parties(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("192.0.2.1"))
                .control(40112, 2121)
                .say(Side.CLIENT, "EPSV")
                .listen(Side.SERVER, 50817)
                .say(Side.SERVER, "229 Entering Extended Passive Mode (|||50817|)")
                .data(Side.CLIENT, 40114, 50817)
                .say(Side.CLIENT, "RETR 日本語.bin")
                .bytes(Side.SERVER, "1.0 MiB")
                .say(Side.SERVER, "226 Transfer complete");
    }

    @Test
    void passiveMode_isDrawnAsItWas() {
        assertThat(passive(UNICODE).lines())
                .containsExactly(
                        " ╭───────────╮                                                    ╭───────────╮",
                        " │  client   │                                                    │  server   │",
                        " │ 127.0.0.1 │                                                    │ 192.0.2.1 │",
                        " ╰─────┬─────╯                                                    ╰─────┬─────╯",
                        ":40112 ●━━  1 opens the control connection ━━━━━━━━━━━━━━━━━━━━━━━━━━━━▶● :2121",
                        "       │──  2 EPSV ────────────────────────────────────────────────────▶│",
                        "       │                                                        listens ◎ :50817",
                        "       │◀─  3 229 Entering Extended Passive Mode (|||50817|) ───────────│",
                        ":40114 ●══  4 opens the data connection ═══════════════════════════════▶● :50817",
                        "       │──  5 RETR 日本語.bin ─────────────────────────────────────────▶│",
                        "       │◀═  6 1.0 MiB ══════════════════════════════════════════════════│",
                        "       │◀─  7 226 Transfer complete ────────────────────────────────────│");
    }

    @Test
    void activeMode_hasTheClientListen() {
        List<String> lines = new Picture(Style.PLAIN)
                .listen(Side.CLIENT, 53001)
                .say(Side.CLIENT, "PORT 127,0,0,1,207,9")
                .data(Side.SERVER, 53001, 20)
                .lines();
        assertThat(lines)
                .containsExactly(
                        ":53001 @ listens                                                        |",
                        "       |--  1 PORT 127,0,0,1,207,9 ------------------------------------>|",
                        ":53001 o<=  2 opens the data connection ================================o :20");
    }

    @Test
    void failedAttempt_endsBeforeTheOtherSide() {
        List<String> lines = new Picture(Style.PLAIN)
                .failed(Side.CLIENT, 50817, "connection refused")
                .failed(Side.SERVER, 53001, "timed out")
                .lines();
        assertThat(lines)
                .containsExactly(
                        "       |==  1 data connection: connection refused ==================X   | :50817",
                        ":53001 |   X==  2 data connection: timed out ===========================|");
    }

    @Test
    void nothing_isWiderThan80Columns() {
        InetAddress longest = InetAddress.ofLiteral("2001:db8:1234:5678:9abc:def0:1234:5678");
        Picture picture = new Picture(UNICODE)
                .parties(longest, longest)
                .control(65535, 65535)
                .say(Side.CLIENT, "RETR " + "日".repeat(100))
                .say(Side.SERVER, "150 " + "x".repeat(100))
                .listen(Side.SERVER, 65535)
                .listen(Side.CLIENT, 65535)
                .data(Side.SERVER, 65535, 65535)
                .failed(Side.CLIENT, 65535, "x".repeat(100))
                .failed(Side.SERVER, 65535, "x".repeat(100))
                .bytes(Side.CLIENT, "x".repeat(100))
                .space();
        assertThat(picture.lines())
                .allSatisfy(line -> assertThat(Columns.width(line)).as(line).isLessThanOrEqualTo(Picture.WIDTH));
    }

    @Test
    void withoutUnicode_everythingIsAscii() {
        assertThat(passive(Style.PLAIN).lines().stream().filter(line -> !line.contains("日本語")))
                .allSatisfy(line -> assertThat(line).isPrintable().matches("\\p{ASCII}*"));
    }

    @Test
    void colours_changeNothingElse() {
        List<String> coloured = passive(new Style(true, true)).lines();
        assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
                .containsExactlyElementsOf(passive(UNICODE).lines());
        assertThat(coloured).anySatisfy(line -> assertThat(line).contains("\u001b["));
    }
}
