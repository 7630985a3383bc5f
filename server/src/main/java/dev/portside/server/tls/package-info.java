/**
 * The certificates of a server and the TLS engines that show them: {@link dev.portside.server.tls.ServerTls} is all that a
 * session needs.
 */
package dev.portside.server.tls;
