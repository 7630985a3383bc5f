package dev.portside.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.168.0.0/16, 192.168.255.255, true",
        "192.168.0.0/16, 192.169.0.0, false",
        "192.168.3.4/30, 192.168.3.7, true",
        "192.168.3.4/30, 192.168.3.8, false",
        "198.51.100.7, 198.51.100.7, true",
        "198.51.100.7, 198.51.100.6, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "fe80::1, fe80::1, true",
        "127.0.0.0/8, ::ffff:127.0.0.1, true"
    })
    void network_containsWhatBeginsWithItsBits(String network, String address, boolean contained) {
        assertThat(ClientNetwork.parse(network).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "::/129",
                "localhost",
                "localhost/8",
                "10.0.0.0/ 8",
                "300.0.0.1",
                "10.0.0.0/1e1"
            })
    void whatIsNoNetwork_isRefusedAndQuoted(String text) {
        assertThatThrownBy(() -> ClientNetwork.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void network_isWrittenAsItIsRead_withoutTheBitsOfHosts() {
        assertThat(ClientNetwork.parse("192.168.7.9/16")).hasToString("192.168.0.0/16");
        assertThat(ClientNetwork.parse("2001:db8:0:0::5/32")).hasToString("2001:db8::/32");
        assertThat(ClientNetwork.parse("192.0.2.1")).hasToString("192.0.2.1/32");
    }
}
