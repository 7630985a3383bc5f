package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    private static HostPort at(String address, int port) {
        return new HostPort(InetAddress.ofLiteral(address), port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Entering Passive Mode (192,0,2,1,195,80)",
                "Entering Passive Mode (192,0,2,1,195,80).",
                "Entering Passive Mode 192,0,2,1,195,80",
                "192,0,2,1,195,80",
                "=192,0,2,1,195,80",
                "Entering Passive Mode ( 192, 0, 2, 1, 195, 80 )",
                "Entering Passive Mode (192 ,0 ,2 ,1 ,195 ,80)",
                "Passive on 1,2 ports (192,0,2,1,195,80)"
            })
    void passive_isFoundInWhatServersWrite(String text) {
        assertThat(HostPort.parsePassive(text)).isEqualTo(at("192.0.2.1", 50000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no",
                "(1,2,3,4,5)",
                "(256,0,2,1,195,80)",
                "(192,0,2,1,0,0)",
                "(1920,0,2,1,195,80)",
                "(1.2.3.4,5,6)"
            })
    void passive_withoutAnAddress_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parsePassive(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Entering Extended Passive Mode (|||6446|)",
                "Entering Extended Passive Mode (|||6446|).",
                "Entering Extended Passive Mode |||6446|",
                "(!!!6446!)",
                "(###6446#)",
                "($$$6446$)",
                "(~~~6446~)",
                "((((6446()",
                "Extended |Passive| (|||6446|)"
            })
    void extendedPassive_isFoundWithAnyDelimiter(String text) {
        assertThat(HostPort.parseExtendedPassive(text)).isEqualTo(6446);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "(|||0|)",
                "(|||65536|)",
                "(|||99999|)",
                "(||6446|)",
                "(|||6446)",
                "(|!|6446|)",
                "(|||-1|)",
                "|||||||||"
            })
    void extendedPassive_withoutAPort_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parseExtendedPassive(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "0.0.0.0", "255.255.255.255", "127.0.0.1"})
    void ipv4_survivesBothForms(String address) {
        HostPort hostPort = at(address, 50001);
        assertThat(HostPort.parsePort(hostPort.portArgument())).isEqualTo(hostPort);
        assertThat(HostPort.parsePassive("(" + hostPort.portArgument() + ")")).isEqualTo(hostPort);
        assertThat(HostPort.parseEprt(hostPort.eprtArgument())).isEqualTo(hostPort);
        assertThat(hostPort.toString()).isEqualTo(address + ":50001");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "::", "2001:db8::1", "fe80::1", "2001:db8:1:2:3:4:5:6"})
    void ipv6_survivesEprt_andHasNoPortForm(String address) {
        HostPort hostPort = at(address, 1);
        assertThat(HostPort.parseEprt(hostPort.eprtArgument())).isEqualTo(hostPort);
        assertThatIllegalArgumentException().isThrownBy(hostPort::portArgument);
    }

    @Test
    void anIpv4AddressWrappedInIpv6_isThatIpv4Address() {
        assertThat(HostPort.parseEprt("|2|::ffff:192.0.2.1|50000|")).isEqualTo(at("192.0.2.1", 50000));
        assertThat(HostPort.parseEprt("|2|::ffff:c000:201|50000|").portArgument())
                .isEqualTo("192,0,2,1,195,80");
    }

    @Test
    void theScopeOfAnAddress_isNotSent() throws UnknownHostException {
        byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();
        HostPort scoped = new HostPort(java.net.Inet6Address.getByAddress(null, linkLocal, 3), 50000);
        assertThat(scoped.eprtArgument()).isEqualTo("|2|fe80::1|50000|");
        assertThat(scoped.toString()).isEqualTo("[fe80::1]:50000");
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parseEprt("|2|fe80::1%3|50000|"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"!1!192.0.2.1!50000!", "#1#192.0.2.1#50000#", "\\1\\192.0.2.1\\50000\\", "a1a192.0.2.1a50000a"})
    void eprt_mayHaveAnyDelimiter(String argument) {
        assertThat(HostPort.parseEprt(argument)).isEqualTo(at("192.0.2.1", 50000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|1|127.1|5000|",
                "|1|2130706433|5000|",
                "|1|0x7f.0.0.1|5000|",
                "|1|127.0.0.1 |5000|",
                "|2|[::1]|5000|"
            })
    void eprt_withAnAddressThatOnlySomeRead_isRefused(String argument) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parseEprt(argument));
    }

    @Test
    void eprt_ofAnotherProtocol_saysSo() {
        assertThatExceptionOfType(HostPort.UnsupportedProtocolException.class)
                .isThrownBy(() -> HostPort.parseEprt("|3|192.0.2.1|50000|"));
    }

    @Test
    void ports_areBounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> at("192.0.2.1", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> at("192.0.2.1", 65536));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "ff02:0:0:0:0:1:ff00:abcd, ff02::1:ff00:abcd"
    })
    void numeric_isTheShortFormOfRfc5952(String address, String expected) {
        assertThat(HostPort.numeric(InetAddress.ofLiteral(address))).isEqualTo(expected);
    }
}
