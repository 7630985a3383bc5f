package dev.portside.cli.doctor;

import dev.portside.client.TlsMode;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen: what findings are drawn from.
 *
 * @param client the client's end of the first control connection; null: there was none
 * @param server the server's end of it
 * @param greeting the text of the greeting, perhaps empty
 */
record Chart(
        DoctorOptions options,
        TlsMode tlsMode,
        @Nullable InetSocketAddress client,
        @Nullable InetSocketAddress server,
        String greeting,
        List<Trial> trials,
        List<Observation> observations) {

    Optional<Trial> trial(Mode mode, boolean tls) {
        return trials.stream()
                .filter(trial -> trial.mode() == mode && trial.tls() == tls)
                .findFirst();
    }

    Optional<Trial> trial(Cell cell) {
        return trial(cell.mode(), cell.tls());
    }

    boolean works(Mode mode, boolean tls) {
        return trial(mode, tls).filter(Trial::works).isPresent();
    }

    boolean fails(Mode mode, boolean tls) {
        return trial(mode, tls).filter(Trial::fails).isPresent();
    }

    /** The listings by all modes that were tried. */
    Stream<Trial> cells() {
        return trials.stream().filter(trial -> trial.mode() != null);
    }

    boolean anyWorks(boolean tls) {
        return cells().anyMatch(trial -> trial.tls() == tls && trial.works());
    }

    boolean anyPassiveWorks(boolean tls) {
        return cells().anyMatch(trial ->
                trial.tls() == tls && trial.works() && !passiveModeOf(trial).isActive());
    }

    private static Mode passiveModeOf(Trial trial) {
        return trial.mode() == null ? Mode.PORT : trial.mode();
    }

    <T extends Observation> List<T> observed(Class<T> kind) {
        return observations.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    Software software() {
        return Software.of(greeting);
    }
}
