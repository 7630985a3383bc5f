package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.NameCharset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonLineTest {
    @Test
    void properties_keepTheirOrder() {
        assertThat(new JsonLine()
                        .with("a", "x\"y\n")
                        .with("b", 5L)
                        .with("c", 1.5)
                        .with("d", true)
                        .with("e", Map.of("k", "v"))
                        .text(false))
                .isEqualTo("{\"a\":\"x\\\"y\\n\",\"b\":5,\"c\":1.5,\"d\":true,\"e\":{\"k\":\"v\"}}");
    }

    @Test
    void nothing_isLeftOut() {
        assertThat(new JsonLine()
                        .with("a", (String) null)
                        .with("b", (Long) null)
                        .text(false))
                .isEqualTo("{}");
    }

    @Test
    void byteThatIsNoCharacter_isAnEscape() {
        String name = NameCharset.UTF_8.decode(new byte[] {'a', (byte) 0xe9});
        assertThat(new JsonLine().with("name", name).text(false)).isEqualTo("{\"name\":\"a\\udce9\"}");
    }

    @Test
    void asciiOnly_escapesTheRest() {
        assertThat(new JsonLine().with("n", "é\uD83D\uDEA2").text(true)).isEqualTo("{\"n\":\"\\u00e9\\ud83d\\udea2\"}");
        assertThat(new JsonLine().with("n", "é\uD83D\uDEA2").text(false)).isEqualTo("{\"n\":\"é\uD83D\uDEA2\"}");
    }
}
