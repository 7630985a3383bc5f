package dev.portside.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.client.FtpDataConnectionException.Outcome;
import dev.portside.client.TlsMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows of the table in docs/doctor.md, from what was seen to the finding. */
class ReasoningTest {
    private static final String SERVER = "203.0.113.2";

    private static Finding only(Charts charts) {
        assertThat(charts.diagnosis().findings()).hasSize(1);
        return charts.diagnosis().findings().getFirst();
    }

    private static Charts passive() {
        return new Charts().works(Mode.EPSV, false).works(Mode.PASV_PEER, false).works(Mode.PASV_NAMED, false);
    }

    @Test
    void everythingWorks_isNoFinding() {
        Charts charts = passive().works(Mode.EPRT, false).works(Mode.PORT, false);
        assertThat(charts.diagnosis().findings()).isEmpty();
        assertThat(charts.diagnosis().isHealthy()).isTrue();
    }

    @Test
    void refusedPorts_areNotForwarded_ratherThanDropped() {
        Finding finding =
                only(new Charts().fails(Mode.EPSV, false, Outcome.REFUSED, "229 (|||50123|)", null, SERVER, 20));
        assertThat(finding.cause()).isEqualTo(Cause.PASSIVE_PORTS_REJECTED);
        assertThat(finding.severity()).isEqualTo(Severity.PROBLEM);
    }

    @Test
    void silence_mayBeTheClientsOwnGateway_asLongAsNothingGetsThrough() {
        assertThat(only(new Charts().silent(Mode.EPSV, false)).places())
                .containsExactlyInAnyOrder(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER);
    }

    @Test
    void onePortOpenAndOneClosed_isAPartlyOpenRange() {
        Charts charts = passive()
                .seen(
                        new Observation.Sample(Mode.EPSV, false, 50_001, null, ""),
                        new Observation.Sample(Mode.EPSV, false, 50_003, Outcome.TIMED_OUT, ""));
        Finding finding = only(charts);
        assertThat(finding.cause()).isEqualTo(Cause.PASSIVE_RANGE_PARTLY_OPEN);
        assertThat(finding.cause().rows()).containsExactly(25);
        assertThat(finding.change()).anyMatch(line -> line.contains("50003"));
    }

    @Test
    void otherResultUnderTls_thatChangesWhenTriedAgain_isNoBlindHelper() {
        Charts charts = new Charts()
                .works(Mode.EPSV, false)
                .silent(Mode.EPSV, true)
                .seen(new Observation.Sample(Mode.EPSV, true, 50_001, null, ""));
        assertThat(charts.diagnosis().cause(Mode.EPSV, true).orElseThrow().cause())
                .isEqualTo(Cause.PASSIVE_RANGE_PARTLY_OPEN);
    }

    @Test
    void outerAddress_forAClientInside_isHairpin() {
        Charts charts = new Charts()
                .client(Charts.INNER_CLIENT)
                .server(Charts.at("192.168.1.2", 21))
                .works(Mode.PASV_PEER, false, SERVER)
                .silent(Mode.PASV_NAMED, false, SERVER);
        assertThat(only(charts).cause()).isEqualTo(Cause.OUTER_ADDRESS_INSIDE);
    }

    @Test
    void anotherOuterAddress_isOutOfDate() {
        Charts charts = new Charts()
                .works(Mode.PASV_PEER, false, "198.51.100.99")
                .silent(Mode.PASV_NAMED, false, "198.51.100.99");
        assertThat(only(charts).cause()).isEqualTo(Cause.FOREIGN_ADDRESS_IN_227);
    }

