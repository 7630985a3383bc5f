package dev.portside.lab.network;

import dev.portside.cli.doctor.Cause;
import dev.portside.cli.doctor.Place;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the doctor says of a topology. */
record Examined(Topology topology, List<Opinion> opinions, Duration took) implements Serializable {

    /** How an opinion stands to the truth. */
    enum Verdict {
        /** Cause and place are the true ones. */
        RIGHT,
        /** The cause is the true one, and the true place is among those that are named. */
        RIGHT_AMONG_OTHERS,
        /** No cause is named. */
        SILENT,
        /** Another cause is named, or other places, or the cell was found to work. */
        WRONG
    }

    /**
     * What it says of a cell.
     *
     * @param works whether it worked when the doctor tried it
     * @param cause why not; null if it does not know
     * @param places where; several: one of these
     * @param words the finding
     */
    record Opinion(Cell cell, boolean works, @Nullable Cause cause, Set<Place> places, String words)
            implements Serializable {

        /**
         * The verdict on an opinion of a cell that fails.
         *
         * @param worksInTheClear whether the same mode works in the clear: then a helper does it, which is blind under TLS
         */
        Verdict verdict(Blame truth, boolean worksInTheClear) {
            if (works) {
                return Verdict.WRONG;
            }
            if (cause == null || cause == Cause.UNEXPLAINED) {
                return Verdict.SILENT;
            }
            boolean blind = cause == Cause.HELPER_BLIND_UNDER_TLS && cell.tls() && worksInTheClear;
            Set<Place> hit = EnumSet.copyOf(places);
            hit.retainAll(places(truth));
            if (!(blind || causes(truth).contains(cause)) || hit.isEmpty()) {
                return Verdict.WRONG;
            }
            return hit.size() == places.size() ? Verdict.RIGHT : Verdict.RIGHT_AMONG_OTHERS;
        }

        private static Set<Cause> causes(Blame truth) {
            return switch (truth) {
                case PASSIVE_PORT_DROPPED -> Set.of(Cause.PASSIVE_RANGE_CLOSED);
                case PRIVATE_ADDRESS_NAMED -> Set.of(Cause.PRIVATE_ADDRESS_IN_227);
                case ACTIVE_DROPPED_AT_CLIENT, ACTIVE_DROPPED_AT_SERVER -> Set.of(Cause.ACTIVE_BLOCKED);
                case PRIVATE_ADDRESS_REFUSED -> Set.of(Cause.CLIENT_ADDRESS_PRIVATE);
                case UNKNOWN -> Set.of();
            };
        }

        private static Set<Place> places(Blame truth) {
            return switch (truth) {
                case PASSIVE_PORT_DROPPED, ACTIVE_DROPPED_AT_SERVER -> Set.of(Place.SERVER_GATEWAY);
                case PRIVATE_ADDRESS_NAMED -> Set.of(Place.SERVER, Place.SERVER_GATEWAY);
                case ACTIVE_DROPPED_AT_CLIENT -> Set.of(Place.CLIENT_GATEWAY);
                case PRIVATE_ADDRESS_REFUSED -> Set.of(Place.CLIENT, Place.CLIENT_GATEWAY);
                case UNKNOWN -> Set.of();
            };
        }
    }
}
