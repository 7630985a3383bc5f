/**
 * The certificates of a server and the TLS engines that show them: {@link dev.portside.server.tls.ServerTls} is all that a
 * session needs. BouncyCastle is used in one class only, the one that makes a self-signed certificate.
 */
package dev.portside.server.tls;