    @Test
    void epsvRefused_whilePasvWorks_isAWarning() {
        Finding finding = only(new Charts()
                .refuses(Mode.EPSV, false, "500 EPSV not understood")
                .works(Mode.PASV_PEER, false));
        assertThat(finding.cause()).isEqualTo(Cause.EPSV_REFUSED);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void whatWasAskedFor_isAProblem() {
        Charts charts = new Charts().asked(Mode.PORT).works(Mode.EPSV, false).refuses(Mode.PORT, false, "502 no PORT");
        assertThat(only(charts).cause()).isEqualTo(Cause.ACTIVE_REFUSED);
        assertThat(only(charts).severity()).isEqualTo(Severity.PROBLEM);
    }

    @Test
    void trailingPeriodIn229_isAWarning_thoughThisClientUnderstandsIt() {
        Charts charts = new Charts();
        DataTry data = charts.data(Mode.EPSV, null, "229 Entering (|||50123|).", null, SERVER, 1);
        Finding finding = only(charts.listing(Mode.EPSV, false, Trial.Outcome.WORKS, "", data));
        assertThat(finding.cause()).isEqualTo(Cause.EPSV_MALFORMED);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void noPortIn229_mayBeSpoiltOnItsWay() {
        Finding finding = only(
                new Charts().fails(Mode.EPSV, false, Outcome.REPLY_NOT_UNDERSTOOD, "229 Entering", null, SERVER, 1));
        assertThat(finding.cause()).isEqualTo(Cause.EPSV_MALFORMED);
        assertThat(finding.places()).contains(Place.SERVER, Place.SERVER_GATEWAY);
    }

    @Test
    void ipv6In227_isAServerThatDoesNotUnmap() {
        Finding refused =
                only(new Charts().refuses(Mode.PASV_PEER, false, "425 You cannot use PASV on IPv6 connections"));
        assertThat(refused.cause()).isEqualTo(Cause.PASV_WITHOUT_IPV4);
        Finding named = only(new Charts()
                .fails(
                        Mode.PASV_PEER,
                        false,
                        Outcome.REPLY_NOT_UNDERSTOOD,
                        "227 (::ffff:203.0.113.2,195,80)",
                        null,
                        SERVER,
                        1));
        assertThat(named.cause()).isEqualTo(Cause.PASV_WITHOUT_IPV4);
    }

    @Test
    void noPassivePortLeft_isTheRange() {
        assertThat(only(new Charts().refuses(Mode.EPSV, false, "425 no passive port is free"))
                        .cause())
                .isEqualTo(Cause.PASSIVE_RANGE_EXHAUSTED);
    }

    @Test
    void dataConnectionNotTaken_hasThreePlaces_andWhatTheServerSaw() {
        Charts charts = new Charts()
                .fails(
                        Mode.EPSV,
                        false,
                        Outcome.SERVER_HAS_NO_CONNECTION,
                        "229 (|||50123|)",
                        "425 Security: bad IP connecting.",
                        SERVER,
                        20)
                .seen(new Observation.Seen(
                        new Cell(Mode.EPSV, false),
                        null,
                        Map.of("client", "198.51.100.7:41000", "data-remote", "198.51.100.8:41001")));
        Finding finding = only(charts);
        assertThat(finding.cause().rows()).containsExactly(7, 8, 9);
        assertThat(finding.places()).hasSize(3);
        assertThat(finding.evidence()).anyMatch(line -> line.contains("198.51.100.8:41001"));
    }

    @Test
    void portRewritten_isSeenByTheServer() {
        Charts charts = new Charts()
                .client(Charts.INNER_CLIENT)
                .works(Mode.PORT, false)
                .seen(new Observation.Seen(
                        new Cell(Mode.PORT, false),
                        Charts.at("192.168.1.5", Charts.PORT),
                        Map.of("client", "198.51.100.7:41000", "got-port", "198.51.100.7:50123")));
        assertThat(charts.diagnosis().findings())
                .extracting(Finding::cause)
                .containsExactly(Cause.REWRITTEN_BY_GATEWAY, Cause.CLIENT_BEHIND_NAT);
    }

    @Test
    void replyRewritten_isSeenByTheServer() {
        Charts charts = new Charts()
                .works(Mode.PASV_PEER, false)
                .seen(new Observation.Seen(
                        new Cell(Mode.PASV_PEER, false),
                        Charts.at(SERVER, Charts.PORT),
                        Map.of("client", "198.51.100.7:41000", "sent-227", "10.0.0.5:50123")));
        Finding finding = only(charts);
        assertThat(finding.cause()).isEqualTo(Cause.REWRITTEN_BY_GATEWAY);
        assertThat(finding.evidence()).anyMatch(line -> line.contains("10.0.0.5:50123"));
    }

    @Test
    void activeSilence_canBeEitherGateway() {
        Charts charts = new Charts().works(Mode.EPSV, false).silent(Mode.PORT, false);
        Finding finding = only(charts);
        assertThat(finding.cause()).isEqualTo(Cause.ACTIVE_BLOCKED);
        assertThat(finding.severity()).isEqualTo(Severity.REMARK);
        assertThat(finding.places()).contains(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY);
    }

    @Test
    void innerAddressTaken_byAServerThatTakesNone_wasRewritten_soTheServersSideStopsIt() {
        Charts charts =
                new Charts().client(Charts.INNER_CLIENT).works(Mode.EPSV, false).silent(Mode.PORT, false);
        assertThat(only(charts).places()).containsExactlyInAnyOrder(Place.SERVER_GATEWAY, Place.SERVER);
    }

    @Test
    void innerAddressTaken_byAnUnknownServer_isTheClientsNat() {
        Charts charts = new Charts()
                .greeting("welcome")
                .client(Charts.INNER_CLIENT)
                .works(Mode.EPSV, false)
                .silent(Mode.PORT, false);
        assertThat(only(charts).cause()).isEqualTo(Cause.CLIENT_ADDRESS_PRIVATE);
    }

    @Test
    void dataFromAStranger_isTheServersSide() {
        Charts charts = new Charts()
                .works(Mode.EPSV, false)
                .fails(Mode.PORT, false, Outcome.WRONG_PEER, "200 okay", null, SERVER, 5000);
        assertThat(only(charts).cause()).isEqualTo(Cause.SERVER_CONNECTS_FROM_ELSEWHERE);
        assertThat(only(charts).places()).doesNotContain(Place.CLIENT_GATEWAY);
    }

    @Test
    void protDemanded_inTheClear_isARemarkWhereTlsWorks() {
        Charts charts = new Charts().works(Mode.EPSV, true);
        DataTry data = charts.data(Mode.EPSV, null, "229 (|||50123|)", "522 PROT P required", SERVER, 1);
        charts.listing(Mode.EPSV, false, Trial.Outcome.FAILS, "", data);
        assertThat(charts.diagnosis().cause(Mode.EPSV, false).orElseThrow())
                .satisfies(finding -> assertThat(finding.cause()).isEqualTo(Cause.TLS_DEMANDED))
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.REMARK));
    }

