package dev.portside.transport;

import static dev.portside.transport.Loopback.LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.Command;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.transport.Loopback.Running;
import dev.portside.transport.Loopback.Threads;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlConnectionTest {
    private static final int MAX_LINE = 1000;
    private static final Duration SHORT = Duration.ofMillis(300);

    private Loopback pair;
    private ControlConnection control;

    @BeforeEach
    void connect() throws IOException {
        pair = Loopback.connect();
        control = new ControlConnection(pair.channel(), NameCharset.UTF_8, MAX_LINE, LONG);
    }

    @AfterEach
    void close() throws IOException {
        control.close();
        pair.close();
    }

    private void send(String bytes) throws IOException {
        pair.peer().getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }

    private String line() throws IOException {
        return control.readLine(LONG);
    }

    @Test
    void line_endsInCrLf_orInABareLf() throws Exception {
        send("USER anna\r\nPASS \n\r\n\nA\rB\r\r\n");
        assertThat(line()).isEqualTo("USER anna");
        assertThat(line()).isEqualTo("PASS ");
        assertThat(line()).isEmpty();
        assertThat(line()).isEmpty();
        assertThat(line()).isEqualTo("A\rB\r");
        assertThat(control.hasBufferedInput()).isFalse();
    }

    @Test
    void line_thatComesByteByByte_isWhole() throws Exception {
        Running<String> reading = Threads.VIRTUAL.run(this::line);
        for (byte each : "RETR a.bin\r\n".getBytes(US_ASCII)) {
            pair.peer().getOutputStream().write(each);
        }
        assertThat(reading.result()).isEqualTo("RETR a.bin");
    }

    @Test
    void pipelinedLines_areReadOneByOne() throws Exception {
        send("NOOP\r\nSYST\r\nPW");
        assertThat(line()).isEqualTo("NOOP");
        assertThat(control.hasBufferedInput()).isTrue();
        assertThat(line()).isEqualTo("SYST");
        send("D\r\n");
        assertThat(line()).isEqualTo("PWD");
    }

    @Test
    void peek_readsNothing_andLosesNothing() throws Exception {
        assertThatThrownBy(() -> control.peek(Duration.ofMillis(10))).isInstanceOf(SocketTimeoutException.class);
        send("NOOP\r\n");
        assertThat(control.peek(LONG)).isEqualTo('N');
        assertThat(control.peek(LONG)).isEqualTo('N');
        assertThat(line()).isEqualTo("NOOP");
        pair.peer().shutdownOutput();
        assertThat(control.peek(LONG)).isEqualTo(-1);
    }

    @Test
    void line_ofTheLongestLength_isRead_withEitherEnd() throws Exception {
        String longest = "x".repeat(MAX_LINE);
        send(longest + "\r\n" + longest + "\n");
        assertThat(line()).isEqualTo(longest);
        assertThat(line()).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX_LINE + 1, 5 * MAX_LINE, 500_000})
    void line_thatIsTooLong_isRefused_andTheNextIsRead(int length) throws Exception {
        Running<Void> sending = Threads.VIRTUAL.run(() -> {
            send("x".repeat(length) + "\r\n" + "NOOP\r\n");
            return null;
        });
        assertThatThrownBy(this::line).isInstanceOf(LineTooLongException.class);
        assertThat(line()).isEqualTo("NOOP");
        sending.result();
    }

    @Test
    void line_withoutEnd_closesTheConnection() throws Exception {
        Running<Void> sending = Threads.VIRTUAL.run(() -> {
            byte[] some = new byte[10_000];
            while (true) {
                pair.peer().getOutputStream().write(some);
            }
        });
        assertThatThrownBy(this::line).isInstanceOf(LineTooLongException.class);
        assertThat(control.isOpen()).isFalse();
        assertThat(sending.failure()).isInstanceOf(SocketException.class);
    }

    @Test
    void end_isNull_alsoBehindHalfALine() throws Exception {
        send("NOOP\r\nQUI");
        pair.peer().shutdownOutput();
        assertThat(line()).isEqualTo("NOOP");
        assertThat(line()).isNull();
        assertThat(line()).isNull();
    }

    /** Every Telnet sequence, at every place around the end of the read buffer of 512 bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff\u00f4", // IP
                "\u00ff\u00f2", // DM
                "\u00ff\u00f4\u00ff\u00f2", // IP DM
                "\u00ff\u00fb\u0001", // WILL ECHO
                "\u00ff\u00fd\u00ff", // DO 255
                "\u00ff\u00fa\u0018\u0001xterm\u00ff\u00ffy\u00ff\u00f0" // SB TERMINAL-TYPE IS … SE
            })
    void telnetSequence_isDropped_alsoAtTheEdgeOfTheBuffer(String sequence) throws Exception {
        for (int before = 490; before <= 515; before++) {
            String name = "x".repeat(before);
            send(name + sequence + "y\r\nNOOP\r\n");
            assertThat(line()).isEqualTo(name + "y");
            assertThat(line()).isEqualTo("NOOP");
        }
    }

    @Test
    void iacIac_isAByte255() throws Exception {
        control.charset(new NameCharset(ISO_8859_1));
        for (int before = 505; before <= 515; before++) {
            String name = "x".repeat(before);
            send(name + "\u00ff\u00ff\u00e9\r\n");
            assertThat(line()).isEqualTo(name + "\u00ff\u00e9");
        }
    }

    @Test
    void byte255_ofAName_isSentTwice() throws Exception {
        control.charset(new NameCharset(ISO_8859_1));
        control.write(new Command.Retr("\u00ff.txt"));
        assertThat(pair.peer().getInputStream().readNBytes(13))
                .isEqualTo("RETR \u00ff\u00ff.txt\r\n".getBytes(ISO_8859_1));
    }

    @Test
    void abor_behindASynch_isRead() throws Exception {
        send("NOOP\r\n\u00ff\u00f4\u00ff");
        pair.peer().sendUrgentData(0xf2);
        send("ABOR\r\n");
        assertThat(line()).isEqualTo("NOOP");
        assertThat(line()).isEqualTo("ABOR");
    }

    @Test
    void abor_whoseSynchEndsInAnUrgentIac_isRead() throws Exception {
        send("\u00ff\u00f4");
        pair.peer().sendUrgentData(0xff);
        send("\u00f2ABOR\r\n");
        assertThat(line()).isEqualTo("ABOR");
    }

    @Test
    void name_thatIsNotUtf8_survives() throws Exception {
        send("RETR \u00e9.txt\r\n");
        String line = line();
        control.write(new Command.Retr(line.substring(5)));
        assertThat(pair.peer().getInputStream().readNBytes(12)).isEqualTo("RETR \u00e9.txt\r\n".getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @EnumSource
    void drippingPeer_getsNoMoreTimeThanASilentOne(Threads threads) throws Exception {
        Running<String> reading = threads.run(() -> control.readLine(SHORT));
        long began = System.nanoTime();
        try {
            OutputStream out = pair.peer().getOutputStream();
            while (!reading.future().isDone()) {
                out.write('x');
                reading.thread().join(Duration.ofMillis(10));
            }
        } catch (SocketException closed) {
            // It was closed: what follows tells why.
        }
        assertThat(reading.failure()).isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(SHORT, Duration.ofSeconds(10));
    }

    @Test
    void line_inTime_isRead_afterManyShortWaits() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> control.readLine(Duration.ofMillis(10)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        send("NOOP\r\n");
        assertThat(control.readLine(Duration.ZERO)).isEqualTo("NOOP");
    }

    @Test
    void reply_andCommand_leaveInOneWriteEach() throws Exception {
        Loopback another = Loopback.connect();
        try (CountingChannel channel = new CountingChannel(another.channel());
                ControlConnection counted = new ControlConnection(channel, NameCharset.UTF_8, MAX_LINE, LONG)) {
            String feat = "211-Features\r\n EPSV\r\n SIZE\r\n211 End\r\n";
            counted.write(new Reply(ReplyCode.SYSTEM_STATUS_211, List.of("Features", "EPSV", "SIZE", "End")));
            counted.write(new Command.Retr("日本.txt"));
            counted.write(new Reply(ReplyCode.COMMAND_OKAY_200, "okay"));
            assertThat(channel.writes).containsExactly(feat.length(), "RETR 日本.txt\r\n".getBytes(UTF_8).length, 10);
            assertThat(another.channel().getOption(StandardSocketOptions.TCP_NODELAY))
                    .isTrue();
            assertThat(another.peer().getInputStream().readNBytes(feat.length()))
                    .isEqualTo(feat.getBytes(US_ASCII));
        } finally {
            another.close();
        }
    }

    @Test
    void keepAlive_isOn_andBuffersAreLeftToTheKernel() throws Exception {
        Loopback untouched = Loopback.connect();
        try {
            assertThat(pair.channel().getOption(StandardSocketOptions.SO_KEEPALIVE))
                    .isTrue();
            assertThat(pair.channel().getOption(StandardSocketOptions.SO_SNDBUF))
                    .isEqualTo(untouched.channel().getOption(StandardSocketOptions.SO_SNDBUF));
        } finally {
            untouched.close();
        }
    }

    @Test
    void repliesOfManyThreads_doNotMix() throws Exception {
        List<Running<Void>> writers = IntStream.range(0, 4)
                .mapToObj(i -> Threads.VIRTUAL.<Void>run(() -> {
                    for (int n = 0; n < 200; n++) {
                        control.write(new Reply(ReplyCode.SYSTEM_STATUS_211, List.of("a" + i, "b" + i, "c" + i)));
                    }
                    return null;
                }))
                .toList();
        String one = "211-a0\r\n b0\r\n211 c0\r\n";
        String all = new String(pair.peer().getInputStream().readNBytes(800 * one.length()), US_ASCII);
        assertThat(all).matches("(211-a(\\d)\\r\\n b\\2\\r\\n211 c\\2\\r\\n){800}");
        for (Running<Void> writer : writers) {
            writer.result();
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_toAPeerThatDoesNotRead_isGivenUp(Threads threads) throws Exception {
        Loopback another = Loopback.connect();
        try (ControlConnection bounded = new ControlConnection(another.channel(), NameCharset.UTF_8, MAX_LINE, SHORT)) {
            Reply large = new Reply(ReplyCode.SYSTEM_STATUS_211, "x".repeat(1 << 20));
            Running<Void> writing = threads.run(() -> {
                while (true) {
                    bounded.write(large);
                }
            });
            assertThat(writing.failure()).isInstanceOf(SocketTimeoutException.class);
            assertThat(bounded.isOpen()).isFalse();
        } finally {
            another.close();
        }
    }

    /** A thread waits for a line, as it does in every session, with the time-out that makes the socket non-blocking. */
    @Test
    void write_whileAnotherThreadReads_sendsAllOfALargeReply() throws Exception {
        Running<String> reading = Threads.PLATFORM.run(this::line);
        Reply large = new Reply(ReplyCode.SYSTEM_STATUS_211, "x".repeat(20 << 20));
        Running<Void> writing = Threads.PLATFORM.run(() -> {
            control.write(large);
            return null;
        });
        assertThat(pair.peer().getInputStream().readNBytes((20 << 20) + 6)).hasSize((20 << 20) + 6);
        writing.result();
        send("NOOP\r\n");
        assertThat(reading.result()).isEqualTo("NOOP");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200_000})
    void close_givesThePeerTheLastReply_alsoWhenItSentWhatNobodyRead(int unread) throws Exception {
        pair.peer().getOutputStream().write(new byte[unread]);
        control.write(new Reply(ReplyCode.SERVICE_NOT_AVAILABLE_421, "closing"));
        control.close();
        assertThat(new String(pair.peer().getInputStream().readAllBytes(), US_ASCII))
                .isEqualTo("421 closing\r\n");
        assertThat(control.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void close_endsAReadOfAnotherThread(Threads threads) throws Exception {
        Running<String> reading = threads.run(() -> control.readLine(LONG));
        Loopback.awaitWaiting(reading.thread());
        control.close();
        reading.ended();
    }

    /** The reader takes what close() has just seen waiting, and then waits itself. */
    @Test
    void close_whileLinesComeAndAreRead_doesNotWaitForTheReader() throws Exception {
        for (int round = 0; round < 200; round++) {
            Loopback another = Loopback.connect();
            ControlConnection busy = new ControlConnection(another.channel(), NameCharset.UTF_8, MAX_LINE, LONG);
            Running<Void> reading = Threads.VIRTUAL.run(() -> {
                while (busy.readLine(LONG) != null) {
                    // On to the next.
                }
                return null;
            });
            Running<Void> sending = Threads.VIRTUAL.run(() -> {
                for (int i = 0; i < 50; i++) {
                    another.peer().getOutputStream().write("NOOP\r\n".getBytes(US_ASCII));
                }
                return null;
            });
            Running<Void> closing = Threads.VIRTUAL.run(() -> {
                busy.close();
                return null;
            });
            closing.result();
            reading.ended();
            sending.ended();
            another.close();
        }
    }

    @Test
    void readLine_ofAClosedConnection_fails() {
        control.close();
        assertThatThrownBy(this::line).isInstanceOfAny(ClosedChannelException.class, SocketException.class);
    }
}
