package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameCharsetTest {
    private static final int ROUNDS = 20_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-8",
                "US-ASCII",
                "ISO-8859-1",
                "ISO-8859-2",
                "windows-1252",
                "KOI8-R",
                "Shift_JIS",
                "windows-31j",
                "EUC-JP",
                "EUC-KR",
                "GBK",
                "GB18030",
                "Big5",
                "ISO-2022-JP"
            })
    void anyBytes_surviveDecodingAndEncoding(String charset) {
        NameCharset names = new NameCharset(Charset.forName(charset));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            if (charset.startsWith("ISO-2022") && bytes.length > 8) {
                bytes[0] = 0x1b; // shifts to another set of characters
                bytes[1] = '$';
                bytes[2] = 'B';
            }
            assertThat(names.encode(names.decode(bytes)))
                    .as("seed %d, round %d, %s", seed, round, charset)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void everyByte_survivesAlone() {
        for (String charset : new String[] {"UTF-8", "ISO-8859-1", "windows-1252", "Shift_JIS", "ISO-2022-JP"}) {
            NameCharset names = new NameCharset(Charset.forName(charset));
            for (int value = 0; value < 256; value++) {
                byte[] bytes = {(byte) value};
                assertThat(names.encode(names.decode(bytes)))
                        .as("%s %02x", charset, value)
                        .isEqualTo(bytes);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "é", "日本語", "😀", "a b.txt", "\u202eabc", "e\u0301"})
    void utf8Names_areThemselves(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        assertThat(NameCharset.UTF_8.decode(bytes)).isEqualTo(name);
        assertThat(NameCharset.UTF_8.encode(name)).isEqualTo(bytes);
        assertThat(NameCharset.hasUndecodableBytes(name)).isFalse();
    }

    @Test
    void anotherCharset_isUsed() {
        NameCharset latin = new NameCharset(StandardCharsets.ISO_8859_1);
        assertThat(latin.decode(new byte[] {(byte) 0xe9})).isEqualTo("é");
        NameCharset japanese = new NameCharset(Charset.forName("Shift_JIS"));
        assertThat(japanese.decode(new byte[] {(byte) 0x93, (byte) 0xfa})).isEqualTo("日");
    }

    @Test
    void aLatin1Name_inUtf8_isSeenAsUndecodable_andSurvives() {
        byte[] bytes = "caf\u00e9.txt".getBytes(StandardCharsets.ISO_8859_1);
        String name = NameCharset.UTF_8.decode(bytes);
        assertThat(name).isEqualTo("caf\udce9.txt");
        assertThat(NameCharset.hasUndecodableBytes(name)).isTrue();
        assertThat(NameCharset.UTF_8.encode(name)).isEqualTo(bytes);
    }

    @Test
    void overlongForms_areNotDecoded() {
        byte[] overlongSlash = {(byte) 0xc0, (byte) 0xaf};
        assertThat(NameCharset.UTF_8.decode(overlongSlash)).doesNotContain("/");
    }

    @Test
    void aPartOfAnArray_isDecoded() {
        assertThat(NameCharset.UTF_8.decode("xxabcxx".getBytes(StandardCharsets.UTF_8), 2, 3))
                .isEqualTo("abc");
    }

    @Test
    void aStringThatTheCharsetCannotWrite_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NameCharset(StandardCharsets.ISO_8859_1).encode("日本"));
        assertThatIllegalArgumentException().isThrownBy(() -> NameCharset.UTF_8.encode("\ud83d"));
    }
}
