package dev.portside.transport;

import static dev.portside.transport.DataConnectionException.Failure.ABORTED;
import static dev.portside.transport.DataConnectionException.Failure.LOCAL_ADDRESS;
import static dev.portside.transport.DataConnectionException.Failure.REFUSED;
import static dev.portside.transport.DataConnectionException.Failure.TIMED_OUT;
import static dev.portside.transport.DataConnectionException.Failure.UNREACHABLE;
import static dev.portside.transport.Loopback.LOCALHOST;
import static dev.portside.transport.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.transport.DataConnectionException.Failure;
import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActiveDataPortTest {
    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 16, LOCALHOST);
    }

    private static InetSocketAddress address(ServerSocket listener) {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static DataConnectionException failure(
            @Nullable InetSocketAddress local, InetSocketAddress remote, Duration wait) {
        ActiveDataPort port = new ActiveDataPort(local, remote);
        return Assertions.catchThrowableOfType(
                DataConnectionException.class,
                () -> port.open(Loopback.IMAGE, wait, LONG).close());
    }

    @ParameterizedTest
    @EnumSource
    void open_connectsToThePeer(Threads threads) throws Exception {
        try (ServerSocket listener = listener()) {
            ActiveDataPort port = new ActiveDataPort(null, address(listener));
            Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
            try (Socket peer = listener.accept();
                    DataConnection data = opening.result()) {
                port.close();
                data.write(ByteBuffer.wrap(new byte[] {42}));
                assertThat(peer.getInputStream().read()).isEqualTo(42);
                assertThat(data.remoteAddress()).isEqualTo(address(listener));
            }
        }
    }

    @Test
    void fixedLocalPort_isUsedByManyAtOnce_andAgainAtOnce() throws Exception {
        InetSocketAddress local;
        try (ServerSocket free = listener()) {
            local = address(free);
        }
        for (int round = 0; round < 2; round++) {
            List<AutoCloseable> open = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ServerSocket listener = listener();
                DataConnection data = new ActiveDataPort(local, address(listener)).open(Loopback.IMAGE, LONG, LONG);
                assertThat(data.localAddress()).isEqualTo(local);
                // This side closes first, and so keeps the port in TIME_WAIT.
                open.add(data);
                open.add(listener.accept());
                open.add(listener);
            }
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    @Test
    void open_whereNobodyListens_isRefused() throws Exception {
        InetSocketAddress dead;
        try (ServerSocket listener = listener()) {
            dead = address(listener);
        }
        DataConnectionException refused = failure(null, dead, LONG);
        assertThat(refused.failure()).isEqualTo(REFUSED);
        assertThat(refused.remote()).isEqualTo(dead);
        assertThat(refused).hasMessage("the connection to 127.0.0.1:" + dead.getPort() + " was refused");
    }

    @Test
    void open_whereThereIsNoWay_isUnreachable() {
        // TCP to a broadcast address goes nowhere, on any host.
        InetSocketAddress broadcast = new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), 20_000);
        assertThat(failure(null, broadcast, LONG).failure()).isEqualTo(UNREACHABLE);
    }

    @Test
    void open_fromAnAddressThatIsNotOurs_namesTheLocalAddress() throws Exception {
        try (ServerSocket listener = listener()) {
            InetSocketAddress notOurs = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0);
            DataConnectionException failed = failure(notOurs, address(listener), LONG);
            assertThat(failed.failure()).isEqualTo(LOCAL_ADDRESS);
            assertThat(failed).hasMessageContaining("cannot connect from 192.0.2.1:0 to 127.0.0.1:");
        }
    }

    @Test
    void open_fromAnAddressOfTheOtherFamily_findsNoWay() throws Exception {
        try (ServerSocket listener = listener()) {
            InetSocketAddress six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
            assertThat(failure(six, address(listener), LONG).failure()).isIn(UNREACHABLE, LOCAL_ADDRESS);
        }
    }

    /** A listener whose queue is full: the kernel drops what comes, and nothing is answered. */
    private static final class BlackHole implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, LOCALHOST);
        private final List<SocketChannel> fillers = new ArrayList<>();

        BlackHole() throws IOException {
            for (int i = 0; i < 4; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(address());
                fillers.add(filler);
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            listener.close();
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_whereNothingAnswers_timesOut(Threads threads) throws Exception {
        try (BlackHole hole = new BlackHole()) {
            Running<DataConnectionException> failing =
                    threads.run(() -> failure(null, hole.address(), Duration.ofMillis(200)));
            assertThat(failing.result().failure()).isEqualTo(TIMED_OUT);
            assertThat(failing.result()).hasMessageEndingWith(" had no answer within 0.2 s");
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_endsOpen(Threads threads) throws Exception {
        try (BlackHole hole = new BlackHole()) {
            ActiveDataPort port = new ActiveDataPort(null, hole.address());
            Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
            Loopback.awaitWaiting(opening.thread());
            port.close();
            assertThat(opening.dataFailure()).isEqualTo(ABORTED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interrupt_endsOpen(Threads threads) throws Exception {
        try (BlackHole hole = new BlackHole()) {
            ActiveDataPort port = new ActiveDataPort(null, hole.address());
            Running<DataConnection> opening = threads.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
            Loopback.awaitWaiting(opening.thread());
            opening.thread().interrupt();
            assertThat(opening.dataFailure()).isEqualTo(ABORTED);
        }
    }

    @Test
    void open_ofAClosedPort_isAborted() throws Exception {
        try (ServerSocket listener = listener()) {
            ActiveDataPort port = new ActiveDataPort(null, address(listener));
            port.close();
            Running<DataConnection> opening = Threads.VIRTUAL.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
            assertThat(opening.dataFailure()).isEqualTo(ABORTED);
        }
    }

    /** Whatever the moment: either the connection is given and stays, or it is aborted; never a closed one is given. */
    @Test
    void close_atAnyMoment_neverGivesAClosedConnection() throws Exception {
        try (ServerSocket listener = listener()) {
            for (int i = 0; i < 300; i++) {
                ActiveDataPort port = new ActiveDataPort(null, address(listener));
                Running<DataConnection> opening = Threads.VIRTUAL.run(() -> port.open(Loopback.IMAGE, LONG, LONG));
                for (int spins = 0; spins < i * 20; spins++) {
                    Thread.onSpinWait();
                }
                port.close();
                try (DataConnection data = opening.result()) {
                    assertThat(data.isOpen()).isTrue();
                } catch (DataConnectionException aborted) {
                    assertThat(aborted.failure()).isEqualTo(Failure.ABORTED);
                }
                drain(listener);
            }
        }
    }

    private static void drain(ServerSocket listener) throws IOException {
        listener.setSoTimeout(1);
        try {
            listener.accept().close();
        } catch (SocketTimeoutException nobody) {
            // It was closed before it was connected.
        }
    }
}
