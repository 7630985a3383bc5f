package dev.portside.client;

import static dev.portside.client.Clients.SHORT;
import static dev.portside.client.Clients.commandsAfterLogin;
import static dev.portside.client.Clients.download;
import static dev.portside.client.Clients.loggedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.testkit.Fault;
import dev.portside.testkit.LeakCheckExtension;
import dev.portside.testkit.ScriptedServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replies as no server should send them. */
@SuppressWarnings("try")
@ExtendWith(LeakCheckExtension.class)
class UserPITest {
    private static final byte[] BYTES = new byte[70_000];

    private static ScriptedServer.Script script(Fault... faults) {
        ScriptedServer.Script script = ScriptedServer.script().file("a", BYTES);
        for (Fault fault : faults) {
            script.fault(fault);
        }
        return script;
    }

    @Test
    void repliesByteByByte_areReplies() throws Exception {
        try (ScriptedServer server = script(Fault.REPLIES_BYTE_BY_BYTE).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
            assertThat(client.list().entries()).hasSize(1);
        }
    }

    @Test
    void repliesThatEndInLf_areReplies() throws Exception {
        try (ScriptedServer server = script(Fault.REPLIES_END_IN_LF).start();
                FtpClient client = loggedIn(server)) {
            assertThat(download(client, "a")).isEqualTo(BYTES);
        }
    }

