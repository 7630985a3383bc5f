package dev.portside.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FtpProxyTest {
    @ParameterizedTest
    @CsvSource({
        "socks5://proxy, socks5://proxy:1080",
        "SOCKS5h://proxy:99/, socks5://proxy:99",
        "http://proxy, http://proxy:8080",
        "http://[2001:db8::1]:3128, http://[2001:db8::1]:3128",
        "socks5://[::1], socks5://[::1]:1080",
        "socks5://alice:s3cret@proxy, socks5://alice@proxy:1080",
        "http://alice:p@ss@proxy, http://alice@proxy:8080"
    })
    void urls_areRead_andShownWithoutThePassword(String url, String shown) {
        assertThat(FtpProxy.parse(url)).hasToString(shown);
    }

    @Test
    void userAndPassword_canBePercentEncoded() {
        FtpProxy proxy = FtpProxy.parse("socks5://dom%5Cal%20ice:p%40%3A+%2B@proxy");
        assertThat(proxy.user()).isEqualTo("dom\\al ice");
        assertThat(proxy.password()).isEqualTo("p@:++");
        assertThat(proxy).isEqualTo(FtpProxy.socks5("PROXY", 1080).login("dom\\al ice", "p@:++"));
        assertThat(proxy).isNotEqualTo(FtpProxy.socks5("proxy", 1080));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy:1080",
                "https://alice:s3cret@proxy",
                "socks4://alice:s3cret@proxy",
                "socks5://",
                "socks5://alice:s3cret@",
                "socks5://alice:s3cret@proxy:0",
                "socks5://alice:s3cret@proxy:65536",
                "socks5://alice:s3cret@proxy:x",
                "socks5://alice:s3cret@proxy/path",
                "socks5://alice:s3cret%4@proxy",
                "socks5://:s3cret@proxy",
                "socks5://s3cret@proxy",
                "socks5://alice:s3cret%0A@proxy",
                "http://a%3Alice:s3cret@proxy"
            })
    void whatIsNone_isRefused_withoutShowingThePassword(String url) {
        assertThatThrownBy(() -> FtpProxy.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret");
    }
}
