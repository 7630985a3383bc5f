package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderParserTest {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final String FOUR = "c6336407cb0071019c400015";
    private static final String SIX = "20010db800000000000000000000000720010db80000000000000000000000019c400015";

    /** What the parser makes of bytes, and how many of them it took. */
    private record Read(ProxyHeader header, int taken) {}

    private static Read read(byte[] bytes) {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (parser.wanted() > 0) {
            byte[] next = new byte[parser.wanted()];
            left.get(next);
            parser.take(next);
        }
        return new Read(parser.header(), left.position());
    }

    private static byte[] line(String text) {
        return text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Version 2: version and command, family and protocol, then length and what follows in hexadecimal digits. */
    private static byte[] binary(int versionAndCommand, int protocol, int length, String rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(SIGNATURE);
        bytes.write(versionAndCommand);
        bytes.write(protocol);
        bytes.write(length >> 8);
        bytes.write(length);
        bytes.writeBytes(HexFormat.of().parseHex(rest));
        return bytes.toByteArray();
    }

    private static void mustBeRefused(byte[] bytes) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PROXY");
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21|, 198.51.100.7:40000, 203.0.113.1:21",
        "PROXY TCP4 255.255.255.254 255.255.255.255 65535 65535|, 255.255.255.254:65535, 255.255.255.255:65535",
        "PROXY TCP6 2001:db8::7 2001:db8::1 40000 21|, [2001:db8::7]:40000, [2001:db8::1]:21",
        "PROXY TCP6 ::ffff:198.51.100.7 ::ffff:203.0.113.1 40000 21|, 198.51.100.7:40000, 203.0.113.1:21"
    })
    void version1_namesBothEnds(String header, String source, String destination) {
        Read read = read(line(header + "USER anonymous|"));
        assertThat(read.header().source()).hasToString(source);
        assertThat(read.header().destination()).hasToString(destination);
        assertThat(read.taken()).isEqualTo(line(header).length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PROXY UNKNOWN|", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535|", "PROXY UNKNOWN what ever it is|"
            })
    void version1_unknown_isTheConnectionItself(String header) {
        Read read = read(line(header + "USER anonymous|"));
        assertThat(read.header()).isEqualTo(ProxyHeader.LOCAL);
        assertThat(read.taken()).isEqualTo(line(header).length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USER anonymous|PASS x|",
                "proxy TCP4 198.51.100.7 203.0.113.1 40000 21|",
                "PROXY  TCP4 198.51.100.7 203.0.113.1 40000 21|",
                "PROXY TCP4  198.51.100.7 203.0.113.1 40000 21|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21 |",
                "PROXY TCP4 198.51.100.7 203.0.113.1 40000|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21 22|",
                "PROXY TCP5 198.51.100.7 203.0.113.1 40000 21|",
                "PROXY UDP4 198.51.100.7 203.0.113.1 40000 21|",
                "PROXY TCP4 198.51.100.256 203.0.113.1 40000 21|",
                "PROXY TCP4 198.51.100 203.0.113.1 40000 21|",
                "PROXY TCP4 198.51.100.7. 203.0.113.1 40000 21|",
                "PROXY TCP4 0198.51.100.7 203.0.113.1 40000 21|",
                "PROXY TCP4 localhost 203.0.113.1 40000 21|",
                "PROXY TCP4 2001:db8::7 2001:db8::1 40000 21|",
                "PROXY TCP6 198.51.100.7 203.0.113.1 40000 21|",
                "PROXY TCP6 fe80::1%eth0 2001:db8::1 40000 21|",
                "PROXY TCP6 ::: 2001:db8::1 40000 21|",
                "PROXY TCP6 ::ffff:198.51.100.7 2001:db8::1 40000 21|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 0 21|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 65536 21|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 040 21|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 +40 21|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 40000 99999999999|",
                "PROXY TCP4 0.0.0.0 203.0.113.1 40000 21|",
                "PROXY TCP4 224.0.0.1 203.0.113.1 40000 21|",
                "PROXY TCP4 198.51.100.7 203.0.113.1 40000 21\n",
                "PROXY TCP4 198.51.100.7\r203.0.113.1 40000 21|",
                "PROXY UNKNOWN \r |",
                "PROXY |USER anonymous|"
            })
    void version1_thatIsNotExactlyOne_isRefused(String header) {
        mustBeRefused(line(header));
    }

    @Test
    void version1_endsWithin107Bytes() {
        String start = "PROXY UNKNOWN ";
        String longest = start + "x".repeat(ProxyHeaderParser.MAX_LINE - start.length() - 2) + "|";
        assertThat(read(line(longest)).taken()).isEqualTo(107);
        mustBeRefused(line(start + "x".repeat(200) + "|"));
    }

    @Test
    void version2_namesBothEnds() {
        Read four = read(binary(0x21, 0x11, 12, FOUR + "1603"));
        assertThat(four.header().source()).hasToString("198.51.100.7:40000");
        assertThat(four.header().destination()).hasToString("203.0.113.1:21");
        assertThat(four.taken()).isEqualTo(28);
        Read six = read(binary(0x21, 0x21, 36, SIX + "1603"));
        assertThat(six.header().source()).hasToString("[2001:db8::7]:40000");
        assertThat(six.header().destination()).hasToString("[2001:db8::1]:21");
        assertThat(six.taken()).isEqualTo(52);
    }

    @Test
    void version2_skipsWhatItDoesNotKnow_andNothingElse() {
        Read read = read(binary(0x21, 0x11, 12 + 7, FOUR + "03000400000000" + "1603"));
        assertThat(read.header().source()).hasToString("198.51.100.7:40000");
        assertThat(read.taken()).isEqualTo(28 + 7);
    }

    @ParameterizedTest
    @CsvSource({"32, 0, 0, ''", "32, 17, 12, " + FOUR, "32, 49, 3, 010203", "33, 0, 0, ''", "33, 0, 2, 0102"})
    void version2_ofTheProxyItself_isTheConnectionItself(int command, int protocol, int length, String rest) {
        Read read = read(binary(command, protocol, length, rest + "16"));
        assertThat(read.header()).isEqualTo(ProxyHeader.LOCAL);
        assertThat(read.taken()).isEqualTo(16 + length);
    }

    @ParameterizedTest
    @CsvSource({
        "0x11, 0x11, 12, version 1",
        "0x31, 0x11, 12, version 3",
        "0x22, 0x11, 12, another command",
        "0x21, 0x12, 12, UDP",
        "0x21, 0x31, 216, a Unix socket",
        "0x21, 0x11, 11, too short for its addresses",
        "0x21, 0x21, 35, too short for its addresses",
        "0x21, 0x11, 0, without addresses",
        "0x21, 0x11, 4081, too long",
        "0x20, 0x00, 65535, too long"
    })
    void version2_thatIsNotExactlyOne_isRefusedBeforeTheRestIsAskedFor(
            String command, String protocol, int length, String why) {
        assertThat(why).isNotEmpty();
        mustBeRefused(binary(Integer.decode(command), Integer.decode(protocol), length, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000cb0071019c400015",
                "e0000001cb0071019c400015",
                "c6336407cb00710100000015",
                "c6336407cb0071019c400000"
            })
    void version2_withAnAddressThatNoClientHas_isRefused(String addresses) {
        assertThatThrownBy(() -> read(binary(0x21, 0x11, 12, addresses))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void version2_ofTheGreatestLength_isRead() {
        int tlvs = ProxyHeaderParser.MAX_LENGTH - 16 - 12;
        assertThat(read(binary(0x21, 0x11, 12 + tlvs, FOUR + "00".repeat(tlvs))).taken())
                .isEqualTo(4096);
    }
}
