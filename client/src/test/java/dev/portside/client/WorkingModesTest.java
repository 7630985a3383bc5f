package dev.portside.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.DataModeMemory.Route;
import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpDataConnectionException.Outcome;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkingModesTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("192.168.1.5");
    private static final Route ROUTE = new Route("Host", 21, HERE, false, "");
    private static final List<DataMode> ALL = DataMode.AUTO.commands(false);

    private final ProcessMemory memory = new ProcessMemory();
    private long now = 1;

    private WorkingModes session(DataMode mode, Route route) {
        FtpClientOptions options =
                FtpClientOptions.builder("host").mode(mode).dataModes(memory).build();
        return new WorkingModes(options, route, () -> now++);
    }

    private WorkingModes session() {
        return session(DataMode.AUTO, ROUTE);
    }

    private static Attempt failure(DataMode mode, Outcome outcome, int seconds) {
        return new Attempt(mode, null, null, null, null, Duration.ofSeconds(seconds), outcome, outcome.toString());
    }

    private static Attempt dropped(DataMode mode) {
        return failure(mode, Outcome.TIMED_OUT, 5);
    }

    @Test
    void whatWorked_comesFirst_inThisSessionAndInTheNext() {
        WorkingModes first = session();
        assertThat(first.inOrder(ALL)).isEqualTo(ALL);
        first.failed(dropped(DataMode.EPSV));
        first.worked(DataMode.PASV);
        assertThat(first.inOrder(ALL)).containsExactly(DataMode.PASV, DataMode.EPRT, DataMode.PORT, DataMode.EPSV);
        assertThat(session().inOrder(ALL)).startsWith(DataMode.PASV);
        assertThat(session().inOrder(List.of(DataMode.EPSV))).containsExactly(DataMode.EPSV);
    }

    @Test
    void whatHasWorkedOnce_comesBeforeWhatNeverDid() {
        WorkingModes session = session();
        session.inOrder(ALL);
        session.worked(DataMode.EPSV);
        session.failed(dropped(DataMode.EPSV));
        session.worked(DataMode.PASV);
        session.failed(dropped(DataMode.PASV));
        assertThat(session.inOrder(ALL)).containsExactly(DataMode.EPSV, DataMode.PASV, DataMode.EPRT, DataMode.PORT);
        assertThat(session().inOrder(ALL)).isEqualTo(ALL);
    }

    @Test
    void anotherNetwork_orTls_orProxy_isAnotherServer() {
        session().worked(DataMode.PORT);
        assertThat(memory.recall(new Route("HOST", 21, HERE, false, ""))).isEqualTo(DataMode.PORT);
        assertThat(memory.recall(new Route("host", 2121, HERE, false, ""))).isNull();
        assertThat(memory.recall(new Route("host", 21, InetAddress.ofLiteral("10.0.0.5"), false, "")))
                .isNull();
        assertThat(memory.recall(new Route("host", 21, HERE, true, ""))).isNull();
        assertThat(memory.recall(new Route("host", 21, HERE, false, "socks5://proxy:1080")))
                .isNull();
    }

    @Test
    void aModeThatWasDemanded_isNotRemembered() {
        WorkingModes demanded = session(DataMode.ACTIVE, ROUTE);
        demanded.inOrder(ALL);
        demanded.worked(DataMode.EPRT);
        assertThat(memory.recall(ROUTE)).isNull();
        session().worked(DataMode.PASV);
        assertThat(session(DataMode.PASSIVE, ROUTE).inOrder(List.of(DataMode.EPSV, DataMode.PASV)))
                .startsWith(DataMode.PASV);
    }

    @Test
    void whenNothingWorks_whatWasWaitedFor_restsForAMinute() {
        WorkingModes session = session();
        session.inOrder(ALL);
        session.failed(dropped(DataMode.EPSV));
        session.failed(dropped(DataMode.PASV));
        session.failed(failure(DataMode.EPRT, Outcome.COMMAND_REFUSED, 0));
        assertThat(session.resting(DataMode.EPSV, ALL)).as("PORT was not tried").isNull();
        session.failed(failure(DataMode.PORT, Outcome.SERVER_HAS_NO_CONNECTION, 20));
        now += Duration.ofSeconds(12).toNanos();
        assertThat(session.resting(DataMode.EPSV, ALL))
                .extracting(Attempt::detail)
                .isEqualTo("timed out, 12 s ago, and is tried again when that is 60 s");
        assertThat(session.resting(DataMode.PORT, ALL)).isNotNull();
        assertThat(session.resting(DataMode.EPRT, ALL)).as("cost nothing").isNull();
        now += WorkingModes.REST.toNanos();
        assertThat(session.resting(DataMode.EPSV, ALL)).isNull();
    }

    @Test
    void whatHasWorked_doesNotRest_andNothingThatWasDemanded() {
        WorkingModes session = session();
        session.inOrder(ALL);
        session.worked(DataMode.PORT);
        ALL.forEach(mode -> session.failed(dropped(mode)));
        assertThat(ALL)
                .allSatisfy(mode -> assertThat(session.resting(mode, ALL)).isNull());
        WorkingModes demanded = session(DataMode.PASV, ROUTE);
        demanded.inOrder(List.of(DataMode.PASV));
        demanded.failed(dropped(DataMode.PASV));
        assertThat(demanded.resting(DataMode.PASV, List.of(DataMode.PASV))).isNull();
    }

    @Test
    void memory_isBounded() {
        for (int i = 0; i <= ProcessMemory.MAX_ROUTES; i++) {
            memory.remember(new Route("host" + i, 21, HERE, false, ""), DataMode.PORT);
        }
        assertThat(memory.recall(new Route("host0", 21, HERE, false, ""))).isNull();
        assertThat(memory.recall(new Route("host1", 21, HERE, false, ""))).isEqualTo(DataMode.PORT);
    }
}
