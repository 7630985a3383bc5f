package dev.portside.cli.doctor;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was tried.
 *
 * @param mode how the data connection was to be made; null unless the subject is {@link Subject#DATA}
 * @param tls whether the connections were secured, or were to be
 * @param text what came out, in one line
 * @param data what was seen of its data connection; null if it has none, or there are several
 * @param events in order of time
 */
public record Trial(
        Subject subject,
        @Nullable Mode mode,
        boolean tls,
        Outcome outcome,
        Duration duration,
        String text,
        @Nullable DataTry data,
        List<Event> events) {

    /** What is tried. */
    public enum Subject {
        /** The host's name. */
        LOOKUP("name"),
        /** The control connection and the greeting. */
        CONTROL("control connection"),
        /** TLS of the control connection, and the certificate. */
        TLS("TLS"),
        /** USER and PASS. */
        LOGIN("login"),
        /** What FEAT promises, and what is there. */
        FEATURES("features"),
        /** A listing over a data connection made in one mode. */
        DATA("listing"),
        /** A file, its size and its hash. */
        DOWNLOAD("download"),
        /** A file that is sent, verified and removed. */
        UPLOAD("upload"),
        /** The passive ports, by samples. */
        PORTS("passive ports"),
        /** A row of transfers under TLS. */
        RESUMPTION("row of transfers"),
        /** Nothing for a while. */
        IDLE("idle time"),
        /** Sessions at the same time. */
        SESSIONS("sessions at once");

        private final String words;

        Subject(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** What came of it. */
    public enum Outcome {
        WORKS,
        FAILS,
        /** {@link Trial#text} says why. */
        NOT_TRIED
    }

    public Trial {
        events = List.copyOf(events);
    }

    public boolean works() {
        return outcome == Outcome.WORKS;
    }

    public boolean fails() {
        return outcome == Outcome.FAILS;
    }

    /** {@code listing by EPSV under TLS}. */
    public String name() {
        return subject + (mode == null ? "" : " by " + mode) + (tls && subject != Subject.TLS ? " under TLS" : "");
    }
}
