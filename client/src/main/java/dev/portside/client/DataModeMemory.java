package dev.portside.client;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Remembers from one session to the next by which command data connections came about, so that {@link DataMode#AUTO} does not
 * have to find out again.
 *
 * <p>Methods are called by the thread that transfers, by several threads for several sessions, and never throw: who cannot
 * remember has nothing to recall.
 */
public interface DataModeMemory {
    /**
     * A server as it is seen from a network. What is between the two decides which modes work; and because a gateway with an
     * FTP helper sees through plain FTP only, so does TLS.
     *
     * @param host as it was given, in lower case
     * @param local the client's address on the control connection
     * @param isProtected whether data connections are TLS connections
     * @param proxy through which proxy ({@link FtpProxy#toString}); empty: none
     */
    record Route(String host, int port, InetAddress local, boolean isProtected, String proxy) {
        public Route {
            host = host.toLowerCase(Locale.ROOT);
        }
    }

    /** Which mode worked last, one of the four commands; null: nobody knows. */
    @Nullable
    DataMode recall(Route route);

    /** A mode works. */
    void remember(Route route, DataMode mode);

    /** A mode that was remembered does not work any longer. */
    void forget(Route route);

    /** For all clients of this process, and no longer than it; it holds 1,000 routes. */
    static DataModeMemory ofProcess() {
        return ProcessMemory.INSTANCE;
    }
}
