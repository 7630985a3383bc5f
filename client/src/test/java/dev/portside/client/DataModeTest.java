package dev.portside.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.protocol.Command;
import dev.portside.protocol.InnerAddresses;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is decided about modes without a network. */
class DataModeTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.ofLiteral("192.168.1.5"), 0);
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 50_000);

    @Test
    void auto_triesPassiveFirst_andOverIpv6TheExtendedCommandsOnly() {
        assertThat(DataMode.AUTO.commands(false))
                .containsExactly(DataMode.EPSV, DataMode.PASV, DataMode.EPRT, DataMode.PORT);
        assertThat(DataMode.AUTO.commands(true)).containsExactly(DataMode.EPSV, DataMode.EPRT);
        assertThat(DataMode.PASV.commands(true)).containsExactly(DataMode.PASV);
    }

    @Test
    void innerAddresses_areThoseThatMeanNothingOutside() {
        for (String inner : List.of(
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.0.1",
                "169.254.1.1",
                "100.64.0.1",
                "::1",
                "fe80::1",
                "fd00::1")) {
            assertThat(InnerAddresses.isInner(InetAddress.ofLiteral(inner)))
                    .as(inner)
                    .isTrue();
        }
        for (String outer : List.of("192.0.2.1", "172.32.0.1", "100.128.0.1", "2001:db8::1")) {
            assertThat(InnerAddresses.isInner(InetAddress.ofLiteral(outer)))
                    .as(outer)
                    .isFalse();
        }
    }

    @Test
    void options_areCheckedAtTheDoor() {
        FtpClientOptions.Builder builder = FtpClientOptions.builder("[::1]");
        assertThat(builder.build().host()).isEqualTo("::1");
        assertThatThrownBy(() -> builder.port(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.port(65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.replyTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.type(RepresentationType.EBCDIC)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FtpClientOptions.builder("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.mode(nothing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.charset(nothing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.type(nothing())).isInstanceOf(NullPointerException.class);
        FtpClientOptions options =
                builder.port(2121).mode(DataMode.PASV).maxLine(99).build();
        FtpClientOptions copy = options.toBuilder().build();
        assertThat(copy).usingRecursiveComparison().isEqualTo(options);
    }

    /** What a caller without null checks may hand over. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    // Advice

    private static Attempt attempt(DataMode mode, int code, String text, Outcome outcome) {
        return new Attempt(
                mode,
                new Command.Pasv(),
                new Reply(new ReplyCode(code), text),
                CLIENT,
                SERVER,
                Duration.ofSeconds(5),
                outcome,
                outcome.toString());
    }

    private static String message(Attempt... attempts) {
        return new FtpDataConnectionException(new Command.Retr("a"), List.of(attempts), null).getMessage();
    }

    @Test
    void advice_whenTheServersFirewallDrops() {
        assertThat(message(attempt(DataMode.EPSV, 229, "(|||50000|)", Outcome.TIMED_OUT)))
                .isEqualTo("""
                        RETR a: no data connection could be made
                          EPSV: 229 (|||50000|): timed out (5 s)
                        What to change:
                          Passive: nothing answers at 192.0.2.1:50000. Open the server's passive ports in the firewall in \
                        front of it, and forward them one to one if it is behind NAT.""");
    }

    @Test
    void advice_whenTheServerNamesItsInnerAddress() {
        assertThat(message(attempt(DataMode.PASV, 227, "(10,0,0,5,195,80)", Outcome.TIMED_OUT)))
                .contains(
                        "227 names the server's inner address 10.0.0.5, so it is behind NAT: set its external address");
    }

    @Test
    void advice_doesNotTakeZeroesForAnAddress() {
        assertThat(message(attempt(DataMode.PASV, 227, "(0,0,0,0,195,80)", Outcome.TIMED_OUT)))
                .doesNotContain("0.0.0.0");
    }

    @Test
    void advice_whenAReplyNamesNoPort() {
        assertThat(message(attempt(DataMode.EPSV, 229, "all right", Outcome.REPLY_NOT_UNDERSTOOD)))
                .contains("names no port", "a gateway in between rewrites it");
    }

    @Test
    void advice_whenTheServerHasNoPassivePortLeft() {
        assertThat(message(attempt(DataMode.EPSV, 425, "no port", Outcome.COMMAND_REFUSED)))
                .contains("give it more passive ports");
    }

    @Test
    void advice_whenTheServerSeesAnotherAddress() {
        assertThat(message(attempt(DataMode.EPSV, 229, "(|||50000|)", Outcome.SERVER_HAS_NO_CONNECTION)))
                .contains("gives the data connection another address than the control connection");
    }

    @Test
    void advice_whenActiveModeCannotWorkFromHere() {
        assertThat(message(
                        attempt(DataMode.EPSV, 229, "(|||50000|)", Outcome.REFUSED),
                        attempt(DataMode.EPRT, 200, "okay", Outcome.TIMED_OUT)))
                .contains("Active: this client is behind NAT, and 192.168.1.5 is its inner address.");
        assertThat(message(attempt(DataMode.PORT, 500, "illegal PORT", Outcome.COMMAND_REFUSED)))
                .contains("Active: this client is behind NAT, and 192.168.1.5 is its inner address.")
                .contains("Or use passive mode");
    }

    @Test
    void advice_whenTheControlConnectionWasLost() {
        assertThat(message(attempt(DataMode.PORT, 200, "okay", Outcome.CONTROL_CONNECTION_LOST)))
                .contains("lost behind the transfer command. A gateway", "StatefulFtp disable")
                .doesNotContain("passive mode");
    }

    @Test
    void advice_whenTheProxyRefuses() {
        assertThat(message(attempt(DataMode.EPSV, 229, "(|||50000|)", Outcome.PROXY_REFUSED)))
                .contains("Proxy: it has to let connections through to the server's passive ports too");
        assertThat(message(attempt(DataMode.EPRT, 200, "okay", Outcome.PROXY_REFUSED)))
                .contains("Proxy: active mode takes BIND");
    }
}
