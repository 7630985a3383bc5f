package dev.portside.transport;

import static dev.portside.transport.DataConnectionException.Failure.ABORTED;
import static dev.portside.transport.DataConnectionException.Failure.NO_FREE_PORT;
import static dev.portside.transport.DataConnectionException.Failure.TIMED_OUT;
import static dev.portside.transport.Loopback.LOCALHOST;
import static dev.portside.transport.Loopback.LONG;
import static dev.portside.transport.Loopback.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.portside.protocol.PortRange;
import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Threads;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SharedDataPortsTest {
    private static final DataPeer LOCAL = DataPeer.exactly(LOCALHOST);
    private static final DataPeer OTHER = DataPeer.exactly(STRANGER);

    private final LinkedBlockingQueue<InetSocketAddress> strangers = new LinkedBlockingQueue<>();
    private @Nullable SharedDataPorts open;

    private SharedDataPorts onePort(@Nullable ProxiedPeer proxied) throws IOException {
        // Below the ports that the kernel gives away by itself.
        for (int port = 20_000; open == null; port++) {
            try {
                open = SharedDataPorts.open(List.of(LOCALHOST), List.of(new PortRange(port, port)), proxied);
            } catch (IOException taken) {
                assertThat(port).isLessThan(30_000);
            }
        }
        return open;
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
    }

    private PassiveDataPort reserve(SharedDataPorts ports, DataPeer peer) throws DataConnectionException {
        return ports.reserve(LOCALHOST, peer, null, strangers::add);
    }

    private static Socket connect(PassiveDataPort port, InetAddress from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(port.address());
        socket.setSoTimeout((int) LONG.toMillis());
        return socket;
    }

    private static Failure failure(Exception failure) {
        assertThat(failure).isInstanceOf(DataConnectionException.class);
        return ((DataConnectionException) failure).failure();
    }

    // Who can be told apart

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 32, 192.0.2.2, 32, true",
        "192.0.2.1, 32, 192.0.2.1, 32, false",
        "192.0.2.1, 24, 192.0.2.200, 32, false",
        "192.0.2.1, 24, 192.0.3.1, 32, true",
        "192.0.2.1, 23, 192.0.3.1, 24, false",
        "192.0.2.1, 25, 192.0.2.129, 25, true",
        "2001:db8::1, 64, 2001:db8::2, 128, false",
        "2001:db8::1, 64, 2001:db8:0:1::2, 64, true",
        "2001:db8::1, 128, 192.0.2.1, 32, true",
        "::ffff:192.0.2.1, 32, 192.0.2.1, 32, false"
    })
    void networks_areApart_whenNoAddressIsOfBoth(String one, int bits, String two, int others, boolean apart) {
        DataPeer first = DataPeer.within(InetAddress.ofLiteral(one), bits);
        DataPeer second = DataPeer.within(InetAddress.ofLiteral(two), others);
        assertThat(first.isApartFrom(second)).isEqualTo(apart);
        assertThat(second.isApartFrom(first)).isEqualTo(apart);
        assertThat(first.test(InetAddress.ofLiteral(one))).isTrue();
        assertThat(first.test(InetAddress.ofLiteral(two))).isEqualTo(!apart && others >= bits);
    }

    @Test
    void whoTakesAnyAddress_sharesWithNobody() throws Exception {
        SharedDataPorts ports = onePort(null);
        try (PassiveDataPort any = reserve(ports, DataPeer.anyOf(address -> true))) {
            assertThatThrownBy(() -> reserve(ports, LOCAL))
                    .asInstanceOf(type(DataConnectionException.class))
                    .satisfies(none -> assertThat(none.failure()).isEqualTo(NO_FREE_PORT))
                    .satisfies(none ->
                            assertThat(none).hasMessageStartingWith("every passive port is taken for this client"));
            assertThat(any.address().getAddress()).isEqualTo(LOCALHOST);
        }
        assertThat(ports.refused()).isEqualTo(1);
        reserve(ports, LOCAL).close();
        assertThat(ports.reserved()).isZero();
    }

    // Opening

    @ParameterizedTest
    @EnumSource
    void open_givesTheConnectionOfThePeer_whateverTheOrder(Threads threads) throws Exception {
        SharedDataPorts ports = onePort(null);
        try (PassiveDataPort one = reserve(ports, LOCAL);
                PassiveDataPort two = reserve(ports, OTHER)) {
            Running<DataConnection> opening = threads.run(() -> one.open(Loopback.IMAGE, LONG, LONG));
            try (Socket second = connect(two, STRANGER);
                    Socket first = connect(one, LOCALHOST);
                    DataConnection data = opening.result();
                    DataConnection other = two.open(Loopback.IMAGE, LONG, LONG)) {
                assertThat(data.remoteAddress()).isEqualTo(first.getLocalSocketAddress());
                assertThat(other.remoteAddress()).isEqualTo(second.getLocalSocketAddress());
                other.write(ByteBuffer.wrap(new byte[] {42}));
                assertThat(second.getInputStream().read()).isEqualTo(42);
            }
        }
        assertThat(strangers).isEmpty();
    }

    @Test
    void open_whenNobodyComes_timesOut_andNamesWhoCameInstead() throws Exception {
        SharedDataPorts ports = onePort(null);
        PassiveDataPort port = reserve(ports, LOCAL);
        try (Socket stranger = connect(port, STRANGER)) {
            assertThat(strangers.take()).isEqualTo(stranger.getLocalSocketAddress());
            Running<DataConnection> opening =
                    Threads.VIRTUAL.run(() -> port.open(Loopback.IMAGE, Duration.ofMillis(100), LONG));
            Exception late = opening.failure();
            assertThat(failure(late)).isEqualTo(TIMED_OUT);
            assertThat(late).hasMessageContaining("only 127.0.0.2:");
        }
        assertThat(ports.reserved()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void close_endsOpen_andSoDoesAnInterrupt(Threads threads) throws Exception {
        SharedDataPorts ports = onePort(null);
        PassiveDataPort port = reserve(ports, LOCAL);
        Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
        Loopback.awaitWaiting(opening.thread());
        port.close();
        assertThat(failure(opening.failure())).isEqualTo(ABORTED);

        PassiveDataPort next = reserve(ports, LOCAL);
        Running<DataConnection> again = threads.run(() -> next.open(Loopback.IMAGE, LONG, LONG));
        Loopback.awaitWaiting(again.thread());
        again.thread().interrupt();
        assertThat(failure(again.failure())).isEqualTo(ABORTED);
        assertThat(ports.reserved()).isZero();
    }

    @Test
    void close_ofAllPorts_endsEverything() throws Exception {
        SharedDataPorts ports = onePort(null);
        PassiveDataPort other = reserve(ports, OTHER);
        try (Socket parked = connect(other, STRANGER)) {
            // They are accepted in the order in which they come: what came before this one has been accepted.
            try (PassiveDataPort behind = reserve(ports, LOCAL);
                    Socket _ = connect(behind, LOCALHOST)) {
                behind.open(Loopback.IMAGE, LONG, LONG).abort();
            }
            PassiveDataPort port = reserve(ports, LOCAL);
            Running<DataConnection> opening = Threads.VIRTUAL.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
            Loopback.awaitWaiting(opening.thread());
            ports.close();
            assertThat(failure(opening.failure())).isEqualTo(ABORTED);
            assertThat(parked.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> connect(port, LOCALHOST)).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> reserve(ports, LOCAL)).isInstanceOf(DataConnectionException.class);
        }
    }

    // Behind a proxy

    /** The last number of the address, in one byte. */
    private static final class ToyHeader implements ProxiedPeer {
        @Override
        public boolean isExpected(InetAddress from) {
            return from.equals(STRANGER);
        }

        @Override
        public InetSocketAddress peer(SocketChannel channel) throws IOException {
            ByteBuffer number = ByteBuffer.allocate(1);
            if (channel.read(number) < 1) {
                throw new IOException("no header");
            }
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, number.get(0)}), 4711);
        }
    }

    @Test
    void proxy_tellsWhoseItsConnectionsAre_andASlowOneHoldsUpNobody() throws Exception {
        SharedDataPorts ports = onePort(new ToyHeader());
        DataPeer behind = DataPeer.exactly(InetAddress.ofLiteral("10.0.0.7"));
        try (PassiveDataPort port = reserve(ports, behind);
                PassiveDataPort direct = reserve(ports, LOCAL);
                Socket slow = connect(port, STRANGER);
                Socket proxied = connect(port, STRANGER);
                Socket own = connect(port, LOCALHOST)) {
            proxied.getOutputStream().write(new byte[] {7, 42});
            try (DataConnection data = port.open(Loopback.IMAGE, LONG, LONG);
                    DataConnection mine = direct.open(Loopback.IMAGE, LONG, LONG)) {
                assertThat(data.remoteAddress()).isEqualTo(new InetSocketAddress("10.0.0.7", 4711));
                ByteBuffer read = ByteBuffer.allocate(1);
                assertThat(data.read(read)).isEqualTo(1);
                assertThat(read.get(0)).isEqualTo((byte) 42);
                assertThat(mine.remoteAddress()).isEqualTo(own.getLocalSocketAddress());
            }
            slow.getOutputStream().write(8);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            assertThat(strangers.take().getAddress()).isEqualTo(InetAddress.ofLiteral("10.0.0.8"));
        }
    }
}
