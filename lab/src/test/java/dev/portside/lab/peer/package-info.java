/**
 * Real FTP clients and servers from Debian packages, for tests: {@link dev.portside.lab.peer.RealServer} starts a
 * server with a home directory of its own, {@link dev.portside.lab.peer.RealClient} runs a client program,
 * {@link dev.portside.lab.peer.TlsClient} many transfers over TLS in one session. The script
 * {@code lab/peers} makes the programs available; a missing one fails the test, and servers need root.
 */
package dev.portside.lab.peer;
