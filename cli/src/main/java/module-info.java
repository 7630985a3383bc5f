/** The {@code portside} command line. */
@org.jspecify.annotations.NullMarked
module dev.portside.cli {
    requires static transitive org.jspecify;
    requires dev.portside.client;
    requires dev.portside.server;
    requires info.picocli;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    opens dev.portside.cli to
            info.picocli;
}
