/**
 * FTP as data (commands, replies, addresses, listings) and the two connections that carry it.
 *
 * <p>{@code dev.portside.protocol} is pure: characters and bytes in, records out. {@code dev.portside.transport} owns
 * sockets and deadlines; it is written once and used by the client and by the server.
 */
@SuppressWarnings("module")
@org.jspecify.annotations.NullMarked
module dev.portside.protocol {
    requires static transitive org.jspecify;
    requires jdk.net;

    exports dev.portside.protocol;
    exports dev.portside.transport to
            dev.portside.client,
            dev.portside.server,
            dev.portside.testkit;
}
