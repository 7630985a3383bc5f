package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.protocol.HostPort;
import dev.portside.server.RunningServer;
import dev.portside.testkit.ScriptedClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** A client with an IPv4 address on a listener for everything, {@code ::}: it is an IPv4 client. */
class DualStackTest extends Conformance {
    @Test
    void ipv4Client_onADualStackListener_isServedAsOne() throws Exception {
        try (RunningServer both = RunningServer.at("::", home, options -> options)) {
            InetSocketAddress control = new InetSocketAddress(
                    InetAddress.ofLiteral("127.0.0.1"), both.address().getPort());
            try (ScriptedClient client = ScriptedClient.login(control, RunningServer.USER, RunningServer.PASSWORD)) {
                client.command("TYPE I", 200);
                HostPort named =
                        HostPort.parsePassive(client.command("PASV", 227).text());
                assertThat(named.address()).isEqualTo(control.getAddress());
                try (Socket data = client.connectData(new InetSocketAddress(named.address(), named.port()))) {
                    client.command("RETR a.bin", 150);
                    assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
                }
                client.expect(226);
                assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
                for (String verb : new String[] {"PORT", "EPRT"}) {
                    try (ServerSocket listener = client.active(verb)) {
                        client.send("RETR a.bin");
                        try (Socket data = ScriptedClient.accept(listener)) {
                            assertThat(ScriptedClient.readAll(data)).isEqualTo(CONTENT.bytes());
                        }
                        client.expect(150);
                        client.expect(226);
                    }
                }
                client.command("EPRT |2|::1|50000|", 522);
                client.command("EPRT |2|::ffff:127.0.0.1|50000|", 200, 501, 522);
                client.command("EPRT |2|::ffff:127.0.0.2|50000|", 501, 504, 522);
                client.command("PORT 127,0,0,2,200,200", 504);
                client.command("EPSV 2", 522);
                assertThat(String.join(" ", client.command("STAT", 211).lines()))
                        .contains("Connected from 127.0.0.1:");
            }
        }
    }

    @Test
    void ipv6Client_onADualStackListener_isServedAsOne() throws Exception {
        try (RunningServer both = RunningServer.at("::", home, options -> options)) {
            InetSocketAddress control = new InetSocketAddress(
                    InetAddress.ofLiteral("::1"), both.address().getPort());
            try (ScriptedClient client = ScriptedClient.login(control, RunningServer.USER, RunningServer.PASSWORD)) {
                client.command("TYPE I", 200);
                client.command("PASV", 425);
                assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
                client.command("EPRT |2|::2|50000|", 504);
                client.command("EPRT |2|::ffff:127.0.0.1|50000|", 501, 504, 522);
                client.command("PORT 127,0,0,1,200,200", 522);
            }
        }
    }
}
