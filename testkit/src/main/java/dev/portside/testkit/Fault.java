package dev.portside.testkit;

/**
 * What servers, and the gateways in front of them, do wrong. A {@link ScriptedServer} commits any number of them; those of
 * replies and transfers can be restricted to some verbs.
 */
public enum Fault {
    // Greeting

    /** The connection is accepted and nothing is ever sent. */
    NO_BANNER,
    /** The greeting is 421, and the connection is closed. */
    BUSY_BANNER,
    /** The connection is closed without a greeting. */
    CLOSED_BEFORE_BANNER,

    // Making the data connection

    /** 227 names 192.0.2.1, an address of nobody; the port is right. */
    PASSIVE_ADDRESS_FOREIGN,
    /** 227 names 0.0.0.0; the port is right. */
    PASSIVE_ADDRESS_ZERO,
    /** 227 has no parentheses. */
    PASSIVE_WITHOUT_PARENTHESES,
    /** PASV is answered with 500. */
    PASV_REFUSED,
    /** EPSV is answered with 500. */
    EPSV_REFUSED,
    /** 229 has a text in which there is no port. */
    EPSV_MALFORMED,
    /** 229 names a port where nobody listens: the connection is refused. */
    EPSV_UNREACHABLE,
    /** 227 and 229 name a port where nobody listens: the connection is refused. */
    PASSIVE_UNREACHABLE,
    /** 227 and 229 name a port that answers nothing, as behind a firewall that drops. */
    PASSIVE_BLACK_HOLE,
    /** PORT and EPRT are answered with 500. */
    ACTIVE_REFUSED,
    /** EPRT is answered with 500. */
    EPRT_REFUSED,
    /** PORT and EPRT are accepted; the transfer gets 425, and nobody connects. */
    ACTIVE_CANNOT_CONNECT,
    /** PORT and EPRT are accepted, the transfer gets 150, and nobody ever connects. */
    ACTIVE_NEVER_CONNECTS,
    /** In active mode a stranger, 127.0.0.2, connects first; then the server does. IPv4 only. */
    STRANGER_CONNECTS_FIRST,

    // Replies, of every verb unless restricted; those that no session survives: of every verb but USER and PASS

    /** Each byte of a reply comes in a segment of its own. */
    REPLIES_BYTE_BY_BYTE,
    /** Replies end in a bare LF. */
    REPLIES_END_IN_LF,
    /** A reply is held back until {@link ScriptedServer#releaseReplies}. */
    LATE_REPLY,
    /** There is no reply, and the connection stays open. */
    NO_REPLY,
    /** There is no reply, and the connection is closed. */
    CLOSED_INSTEAD_OF_REPLY,
    /** The reply is a line that is none. */
    GARBAGE_REPLY,
    /** The reply has lines without end. */
    ENDLESS_REPLY,
    /** The reply is one line of 10 MiB. */
    LINE_OF_10_MIB,

    // Transfers, of every transfer verb unless restricted

    /** 226 is sent when half of the data was; the other half comes after it. */
    COMPLETION_BEFORE_DATA_END,
    /** Half of the data, the end of the stream, then 426. */
    ABORTED_IN_MID_TRANSFER,
    /** Half of the data, the end of the stream, then 226: only the size tells. */
    DATA_CUT_SHORT,
    /** The data connection is made, 150 sent, and then nothing happens until ABOR. */
    HANG_AFTER_150,
    /** Half of the data, then nothing until ABOR. */
    HANG_IN_MID_TRANSFER,
    /** All of the data, and then the data connection stays open until ABOR. */
    DATA_NEVER_ENDS,
    /** Half of the data, then the control connection is closed, and the data connection too. */
    CONTROL_CLOSED_IN_MID_TRANSFER,
    /** Half of the data, then both connections are reset. */
    CONTROL_RESET_IN_MID_TRANSFER,
    /** Half of the data, then the data connection is reset, and 426. */
    RESET_DATA,
    /** All of the data, and the final reply never comes, as when a gateway forgot the control connection. */
    NO_COMPLETION,
    /** All of the data, then 451 instead of 226. */
    NEGATIVE_COMPLETION,

    // TLS, of a script that has it

    /** Behind the 234, in the same segment, comes another reply in the clear. */
    CLEARTEXT_BEHIND_AUTH,
    /** No handshake is answered: after AUTH, or of a data connection if restricted to transfer verbs. */
    HANDSHAKE_NEVER_ANSWERED,
    /** 10 MiB of zeros instead of a handshake: after AUTH, or of a data connection if restricted to transfer verbs. */
    GARBAGE_INSTEAD_OF_HANDSHAKE,
    /** Data connections end without close_notify. */
    NO_CLOSE_NOTIFY,
    /** Half of the data, then the data connection ends without close_notify, and the reply is 226: somebody has cut it off. */
    CUT_WITHOUT_CLOSE_NOTIFY,
    /** No data connection resumes the TLS session of the control connection; all are taken. */
    SESSION_NOT_RESUMED,
    /** Under TLS 1.3 no data connection resumes, and all are refused: 522. Under TLS 1.2 all is well. */
    UNRESUMED_REFUSED,
    /** Like {@link #UNRESUMED_REFUSED}, with the end of the control connection instead of a reply. */
    UNRESUMED_ENDS_SESSION,
    /** Neither under TLS 1.3 nor under TLS 1.2 does a data connection resume, and all are refused: 425. */
    NEVER_RESUMED_AND_REFUSED,
    /** Data connections show the certificate of {@link ScriptedServer.Script#otherTls}. */
    OTHER_CERTIFICATE_ON_DATA
}
