package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.testkit.Content;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Small files, one behind the other: without a range of ports the session's port stays where it is for a while. */
class BurstTest extends Conformance {
    private static final int MOST_AT_ONE_PORT = 100;

    private static byte[] retrieved(ScriptedClient client, InetSocketAddress port, String name) throws IOException {
        try (Socket data = client.connectData(port)) {
            client.command("RETR " + name, 150);
            byte[] bytes = ScriptedClient.readAll(data);
            client.expect(226);
            return bytes;
        }
    }

    @Test
    void files_behindEachOther_comeWhole_andNoPortServesMoreThanAHundred() throws Exception {
        for (int i = 0; i < 10; i++) {
            server.file("small" + i, new Content(1000 + i, i).bytes());
        }
        Map<InetSocketAddress, Integer> transfers = new HashMap<>();
        try (ScriptedClient client = server.login()) {
            client.command("TYPE I", 200);
            for (int i = 0; i < 250; i++) {
                InetSocketAddress port = client.epsv();
                transfers.merge(port, 1, Integer::sum);
                assertThat(retrieved(client, port, "small" + i % 10))
                        .isEqualTo(new Content(1000 + i % 10, i % 10).bytes());
            }
        }
        assertThat(transfers.values()).allSatisfy(count -> assertThat(count).isBetween(1, MOST_AT_ONE_PORT));
    }

    /** However early somebody is at the port, from the client's own address: nothing comes there but the end. */
    @Test
    void whoConnectsBetweenTwoTransfers_getsNothing() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("TYPE I", 200);
            int came = 0;
            for (int i = 0; i < 500 && came < 5; i++) {
                InetSocketAddress port = client.epsv();
                assertThat(retrieved(client, port, "a.bin")).isEqualTo(CONTENT.bytes());
                try (Socket early = client.connectData(port)) {
                    came++;
                    assertThat(retrieved(client, client.epsv(), "a.bin")).isEqualTo(CONTENT.bytes());
                    assertThat(bytesOf(early)).isZero();
                } catch (ConnectException closedByThen) {
                    // The session took a moment too long, and the port was given back.
                }
            }
            assertThat(came).as("how often somebody was in time").isPositive();
        }
    }

    private static int bytesOf(Socket socket) throws IOException {
        try {
            return ScriptedClient.readAll(socket).length;
        } catch (SocketException reset) {
            return 0;
        }
    }

    @Test
    void aPortWithoutATransfer_isClosed_whenTheNextOneIsAskedFor() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("TYPE I", 200);
            InetSocketAddress unused = client.epsv();
            InetSocketAddress next = client.epsv();
            assertThat(next).isNotEqualTo(unused);
            assertThatThrownBy(() -> client.connectData(unused)).isInstanceOf(ConnectException.class);
            assertThat(retrieved(client, next, "a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void aSessionThatRests_listensNowhere() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("TYPE I", 200);
            InetSocketAddress port = client.epsv();
            assertThat(retrieved(client, port, "a.bin")).isEqualTo(CONTENT.bytes());
            await("the port to be closed", () -> {
                try (Socket socket = client.connectData(port)) {
                    return !socket.isConnected();
                } catch (IOException refused) {
                    return true;
                }
            });
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void sessionsOfOneAddress_getTheirOwnFiles() throws Exception {
        int sessions = 8;
        for (int i = 0; i < sessions; i++) {
            server.file("own" + i, new Content(2000, i).bytes());
        }
        try (ExecutorService clients = Executors.newFixedThreadPool(sessions)) {
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                int number = i;
                done.add(clients.submit(() -> ownFiles(number)));
            }
            for (Future<Integer> each : done) {
                assertThat(each.get()).isEqualTo(60);
            }
        }
    }

    private int ownFiles(int number) throws IOException {
        byte[] own = new Content(2000, number).bytes();
        int right = 0;
        try (ScriptedClient client = server.login()) {
            client.command("TYPE I", 200);
            while (right < 60) {
                assertThat(retrieved(client, client.epsv(), "own" + number)).isEqualTo(own);
                right++;
            }
        }
        return right;
    }
}
