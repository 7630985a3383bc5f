package dev.portside.cli.doctor;

import java.util.List;

/** What can be wrong, each with its rows of the table in docs/doctor.md; none: it is not about data connections. */
public enum Cause {
    // Before the first data connection

    NAME_UNKNOWN,
    /** Some addresses of the host do not answer, others do. */
    ADDRESS_UNREACHABLE,
    NO_CONTROL_CONNECTION,
    NOT_FTP,
    /** 421 at once. */
    TOO_MANY_SESSIONS(13),
    LOGIN_REFUSED,
    /** Nothing goes without TLS. */
    TLS_DEMANDED(23),
    TLS_NOT_OFFERED,
    TLS_FAILED,
    CERTIFICATE,
    CERTIFICATE_EXPIRES_SOON,
    CERTIFICATE_KEY_WEAK,
    /** The control connection broke off in the middle of a session under TLS. */
    CONTROL_CONNECTION_CUT(5),
    /** PROT P is refused. */
    PROT_REFUSED(23),
    FEATURE_PROMISED,
    FEATURE_NOT_LISTED,

    // Passive

    PRIVATE_ADDRESS_IN_227(1),
    /** 227 names another address, which does not take the connection. */
    FOREIGN_ADDRESS_IN_227(1, 15),
    /** The peer is an inner address, and 227 names one of the wide area. */
    OUTER_ADDRESS_INSIDE(16),
    PASSIVE_RANGE_CLOSED(2, 6),
    /** Something answers the passive ports by a refusal. */
    PASSIVE_PORTS_REJECTED(2),
    PASSIVE_RANGE_PARTLY_OPEN(25),
    /** 425 to EPSV or PASV. */
    PASSIVE_RANGE_EXHAUSTED(12),
    PASSIVE_REFUSED,
    EPSV_REFUSED(21),
    EPSV_MALFORMED(21),
    PASV_MALFORMED(3),
    /** A server with an IPv6 socket cannot tell its IPv4 address. */
    PASV_WITHOUT_IPV4(22),

    // Active

    CLIENT_ADDRESS_PRIVATE(10),
    /** The server took the address and does not arrive. */
    ACTIVE_BLOCKED(24),
    ACTIVE_REFUSED,
    ACTIVE_SOURCE_PORT_BUSY(11),
    /** The data connection comes from another address than the server's. */
    SERVER_CONNECTS_FROM_ELSEWHERE(7),
    CLIENT_CANNOT_LISTEN,

    // Gateways

    /** The server sees another address than the client has. */
    CLIENT_BEHIND_NAT(10),
    /** What was said is not what arrived. */
    REWRITTEN_BY_GATEWAY(3),
    /** Works in the clear, because a gateway reads along; under TLS it cannot. */
    HELPER_BLIND_UNDER_TLS(4),
    /** The server takes the data connection for a stranger's. */
    DATA_FROM_OTHER_ADDRESS(7, 8, 9),
    IDLE_CONNECTION_FORGOTTEN(18),

    // Data

    TLS_SESSION_NOT_RESUMED(19),
    TLS_SESSIONS_USED_UP(19),
    DATA_TLS_FAILED(4, 19),
    NO_CLOSE_NOTIFY(20),
    /** Some transfers of a row go, others not, and nothing else tells them apart. */
    TRANSFERS_FAIL_NOW_AND_THEN(14, 17),
    TRANSFER_CUT,
    /** What arrived is not what is there. */
    CONTENT_DAMAGED,
    NO_FINAL_REPLY(18),
    DOWNLOAD_REFUSED,
    UPLOAD_REFUSED,
    /** The server refuses the listing itself. */
    LISTING_REFUSED,
    UNEXPLAINED;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<Integer> rows;

    Cause(Integer... rows) {
        this.rows = List.of(rows);
    }

    /** The rows of the table of failures. */
    public List<Integer> rows() {
        return rows;
    }
}
