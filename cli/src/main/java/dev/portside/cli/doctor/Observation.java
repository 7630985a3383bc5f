package dev.portside.cli.doctor;

import dev.portside.client.FtpCertificateException;
import dev.portside.client.FtpDataConnectionException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that was seen beside the single data connections. */
sealed interface Observation {
    /** An address of the host did not take the control connection, another one did. */
    record Unreachable(InetSocketAddress address, String reason) implements Observation {}

    /** What ended a session before its first data connection, where it is what it looks like. */
    record Stop(Cause cause, boolean tls, List<String> evidence) implements Observation {}

    /** The server wants no more sessions, and there were some. */
    record Busy(int open, String reply) implements Observation {}

    /**
     * The certificate of the server.
     *
     * @param refused why; null: it was accepted
     * @param checked whether anybody looked
     */
    record Certificate(
            X509Certificate certificate,
            FtpCertificateException.@Nullable Reason refused,
            String detail,
            String fingerprint,
            String pin,
            boolean checked)
            implements Observation {}

    /**
     * An extension of the protocol.
     *
     * @param listed whether FEAT names it
     */
    record Feature(String name, boolean listed, boolean works, String evidence) implements Observation {}

    /**
     * A passive port that was asked for and connected to.
     *
     * @param port 0: the reply named none
     * @param failure null: it could be connected to
     */
    record Sample(Mode mode, boolean tls, int port, FtpDataConnectionException.@Nullable Outcome failure, String detail)
            implements Observation {}

    /**
     * A row of transfers in one session.
     *
     * @param connectedAgain how often another control connection was necessary
     * @param refusals what was said to those that failed
     * @param notResumed how many of these were refused because they resumed no TLS session
     * @param cutAfter commands after which the control connection broke, or -1
     */
    record Row(
            String protocol,
            int wanted,
            int done,
            int resumed,
            int connectedAgain,
            List<String> refusals,
            int notResumed,
            int cutAfter)
            implements Observation {}

    /** A control connection that had nothing to do. */
    record Idle(Duration time, boolean survived, String said) implements Observation {}

    /** How many sessions the server lets us have at once. */
    record Sessions(int wanted, int opened, String refusal) implements Observation {}

    /** Something about a transfer that worked, or about its content. */
    record Transferred(Cause cause, boolean tls, List<String> evidence) implements Observation {}

    /**
     * What the server has seen of a data connection: SITE SEEN.
     *
     * @param named what was named here for the same data connection; null: nothing
     */
    record Seen(Cell cell, @Nullable InetSocketAddress named, Map<String, String> values) implements Observation {}
}