    @Test
    void rowsOfTransfers_tellTicketsFromCuts() {
        Charts usedUp = new Charts()
                .works(Mode.EPSV, true)
                .seen(new Observation.Row("TLSv1.3", 10, 10, 8, 2, List.of(), 0, -1));
        assertThat(only(usedUp).cause()).isEqualTo(Cause.TLS_SESSIONS_USED_UP);
        Charts cut = new Charts()
                .works(Mode.EPSV, true)
                .seen(new Observation.Row("TLSv1.3", 10, 4, 4, 0, List.of("transfer 5: reset"), 0, 23));
        assertThat(only(cut).cause()).isEqualTo(Cause.CONTROL_CONNECTION_CUT);
        assertThat(only(cut).evidence()).anyMatch(line -> line.contains("23 commands"));
        Charts nowAndThen = new Charts()
                .works(Mode.EPSV, true)
                .seen(new Observation.Row("TLSv1.3", 10, 9, 9, 0, List.of("transfer 3: 425 no"), 0, -1));
        assertThat(only(nowAndThen).cause()).isEqualTo(Cause.TRANSFERS_FAIL_NOW_AND_THEN);
    }

    @Test
    void idleConnectionLost_isTheServersTimeOut_onlyIfItSaysSo() {
        Charts silent = passive().seen(new Observation.Idle(Duration.ofMinutes(5), false, "no reply within 15 s"));
        assertThat(only(silent).places()).contains(Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY);
        Charts told = passive().seen(new Observation.Idle(Duration.ofMinutes(5), false, "421 Timeout."));
        assertThat(only(told).places()).containsExactly(Place.SERVER);
        assertThat(only(told).change().getFirst()).contains("idle_session_timeout");
    }

    @Test
    void fewerSessionsThanAskedFor_isAProblem() {
        Charts charts = passive().seen(new Observation.Sessions(10, 5, "421 too many connections"));
        assertThat(only(charts).cause()).isEqualTo(Cause.TOO_MANY_SESSIONS);
        assertThat(charts.diagnosis().isHealthy()).isFalse();
    }

    @Test
    void tlsDemandedAtLogin_isNoProblem_whereTlsWorks() {
        Charts charts = new Charts()
                .works(Mode.EPSV, true)
                .seen(new Observation.Stop(Cause.TLS_DEMANDED, false, List.of("USER joe: 530 use TLS")));
        assertThat(charts.diagnosis().isHealthy()).isTrue();
        assertThat(only(charts.tls(TlsMode.OFF)).severity()).isEqualTo(Severity.PROBLEM);
    }

    @Test
    void failureThatNobodyKnows_isSaidToBeOne() {
        Charts charts = new Charts().works(Mode.EPSV, false);
        charts.listing(
                Mode.PASV_PEER,
                false,
                Trial.Outcome.FAILS,
                "",
                charts.data(Mode.PASV_PEER, Outcome.WRONG_PEER, "227 …", null, SERVER, 1));
        assertThat(only(charts).cause()).isEqualTo(Cause.UNEXPLAINED);
        assertThat(only(charts).places()).hasSize(4);
    }
}
