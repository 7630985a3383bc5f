package dev.portside.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.FtpDataConnectionException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was measured with real gateways, and what the doctor makes of it: every failing cell is explained, and by what made it fail. */
class TopologyReasoningTest {
    enum Near {
        OPEN,
        FIREWALL,
        NAT
    }

    /** What stands in front of the server. */
    enum Far {
        OPEN,
        ONLY_21,
        ONLY_21_AND_REPLIES,
        RANGE,
        NAT_21,
        NAT_21_EXTERNAL,
        NAT_RANGE,
        NAT_RANGE_EXTERNAL;

        boolean nat() {
            return name().startsWith("NAT");
        }

        boolean external() {
            return name().endsWith("EXTERNAL");
        }

        boolean range() {
            return this == OPEN || this == RANGE || this == NAT_RANGE || this == NAT_RANGE_EXTERNAL;
        }
    }

    record Topology(Near near, Far far, boolean helperNear, boolean helperFar) {}

    static Stream<Topology> topologies() {
        List<Topology> all = new ArrayList<>();
        for (Near near : Near.values()) {
            for (Far far : Far.values()) {
                for (int helpers = 0; helpers < 4; helpers++) {
                    all.add(new Topology(near, far, (helpers & 1) != 0, (helpers & 2) != 0));
                }
            }
        }
        return all.stream();
    }

    /** What really stops a data connection. */
    @SuppressWarnings("ImmutableEnumChecker") // EnumSet, never changed
    enum Stop {
        PASSIVE_AT_SERVER_GATEWAY(Place.SERVER_GATEWAY, Cause.PASSIVE_RANGE_CLOSED, Cause.HELPER_BLIND_UNDER_TLS),
        ADDRESS(Place.SERVER, Cause.PRIVATE_ADDRESS_IN_227),
        ACTIVE_AT_CLIENT_GATEWAY(Place.CLIENT_GATEWAY, Cause.ACTIVE_BLOCKED, Cause.HELPER_BLIND_UNDER_TLS),
        ACTIVE_AT_SERVER_GATEWAY(Place.SERVER_GATEWAY, Cause.ACTIVE_BLOCKED, Cause.HELPER_BLIND_UNDER_TLS),
        NAT(Place.CLIENT_GATEWAY, Cause.CLIENT_ADDRESS_PRIVATE, Cause.HELPER_BLIND_UNDER_TLS);

        private final Place place;

        @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
        private final Set<Cause> causes;

        Stop(Place place, Cause first, Cause... more) {
            this.place = place;
            this.causes = EnumSet.of(first, more);
        }
    }

    private static Optional<Stop> stop(Topology topology, Mode mode, boolean tls) {
        boolean near = topology.helperNear && !tls;
        boolean far = topology.helperFar && !tls;
        if (mode.isActive()) {
            if (topology.near == Near.NAT && !near) {
                return Optional.of(Stop.NAT);
            }
            if (topology.far == Far.ONLY_21_AND_REPLIES && !far) {
                return Optional.of(Stop.ACTIVE_AT_SERVER_GATEWAY);
            }
            return topology.near == Near.OPEN || near ? Optional.empty() : Optional.of(Stop.ACTIVE_AT_CLIENT_GATEWAY);
        }
        if (mode == Mode.PASV_NAMED && topology.far.nat() && !topology.far.external() && !far) {
            return Optional.of(Stop.ADDRESS);
        }
        boolean readable = mode == Mode.EPSV || topology.far != Far.NAT_21_EXTERNAL;
        return topology.far.range() || (far && readable)
                ? Optional.empty()
                : Optional.of(Stop.PASSIVE_AT_SERVER_GATEWAY);
    }

    private static void write(Charts charts, Topology topology, Mode mode, boolean tls) {
        boolean hidden = topology.far.nat() && !topology.far.external() && !(topology.helperFar && !tls);
        String named = hidden && !mode.isActive() && mode != Mode.EPSV ? Charts.INNER_SERVER : "203.0.113.2";
        Optional<Stop> stop = stop(topology, mode, tls);
        if (stop.isEmpty()) {
            charts.works(mode, tls, named);
        } else if (stop.get() == Stop.NAT) {
            charts.refuses(mode, tls, "500 Illegal PORT command.");
        } else {
            charts.silent(mode, tls, named);
        }
    }

