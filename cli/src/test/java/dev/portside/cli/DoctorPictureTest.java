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
        assertThat(picture(UNICODE, SAMPLE.trials().getFirst())).containsExactly("");
    }

    @Test
    void activeTrial_isStoppedAtTheClientsGateway() {
        assertThat(picture(Style.PLAIN, SAMPLE.trials().get(3))).containsExactly("");
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
                .containsExactly("");
    }
}
