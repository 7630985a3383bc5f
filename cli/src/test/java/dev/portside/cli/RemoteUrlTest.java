package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.TlsMode;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.RepresentationType;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteUrlTest {
    private static RemoteUrl parse(String text) {
        return RemoteUrl.parse(text, NameCharset.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://host, ''",
        "ftp://host/, ''",
        "ftp://host/a, a",
        "ftp://host/a/, a",
        "ftp://host/a/b%20c, a/b c",
        "ftp://host/%2Fetc/motd, /etc/motd",
        "ftp://host/%2fetc, /etc",
        "ftp://host//etc/motd, /etc/motd",
        "ftp://host/%2F, /",
        "ftp://host/caf%C3%A9, café",
        "ftp://host/日本語, 日本語",
        "ftp://host/a;b, a;b",
        "ftp://host/a#b, a#b",
        "ftp://host/a;type=i, a",
        "FTP://host/A;TYPE=I, A",
    })
    void path_isWhatIsSent(String url, String path) {
        assertThat(parse(url).path()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://host/a, host, 21",
        "ftp://host:2121/a, host, 2121",
        "ftp://host:/a, host, 21",
        "ftp://192.0.2.1:2121, 192.0.2.1, 2121",
        "ftp://[2001:db8::1]/a, 2001:db8::1, 21",
        "ftp://[::1]:2121/a, ::1, 2121",
        "ftp://[fe80::1%25eth0]/a, fe80::1%eth0, 21",
        "ftp://münchen.example/a, xn--mnchen-3ya.example, 21",
        "ftp://joe@host/a, host, 21",
        "ftp://joe:p@ss@host:99/a, host, 99",
    })
    void hostAndPort(String url, String host, int port) {
        assertThat(parse(url).host()).isEqualTo(host);
        assertThat(parse(url).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://host/a, , OFF, 21",
        "ftpes://host/a, , EXPLICIT, 21",
        "FTPES://host/a, explicit, EXPLICIT, 21",
        "ftps://host/a, , IMPLICIT, 990",
        "ftps://host:/a, implicit, IMPLICIT, 990",
        "ftps://host:2121/a, implicit, IMPLICIT, 2121",
        "ftp://host/a, off, OFF, 21",
        "ftp://host/a, auto, AUTO, 21",
        "ftp://host/a, explicit, EXPLICIT, 21",
        "ftp://host/a, implicit, IMPLICIT, 990",
        "ftp://host:21/a, implicit, IMPLICIT, 21",
    })
    void tls_isOfTheSchemeOrAsked(String url, String asked, TlsMode tls, int port) {
        TlsMode mode = asked == null ? null : TlsMode.valueOf(asked.toUpperCase(Locale.ROOT));
        RemoteUrl parsed = RemoteUrl.parse(url, NameCharset.UTF_8, mode);
        assertThat(parsed.tls()).isEqualTo(tls);
        assertThat(parsed.port()).isEqualTo(port);
        assertThat(parsed.withPath("b").tls()).isEqualTo(tls);
    }

    @ParameterizedTest
    @CsvSource({
        "ftps://host/, OFF", "ftps://host/, AUTO", "ftps://host/, EXPLICIT",
        "ftpes://host/, OFF", "ftpes://host/, AUTO", "ftpes://host/, IMPLICIT",
    })
    void tls_thatContradictsTheScheme_isAUsageError(String url, TlsMode asked) {
        assertThatThrownBy(() -> RemoteUrl.parse(url, NameCharset.UTF_8, asked))
                .isInstanceOfSatisfying(
                        PortsideException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("contradicts");
    }

    @Test
    void portThatTheSchemeWouldNotGive_isShown() {
        assertThat(RemoteUrl.parse("ftp://host/a", NameCharset.UTF_8, TlsMode.IMPLICIT)
                        .toString())
                .isEqualTo("ftp://host:990/a");
    }

    @Test
    void login_isPercentDecoded() {
        RemoteUrl url = parse("ftp://joe%40example.org:p%3Aw%2Fd@host/a");
        assertThat(url.user()).isEqualTo("joe@example.org");
        assertThat(url.password()).isEqualTo("p:w/d");
    }

    @Test
    void emptyPassword_isAPassword() {
        assertThat(parse("ftp://joe:@host/").password()).isEmpty();
        assertThat(parse("ftp://joe@host/").password()).isNull();
        assertThat(parse("ftp://host/").user()).isNull();
    }

    @Test
    void slashAtTheEnd_saysDirectory() {
        assertThat(parse("ftp://host/a/").directory()).isTrue();
        assertThat(parse("ftp://host/").directory()).isTrue();
        assertThat(parse("ftp://host").directory()).isTrue();
        assertThat(parse("ftp://host/a").directory()).isFalse();
    }

    @Test
    void type_isOneOfThree() {
        assertThat(parse("ftp://host/a;type=A").representationType()).isEqualTo(RepresentationType.ASCII);
        assertThat(parse("ftp://host/a;type=i").representationType()).isEqualTo(RepresentationType.IMAGE);
        assertThat(parse("ftp://host/a;type=d").type()).isEqualTo('d');
        assertThat(parse("ftp://host/a").representationType()).isEqualTo(RepresentationType.IMAGE);
        assertThatThrownBy(() -> parse("ftp://host/a;type=x")).hasMessageContaining(";type= is a (text)");
    }

    @Test
    void byteThatIsNoCharacter_staysThatByte() {
        String path = parse("ftp://host/caf%E9").path();
        assertThat(NameCharset.UTF_8.encode(path)).isEqualTo("café".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(parse("ftp://host/caf%E9").toString()).isEqualTo("ftp://host/caf%E9");
    }

    @Test
    void otherCharset_decodesAsThat() {
        NameCharset latin1 = new NameCharset(StandardCharsets.ISO_8859_1);
        assertThat(RemoteUrl.parse("ftp://host/caf%E9", latin1).path()).isEqualTo("café");
    }

    @Test
    void encodedWildcard_isNone() {
        assertThat(parse("ftp://host/*.txt").isPattern()).isTrue();
        assertThat(parse("ftp://host/%2A.txt").isPattern()).isFalse();
        assertThat(parse("ftp://host/%2A.txt").path()).isEqualTo("*.txt");
        RemoteUrl both = parse("ftp://host/a%3F*");
        assertThat(new Glob(both.pattern()).matches("a?b")).isTrue();
        assertThat(new Glob(both.pattern()).matches("axb")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host/a",
                "http://host/a",
                "sftp://host/a",
                "ftpess://host/a",
                "ftps:host/a",
                "ftp:///a",
                "ftp://:2121/a",
                "ftp://host:0/",
                "ftp://host:65536/",
                "ftp://host:x/",
                "ftp://ho st/",
                "ftp://[::1/",
                "ftp://host/a%",
                "ftp://host/a%4",
                "ftp://host/a%zz",
                "ftp://host/a%0D%0ADELE%20b",
                "ftp://host/a%00",
                "ftp://jo%0Ae@host/",
            })
    void whatIsNoUrl_isAUsageError(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        PortsideException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ExitCode.USAGE));
    }

    @Test
    void password_isNeverShown() {
        assertThat(parse("ftp://joe:secret@host/a").toString()).isEqualTo("ftp://joe@host/a");
        assertThatThrownBy(() -> parse("ftp://joe:secret@host:x/a"))
                .hasMessageContaining("ftp://joe:****@host:x/a")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> parse("sftp://joe:secret@host/a")).hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/",
                "ftp://joe@host:2121/a/b%20c",
                "ftp://host/%2Fetc/motd",
                "ftp://[::1]:2121/%E6%97%A5;type=a",
                "ftpes://joe@host/a",
                "ftpes://host:990/a",
                "ftps://host/a",
                "ftps://host:21/a",
                "ftp://host/100%25%3F%2A",
            })
    void text_isReadAgainAsTheSame(String text) {
        assertThat(parse(text).toString()).isEqualTo(text);
    }

    @Test
    void sameServer_needsTheSameUser() {
        assertThat(parse("ftp://a@host/x").sameServer(parse("ftp://a@host:21/y")))
                .isTrue();
        assertThat(parse("ftp://a@host/x").sameServer(parse("ftp://b@host/y"))).isFalse();
        assertThat(parse("ftp://a@host/x").sameServer(parse("ftpes://a@host/x")))
                .isFalse();
    }
}
