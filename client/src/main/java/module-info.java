/** The FTP client library. */
@org.jspecify.annotations.NullMarked
module dev.portside.client {
    requires static transitive org.jspecify;
    requires transitive dev.portside.protocol;

    exports dev.portside.client;
}
