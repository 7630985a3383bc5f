package dev.portside.testkit;

/** What proxies do wrong, or do not want to do. A {@link ScriptedProxy} commits any number of them. */
public enum ProxyFault {
    /** Connections are accepted, and nothing is ever said. */
    NEVER_ANSWERS,
    /** Connections are closed at once. */
    CLOSES_AT_ONCE,
    /** It answers with the greeting of an FTP server. */
    IS_NO_PROXY,
    /** Nothing is allowed: SOCKS5 2, HTTP 403. */
    ALLOWS_NOTHING,
    /** Only the first target is allowed, as by a rule for the port of the control connection. */
    ALLOWS_CONTROL_ONLY,
    /** The second connection through it, and all later ones, are never made, and never refused. */
    DATA_NEVER_CONNECTS,
    /** An HTTP answer without end. */
    ENDLESS_HEAD,
    /** 103 with fields comes before the answer. */
    INTERIM_ANSWER,
    /** What the server says first comes in one segment with the answer, in front of nothing. */
    ANSWER_AND_BANNER_IN_ONE,
    /** Each byte of an answer comes in a segment of its own. */
    BYTE_BY_BYTE,
    /** BIND is not supported: 7. */
    NO_BIND,
    /** The first answer to BIND names 0.0.0.0. */
    BIND_AT_ZEROES,
    /** Behind BIND a stranger is let through: 127.0.0.9. */
    BIND_TAKES_STRANGERS
}
