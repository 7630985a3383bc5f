package dev.portside.server;

import dev.portside.protocol.RepresentationType;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A transfer at one moment.
 *
 * @param verb {@code RETR}, {@code STOR}, {@code STOU}, {@code APPE}, {@code LIST}, {@code NLST}, {@code MLSD}
 * @param path as the client sees it, absolute; never a path of the host
 * @param bytes of the data so far, in TYPE A with CRLF line ends; in MODE Z, other numbers of bytes are on the wire
 * @param duration since the command came
 * @param local the server's end of the data connection, or null while there is none
 * @param remote the client's end, or null while there is none
 * @param tls what secures the data connection; null in the clear, and while there is none
 * @param resumed whether the data connection resumed the TLS session of its control connection
 */
public record TransferStatus(
        String verb,
        String path,
        RepresentationType type,
        long bytes,
        Duration duration,
        @Nullable InetSocketAddress local,
        @Nullable InetSocketAddress remote,
        @Nullable TlsStatus tls,
        boolean resumed) {

    /** Whether a file comes in. */
    public boolean isUpload() {
        return verb.equals("STOR") || verb.equals("STOU") || verb.equals("APPE");
    }

    /** Whether a file goes out. */
    public boolean isDownload() {
        return verb.equals("RETR");
    }
}
