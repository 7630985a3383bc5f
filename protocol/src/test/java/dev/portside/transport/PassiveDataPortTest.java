package dev.portside.transport;

import static dev.portside.transport.DataConnectionException.Failure.ABORTED;
import static dev.portside.transport.DataConnectionException.Failure.LOCAL_ADDRESS;
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
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PassiveDataPortTest {
    private static final PortRange RANGE = new PortRange(24_000, 24_999);

    private final LinkedBlockingQueue<InetSocketAddress> strangers = new LinkedBlockingQueue<>();

    private PassiveDataPort listen(PortRange range) throws DataConnectionException {
        return PassiveDataPort.listen(LOCALHOST, range, LOCALHOST::equals, strangers::add);
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

    @ParameterizedTest
    @EnumSource
    void open_givesTheConnectionOfThePeer(Threads threads) throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
        try (Socket peer = connect(port, LOCALHOST);
                DataConnection data = opening.result()) {
            assertThat(data.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
            assertThat(data.localAddress()).isEqualTo(port.address());
            data.write(ByteBuffer.wrap(new byte[] {42}));
            assertThat(peer.getInputStream().read()).isEqualTo(42);
        }
        assertThat(strangers).isEmpty();
    }

    @Test
    void open_listensOn_untilThePortIsClosed() throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        try (Socket peer = connect(port, LOCALHOST);
                DataConnection data = port.open(Loopback.IMAGE, LONG, LONG)) {
            assertThat(data.isOpen()).isTrue();
            assertThat(peer.isConnected()).isTrue();
            try (Socket another = connect(port, LOCALHOST);
                    DataConnection next = port.open(Loopback.IMAGE, LONG, LONG)) {
                assertThat(next.remoteAddress()).isEqualTo(another.getLocalSocketAddress());
            }
            port.close();
            assertThatThrownBy(() -> connect(port, LOCALHOST)).isInstanceOf(ConnectException.class);
            assertThat(data.isOpen()).isTrue();
        }
    }

    @Test
    void listen_picksPortsOfTheRange_atRandom() throws Exception {
        List<Integer> ports = new ArrayList<>();
        Set<Integer> steps = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            try (PassiveDataPort port = listen(RANGE)) {
                ports.add(port.address().getPort());
            }
            if (i > 0) {
                steps.add(ports.get(i) - ports.get(i - 1));
            }
        }
        assertThat(ports).allSatisfy(port -> assertThat(port).isBetween(24_000, 24_999));
        assertThat(steps).hasSizeGreaterThan(10);
    }

    @Test
    void listen_takesTheLastFreePort_andThenFails() throws Exception {
        int first = freeRangeOfFour();
        PortRange four = new PortRange(first, first + 3);
        List<PassiveDataPort> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                taken.add(listen(four));
            }
            assertThatThrownBy(() -> listen(four))
                    .asInstanceOf(type(DataConnectionException.class))
                    .satisfies(none -> {
                        assertThat(none.failure()).isEqualTo(NO_FREE_PORT);
                        assertThat(none).hasMessage("every port of " + four + " is taken");
                    });
            taken.removeFirst().close();
            taken.add(listen(four));
        } finally {
            taken.forEach(PassiveDataPort::close);
        }
    }

    private static int freeRangeOfFour() throws IOException {
        for (int first = 25_000; ; first += 4) {
            try (ServerSocket a = new ServerSocket(first, 1, LOCALHOST);
                    ServerSocket b = new ServerSocket(first + 1, 1, LOCALHOST);
                    ServerSocket c = new ServerSocket(first + 2, 1, LOCALHOST);
                    ServerSocket d = new ServerSocket(first + 3, 1, LOCALHOST)) {
                return Math.min(
                        Math.min(a.getLocalPort(), b.getLocalPort()), Math.min(c.getLocalPort(), d.getLocalPort()));
            } catch (BindException taken) {
                assertThat(first).isLessThan(30_000);
            }
        }
    }

    @Test
    void listen_onAnAddressThatIsNotOurs_isNoLackOfPorts() {
        InetAddress notOurs = InetAddress.ofLiteral("192.0.2.1");
        for (PortRange range : List.of(PortRange.ANY, RANGE)) {
            assertThatThrownBy(() -> PassiveDataPort.listen(notOurs, range, LOCALHOST::equals, strangers::add))
                    .asInstanceOf(type(DataConnectionException.class))
                    .extracting(DataConnectionException::failure)
                    .isEqualTo(LOCAL_ADDRESS);
        }
    }

    @Test
    void stranger_isClosedAndTold_andTheWaitGoesOn() throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        Running<DataConnection> opening = Threads.VIRTUAL.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
        try (Socket stranger = connect(port, STRANGER)) {
            assertThat(strangers.take()).isEqualTo(stranger.getLocalSocketAddress());
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            try (Socket peer = connect(port, LOCALHOST);
                    DataConnection data = opening.result()) {
                assertThat(data.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
            }
        }
    }

    @Test
    void strangers_thatTakePlacesInTheQueue_doNotKeepThePeerOut() throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        List<Socket> early = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                early.add(connect(port, STRANGER));
            }
            try (Socket peer = connect(port, LOCALHOST);
                    DataConnection data = port.open(Loopback.IMAGE, LONG, LONG)) {
                assertThat(data.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
            }
            assertThat(strangers).hasSize(10);
        } finally {
            for (Socket socket : early) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_whenNobodyComes_timesOut(Threads threads) throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, Duration.ofMillis(100), LONG));
        assertThat(failure(opening.failure())).isEqualTo(TIMED_OUT);
        assertThatThrownBy(() -> connect(port, LOCALHOST)).isInstanceOf(ConnectException.class);
    }

    @Test
    void strangers_doNotProlongTheWait() throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        Running<DataConnection> opening =
                Threads.VIRTUAL.run(() -> port.open(Loopback.IMAGE, Duration.ofMillis(300), LONG));
        long began = System.nanoTime();
        while (!opening.future().isDone()) {
            try (Socket stranger = connect(port, STRANGER)) {
                stranger.getInputStream().read();
            } catch (SocketException closed) {
                // The wait is over.
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        Exception late = opening.failure();
        assertThat(failure(late)).isEqualTo(TIMED_OUT);
        assertThat(late).hasMessageContaining("only 127.0.0.2:").hasMessageEndingWith("which is not the peer");
    }

    @ParameterizedTest
    @EnumSource
    void close_endsOpen(Threads threads) throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
        Loopback.awaitWaiting(opening.thread());
        port.close();
        assertThat(failure(opening.failure())).isEqualTo(ABORTED);
    }

    @ParameterizedTest
    @EnumSource
    void interrupt_endsOpen(Threads threads) throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
        Loopback.awaitWaiting(opening.thread());
        opening.thread().interrupt();
        assertThat(failure(opening.failure())).isEqualTo(ABORTED);
    }

    @Test
    void open_ofAClosedPort_isAborted() throws Exception {
        PassiveDataPort port = listen(PortRange.ANY);
        port.close();
        assertThatThrownBy(() -> port.open(Loopback.IMAGE, LONG, LONG))
                .asInstanceOf(type(DataConnectionException.class))
                .extracting(DataConnectionException::failure)
                .isEqualTo(ABORTED);
    }

    /** The connection that is being judged must not stay open when the judge fails. */
    @Test
    void open_whenTheJudgeFails_closesTheConnection() throws Exception {
        PassiveDataPort port = PassiveDataPort.listen(
                LOCALHOST,
                PortRange.ANY,
                address -> {
                    throw new IllegalStateException("no judge");
                },
                strangers::add);
        try (Socket peer = connect(port, LOCALHOST)) {
            assertThatThrownBy(() -> port.open(Loopback.IMAGE, LONG, LONG)).isInstanceOf(IllegalStateException.class);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }
}
