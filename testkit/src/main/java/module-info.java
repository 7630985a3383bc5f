/** Scripted peers and a leak check: what tests of FTP programs need and no production code does. */
@org.jspecify.annotations.NullMarked
module dev.portside.testkit {
    requires static transitive org.jspecify;
    requires static transitive org.junit.jupiter.api;
    requires transitive dev.portside.protocol;
    requires java.management;
    requires jdk.management;

    exports dev.portside.testkit;
}