    @Test
    void aReplyThatIsNone_endsTheSession() throws Exception {
        try (ScriptedServer server = script().fault(Fault.GARBAGE_REPLY, "SIZE").start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.size("a"))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessage("SIZE a: not a reply: \"<html>this is no reply</html>\"");
            assertThat(client.isOpen()).isFalse();
            assertThatThrownBy(() -> client.size("a")).isInstanceOf(FtpProtocolException.class);
            assertThat(commandsAfterLogin(server)).containsExactly("TYPE I", "SIZE a");
        }
    }

    @Test
    void anEndlessReply_isBounded() throws Exception {
        try (ScriptedServer server = script().fault(Fault.ENDLESS_REPLY, "STAT").start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.execute(new Command.Stat("")))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessageStartingWith("STAT: the reply is longer than 10000 lines");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void aLineOf10MiB_isBounded() throws Exception {
        try (ScriptedServer server =
                        script().fault(Fault.LINE_OF_10_MIB, "NOOP").start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.execute(new Command.Noop()))
                    .isInstanceOf(FtpProtocolException.class)
                    .hasMessage("NOOP: a line of a reply is longer than 16384 bytes");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void repliesToNothing_arePassedOver_untilThereAreTooMany() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        FtpClientListener listener = new FtpClientListener() {
            @Override
            public void closed() {
                closed.countDown();
            }
        };
        try (ScriptedServer server = script().reply("NOOP", "200 okay", "250 and this too")
                        .on("SYST", (session, line) -> {
                            session.send("215 UNIX");
                            while (true) {
                                session.send("200 and another one");
                            }
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.listener(listener))) {
            client.execute(new Command.Noop());
            client.execute(new Command.Syst());
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aReplyThatIsLate_isNeverTakenForTheNextOne() throws Exception {
        try (ScriptedServer server = script().fault(Fault.LATE_REPLY, "SIZE").start();
                FtpClient client = loggedIn(server, options -> options.replyTimeout(SHORT))) {
            assertThatThrownBy(() -> client.size("a"))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("SIZE a: no reply within 0.3 s");
            server.releaseReplies();
            assertThat(client.isOpen()).isFalse();
            assertThatThrownBy(() -> client.modifiedTime("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("MDTM a: SIZE a: no reply within 0.3 s");
            assertThat(commandsAfterLogin(server)).containsExactly("TYPE I", "SIZE a");
        }
    }

    @Test
    void noReply_endsInTime() throws Exception {
        try (ScriptedServer server = script().fault(Fault.NO_REPLY, "EPSV").start();
                FtpClient client =
                        loggedIn(server, options -> options.mode(DataMode.EPSV).replyTimeout(SHORT))) {
            assertThatThrownBy(() -> client.retrieve("a"))
                    .isInstanceOf(FtpDataConnectionException.class)
                    .hasMessageContaining("EPSV: no reply within 0.3 s");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void theServerHangsUp_isToldAtOnce() throws Exception {
        try (ScriptedServer server =
                        script().fault(Fault.CLOSED_INSTEAD_OF_REPLY, "SIZE").start();
                FtpClient client = loggedIn(server)) {
            assertThatThrownBy(() -> client.size("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("SIZE a: the server closed the control connection");
        }
    }

    @Test
    void a421WhileNothingRuns_isTheReasonLater() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        FtpClientListener listener = new FtpClientListener() {
            @Override
            public void closed() {
                closed.countDown();
            }
        };
        try (ScriptedServer server = script().on("NOOP", (session, line) -> {
                            session.send("200 okay", "421 idle for too long");
                            session.close();
                        })
                        .start();
                FtpClient client = loggedIn(server, options -> options.listener(listener))) {
            client.execute(new Command.Noop());
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> client.size("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("TYPE I: the server closed the control connection (421 idle for too long)");
        }
    }

    @Test
    void aListenerThatFails_endsTheSession() throws Exception {
        FtpClientListener listener = new FtpClientListener() {
            @Override
            public void reply(Reply reply) {
                if (reply.code().equals(ReplyCode.FILE_STATUS_213)) {
                    throw new IllegalStateException("the pen is empty");
                }
            }
        };
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server, options -> options.listener(listener))) {
            assertThatThrownBy(() -> client.size("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("SIZE a: the listener failed: the pen is empty");
        }
    }

    @Test
    void anInterruptedWait_endsTheSession() throws Exception {
        try (ScriptedServer server = script().fault(Fault.NO_REPLY, "SIZE").start();
                FtpClient client = loggedIn(server)) {
            Thread me = Thread.currentThread();
            Thread.ofVirtual().start(() -> {
                try {
                    server.awaitCommand("SIZE", Clients.SOON);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                me.interrupt();
            });
            assertThatThrownBy(() -> client.size("a")).hasMessage("SIZE a: interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(client.isOpen()).isFalse();
        }
    }

    // Which command a reply answers

    @Test
    void aReply_answersTheOldestCommand_butForWhatIsAnsweredInMidTransfer() {
        Exchange transfer = new Exchange(Exchange.Kind.TRANSFER, new Command.Retr("a"));
        Exchange noop = new Exchange(Exchange.Kind.KEEP_ALIVE, new Command.Noop());
        Exchange abor = new Exchange(Exchange.Kind.ABORT, new Command.Abor());
        Exchange command = new Exchange(Exchange.Kind.COMMAND, new Command.Pwd());
        assertThat(answered(226, transfer, noop)).isSameAs(transfer);
        assertThat(answered(200, transfer, noop)).isSameAs(noop);
        assertThat(answered(503, transfer, noop)).isSameAs(noop);
        assertThat(answered(451, transfer, noop)).isSameAs(transfer);
        assertThat(answered(200, transfer)).isSameAs(transfer);
        assertThat(answered(200, transfer, noop, noop)).isSameAs(noop);
        assertThat(answered(426, transfer, abor)).isSameAs(transfer);
        assertThat(answered(502, transfer, abor)).isSameAs(abor);
        assertThat(answered(225, abor, command)).isSameAs(abor);
        assertThat(answered(257, abor, command)).isSameAs(command);
        assertThat(answered(257, noop, noop, command)).isSameAs(command);
        assertThat(answered(200, noop, noop, command)).isSameAs(noop);
        assertThat(answered(426, transfer, noop, abor)).isSameAs(transfer);
        assertThat(answered(257, command)).isSameAs(command);
        assertThat(answered(200)).isNull();
    }

    private static Exchange answered(int code, Exchange... pending) {
        return Exchange.answeredBy(new ReplyCode(code), List.of(pending));
    }

    @Test
    void repliesToNothing_areCountedBetweenTwoCommandsOnly() throws Exception {
        try (ScriptedServer server = script().reply("NOOP", "150 one", "150 and another", "200 all right")
                        .start();
                FtpClient client = loggedIn(server)) {
            for (int i = 0; i < 1100; i++) {
                client.execute(new Command.Noop());
            }
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void aListenerThatFailsOnACommand_endsTheConnection() throws Exception {
        FtpClientListener failing = new FtpClientListener() {
            @Override
            public void command(Command command) {
                if (command instanceof Command.Noop) {
                    throw new IllegalStateException("cannot show it");
                }
            }
        };
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server, options -> options.listener(failing))) {
            assertThatThrownBy(() -> client.execute(new Command.Noop())).isInstanceOf(IllegalStateException.class);
            assertThat(client.isOpen()).isFalse();
            assertThatThrownBy(() -> client.size("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the listener failed: cannot show it");
        }
    }

    @Test
    void aListenerThatFailsOnADataConnection_orAtTheEnd_endsTheConnection() throws Exception {
        FtpClientListener failing = new FtpClientListener() {
            @Override
            public void dataConnection(DataConnectionEvent event) {
                throw new IllegalStateException("cannot show it");
            }

            @Override
            public void closed() {
                throw new IllegalStateException("cannot show the end");
            }
        };
        for (DataMode mode : List.of(DataMode.EPSV, DataMode.EPRT)) {
            try (ScriptedServer server = script().start();
                    FtpClient client = loggedIn(
                            server, options -> options.listener(failing).mode(mode))) {
                assertThatThrownBy(() -> client.retrieve("a")).hasMessage("cannot show it");
                assertThat(client.isOpen()).isFalse();
            }
        }
    }

    @Test
    void close_returnsWhenTheListenerKnows() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean told = new AtomicBoolean();
        FtpClientListener slow = new FtpClientListener() {
            @Override
            public void closed() {
                try {
                    told.set(!never.await(Clients.SHORT.toMillis(), TimeUnit.MILLISECONDS));
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        // The thread that reads replies finds the end, not the one that closes.
        try (ScriptedServer server =
                script().on("QUIT", (session, line) -> session.close()).start()) {
            loggedIn(server, options -> options.listener(slow)).close();
            assertThat(told).isTrue();
        }
    }

    @Test
    void aTypeThatTheClientWouldNotSee_isRefused() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            for (String verb : List.of("TYPE", "type", "MODE", "STRU", "REIN")) {
                assertThatThrownBy(() -> client.execute(new Command.Unknown(verb, "A")))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    /** A virtual one would keep the process 0.3 s at its end, and one that is no daemon would keep it for ever. */
    @Test
    void theThreadThatReads_isADaemonOfThePlatform() throws Exception {
        try (ScriptedServer server = script().start();
                FtpClient client = loggedIn(server)) {
            assertThat(client.isOpen()).isTrue();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("portside-user-pi"))
                    .singleElement()
                    .matches(Thread::isDaemon);
        }
    }
}
