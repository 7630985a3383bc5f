package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Event.Channel;
import dev.portside.cli.doctor.Event.Kind;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Place;
import dev.portside.cli.doctor.Trial;
import dev.portside.cli.doctor.Trial.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorPictureTest {
    private static final Style UNICODE = new Style(false, true);
    private static final Diagnosis SAMPLE = SampleDiagnosis.diagnosis();

    private static List<String> picture(Style style, Trial trial) {
        return DoctorPicture.lines(style, SAMPLE, trial);
    }

    @Test
    void passiveTrial_isStoppedAtTheServersGateway() {
        assertThat(picture(UNICODE, SAMPLE.trials().getFirst()))
                .containsExactly(
                        "╭────────────────╮  ╭──────────╮               ╭──────────╮     ╭──────────────╮",
                        "│     client     │  │ client's │               │ server's │     │    server    │",
                        "│ 192.168.178.20 │  │ gateway  │               │ gateway  │     │ 203.0.113.80 │",
                        "╰──────┬─────────╯  ╰─────┬────╯               ╰─────┬────╯     ╰───────┬──────╯",
                        ":41022 ●━━  1 opens the control connection ━━━━━━━━━━┿━━━━━━━━━━━━━━━━━▶● :21",
                        "       │      … 5 lines not drawn                    │                  │",
                        "       │──  2 EPSV ───────┼──────────────────────────┼─────────────────▶│",
                        "       │◀─  3 229 Entering Extended Passive Mode (|||50123|) ───────────│",
                        "       │──  4 MLSD ───────┼──────────────────────────┼─────────────────▶│",
                        "       │══  5 data ═══════╪══════════════════════════✗                  │ :50123",
                        "       │      to 203.0.113.80:50123: nothing came back within 5 s       │");
    }

    @Test
    void activeTrial_isStoppedAtTheClientsGateway() {
        assertThat(picture(Style.PLAIN, SAMPLE.trials().get(3)))
                .containsExactly(
                        "+----------------+  +----------+               +----------+     +--------------+",
                        "|     client     |  | client's |               | server's |     |    server    |",
                        "| 192.168.178.20 |  | gateway  |               | gateway  |     | 203.0.113.80 |",
                        "+------+---------+  +-----+----+               +-----+----+     +-------+------+",
                        ":41022 o--  1 opens the control connection ----------+----------------->o :21",
                        "       |      ~ 5 lines not drawn                    |                  |",
                        ":51201 @ listens          |                          |                  |",
                        "       |--  2 PORT 192,168,178,20,200,1 -------------+----------------->|",
                        "       |<-  3 200 PORT command successful. ----------+------------------|",
                        "       |--  4 MLSD -------+--------------------------+----------------->|",
                        "       |<-  5 150 Here it comes. --------------------+------------------|",
                        ":51201 |                  X==  6 data ===============+==================| :20",
                        "       |      the server's connection did not arrive |                  |",
                        "       |<-  7 425 Failed to establish connection. ---+------------------|");
    }

    @Test
    void everyStop_isMarkedWhereItIs() {
        SampleDiagnosis.Script script = new SampleDiagnosis.Script(false);
        for (Place from : List.of(Place.CLIENT, Place.SERVER)) {
            for (Place to : Place.values()) {
                script.event(Channel.DATA, Kind.STOPPED, from, to, "stopped here, and that was all of it", null, null);
            }
        }
        assertThat(picture(UNICODE, script.trial(Mode.EPSV, Outcome.FAILS, "")).subList(4, 12))
                .containsExactly(
                        "       │✗  1 stopped here, and that was all of it    │                  │",
                        "       │══════════════════✗  2 stopped here, and that was all of it     │",
                        "       │══  3 stopped here, and that was all of it ══✗                  │",
                        "       │══  4 stopped here, and that was all of it ══╪═════════════════✗│",
                        "       │✗══  5 stopped here, and that was all of it ═╪══════════════════│",
                        "       │                  ✗══  6 stopped here, and that was all of it ══│",
                        "       │      7 stopped here, and that was all of it ✗══════════════════│",
                        "       │                  │     8 stopped here, and that was all of it ✗│");
    }

    @Test
    void addressThatIsNotTheServers_leadsElsewhere() {
        List<String> lines = picture(UNICODE, SAMPLE.trials().get(2));
        assertThat(lines.subList(lines.size() - 2, lines.size()))
                .containsExactly(
                        "       │══════════════════✗  4 data                  │                  │",
                        "       │      to 10.0.0.5:50123: no way to that address                 │");
    }

    @Test
    void longReply_goesOnBelowItsArrow() {
        Trial trial = new SampleDiagnosis.Script(false)
                .say(Place.CLIENT, "PORT 192,168,178,20,200,1")
                .say(
                        Place.SERVER,
                        "504 PORT: your client sends its inner address 192.168.178.20, which cannot be reached; use"
                                + " passive mode")
                .trial(Mode.PORT, Outcome.FAILS, "");
        List<String> lines = picture(UNICODE, trial);
        assertThat(lines.subList(lines.size() - 2, lines.size()))
                .containsExactly(
                        "       │◀─  2 504 PORT: your client sends its inner address ────────────│",
                        "       │      192.168.178.20, which cannot be reached; use passive mode │");
    }

    @Test
    void passivePort_isListenedOnBeforeTheReplyNamesIt() {
        SampleDiagnosis.Script script = new SampleDiagnosis.Script(false)
                .say(Place.CLIENT, "EPSV")
                .say(Place.SERVER, "229 Entering Extended Passive Mode (|||50123|)");
        script.event(
                Channel.DATA, Kind.LISTENS, Place.SERVER, Place.SERVER, "", null, SampleDiagnosis.at("::1", 50123));
        List<Sequence.Step> steps = Sequence.steps(script.trial(Mode.EPSV, Outcome.FAILS, ""));
        assertThat(steps.stream().map(step -> step.event().kind())).containsExactly(Kind.SAYS, Kind.LISTENS, Kind.SAYS);
        assertThat(steps.get(1).event().at()).isEqualTo(steps.get(2).event().at());
    }

    @Test
    void hostileText_staysInItsLine() {
        String bell = "\u0007";
        SampleDiagnosis.Script script = new SampleDiagnosis.Script(true)
                .login()
                .say(Place.CLIENT, "PASV")
                .say(Place.SERVER, "227 " + bell + "\u001b[2J\r\n230 \u202e日本語".repeat(30));
        script.event(Channel.DATA, Kind.STOPPED, Place.CLIENT, Place.SERVER, "日本語".repeat(40), null, null);
        script.event(Channel.CONTROL, Kind.STOPPED, Place.SERVER, Place.CLIENT, "x".repeat(200), null, null);
        Diagnosis six = new Diagnosis(
                "ftp://[2001:db8::1]/",
                SampleDiagnosis.at("2001:db8:1234:5678:9abc:def0:1234:5678", 65535),
                SampleDiagnosis.at("2001:db8:1234:5678:9abc:def0:1234:5679", 65535),
                null,
                List.of(),
                List.of(),
                List.of());
        Trial trial = script.trial(Mode.EPSV, Outcome.FAILS, "");
        for (Style style : List.of(UNICODE, Style.PLAIN)) {
            assertThat(DoctorPicture.lines(style, six, trial))
                    .allSatisfy(line -> assertThat(Columns.width(line)).as(line).isLessThanOrEqualTo(Picture.WIDTH))
                    .allSatisfy(line -> assertThat(line).doesNotContainPattern("\\p{Cntrl}"))
                    .noneMatch(line -> line.contains("\u202e"));
        }
        assertThat(DoctorPicture.lines(Style.PLAIN, six, trial))
                .allSatisfy(line -> assertThat(line).matches("\\p{ASCII}*"));
    }

    @Test
    void drawn_isWhatWorks_andOneOfEachFailure() {
        assertThat(Sequence.drawn(SAMPLE))
                .extracting(Trial::mode)
                .containsExactly(Mode.EPRT, Mode.EPSV, Mode.PASV_NAMED, Mode.PORT);
    }

    @Test
    void longRow_isDrawnWithItsBeginningAndItsEnd() {
        SampleDiagnosis.Script script = new SampleDiagnosis.Script(false);
        for (int i = 0; i < 100; i++) {
            script.say(Place.CLIENT, "RETR " + i).say(Place.SERVER, "226 " + i);
        }
        List<String> lines = picture(UNICODE, script.trial(Mode.EPSV, Outcome.WORKS, ""));
        assertThat(lines).hasSize(4 + 32 + 1);
        assertThat(lines).anyMatch(line -> line.contains("168 lines not drawn"));
        assertThat(lines.getLast()).contains("226 99");
    }
}