    /** The doctor tries modes again whose results do not agree. */
    private static void repeat(Charts charts, Topology topology) {
        for (boolean tls : new boolean[] {false, true}) {
            for (Mode mode : List.of(Mode.EPSV, Mode.PASV_PEER)) {
                FtpDataConnectionException.Outcome failure =
                        stop(topology, mode, tls).isEmpty() ? null : FtpDataConnectionException.Outcome.TIMED_OUT;
                charts.seen(new Observation.Sample(mode, tls, 50_001, failure, ""));
                charts.seen(new Observation.Sample(mode, tls, 50_002, failure, ""));
            }
        }
    }

    private static Diagnosis diagnosis(Topology topology, boolean repeated) {
        Charts charts = new Charts().client(topology.near == Near.NAT ? Charts.INNER_CLIENT : Charts.OUTER_CLIENT);
        for (boolean tls : new boolean[] {false, true}) {
            for (Mode mode : Mode.values()) {
                write(charts, topology, mode, tls);
            }
        }
        if (repeated) {
            repeat(charts, topology);
        }
        return charts.diagnosis();
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void everyFailingCell_isExplainedByWhatStopsIt(Topology topology) {
        for (boolean repeated : new boolean[] {false, true}) {
            Diagnosis diagnosis = diagnosis(topology, repeated);
            for (boolean tls : new boolean[] {false, true}) {
                for (Mode mode : Mode.values()) {
                    Optional<Stop> stop = stop(topology, mode, tls);
                    Optional<Finding> found = diagnosis.cause(mode, tls);
                    String cell = topology + ": " + new Cell(mode, tls);
                    assertThat(found.isPresent()).as(cell).isEqualTo(stop.isPresent());
                    if (stop.isPresent()) {
                        assertThat(stop.get().causes)
                                .as(cell)
                                .contains(found.get().cause());
                        assertThat(found.get().places()).as(cell).contains(stop.get().place);
                    }
                }
            }
            assertThat(diagnosis.findings())
                    .as(topology + "")
                    .extracting(Finding::cause)
                    .doesNotContain(Cause.UNEXPLAINED, Cause.PASSIVE_RANGE_PARTLY_OPEN);
        }
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void aModeThatWorks_isNoProblem_andWhereNoneDoes_isOne(Topology topology) {
        Diagnosis diagnosis = diagnosis(topology, true);
        boolean someWork = Stream.of(false, true)
                .allMatch(tls -> Stream.of(Mode.values())
                        .anyMatch(mode -> stop(topology, mode, tls).isEmpty()));
        assertThat(diagnosis.isHealthy()).as(topology + "").isEqualTo(someWork);
    }

    @Test
    void privateAddressBehindNat_isAWarning_thoughEveryNewClientWorks() {
        Diagnosis diagnosis = diagnosis(new Topology(Near.OPEN, Far.NAT_RANGE, false, false), false);
        assertThat(diagnosis.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.PRIVATE_ADDRESS_IN_227);
            assertThat(finding.wrong()).endsWith("clients that believe it fail, clients that ignore it work.");
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.places()).containsExactly(Place.SERVER);
            assertThat(finding.change().getFirst()).startsWith("vsftpd: pasv_address=203.0.113.2");
            assertThat(finding.evidence().getFirst()).contains("10,0,0,5,195,203");
        });
    }

    @Test
    void privateAddressBehindNatWithClosedPorts_isNotSaidToWorkForAnybody() {
        Diagnosis diagnosis = diagnosis(new Topology(Near.OPEN, Far.NAT_21, false, false), false);
        assertThat(diagnosis.findings())
                .filteredOn(finding -> finding.cause() == Cause.PRIVATE_ADDRESS_IN_227)
                .singleElement()
                .satisfies(finding -> assertThat(finding.wrong()).endsWith("; clients that believe it fail."));
    }

    @Test
    void helperAtTheServersGateway_isFoundByTheAddressThatItRewrites() {
        Diagnosis diagnosis = diagnosis(new Topology(Near.OPEN, Far.NAT_21, false, true), true);
        assertThat(diagnosis.findings())
                .filteredOn(finding -> finding.cause() == Cause.HELPER_BLIND_UNDER_TLS)
                .singleElement()
                .satisfies(finding -> assertThat(finding.places()).containsExactly(Place.SERVER_GATEWAY));
        assertThat(diagnosis.findings()).extracting(Finding::cause).contains(Cause.REWRITTEN_BY_GATEWAY);
    }
}
