package dev.portside.lab.bench;

import java.nio.file.Path;

/**
 * What a server is started for; the same for all of them.
 *
 * @param data what the user sees as {@code /}: the user nobody (65534) may read and write everything in it
 * @param tls whether TLS is offered: AUTH TLS, and resumption of sessions on data connections without being required
 * @param scratch where the server gets a directory of its own for its configuration, until it is closed
 */
record Setting(Path data, boolean tls, Path scratch) {}
