/** The embeddable FTP server. */
@org.jspecify.annotations.NullMarked
module dev.portside.server {
    requires static transitive org.jspecify;
    requires transitive dev.portside.protocol;
    requires tools.jackson.core;

    exports dev.portside.server;
}
