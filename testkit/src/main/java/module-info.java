/** Scripted peers and a leak check: what tests of FTP programs need and no production code does. */
@org.jspecify.annotations.NullMarked
module dev.portside.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.portside.protocol;

    exports dev.portside.testkit;
}
