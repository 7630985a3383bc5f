package dev.portside.lab.network;

import java.io.Serializable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link Cell}.
 *
 * @param works whether the file came over
 * @param mode what carried it: EPSV, PASV, EPRT or PORT; null if nothing did
 * @param attempts what did not work, in order
 * @param failure in words, if it does not work
 * @param first how long the first transfer took, from the login on
 * @param next how long another session's transfer took after it; only for AUTO, and only if it works
 * @param nextAttempts how many attempts failed in that
 */
record Measured(
        Cell cell,
        boolean works,
        @Nullable String mode,
        List<Attempt> attempts,
        String failure,
        Duration first,
        @Nullable Duration next,
        int nextAttempts)
        implements Serializable {

    /**
     * An attempt that failed.
     *
     * @param mode EPSV, PASV, EPRT or PORT
     * @param listener where the listening end was, as far as the client knows
     * @param refusal the code of the reply that refused it, or 0
     */
    record Attempt(String mode, String outcome, @Nullable InetSocketAddress listener, int refusal, String detail)
            implements Serializable {
        boolean isActive() {
            return mode.equals("PORT") || mode.equals("EPRT");
        }
    }
}
