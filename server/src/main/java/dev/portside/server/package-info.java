/**
 * The embeddable FTP server. {@link dev.portside.server.FtpServerOptions#builder} says what it is to do, {@link
 * dev.portside.server.FtpServer} runs it; {@link dev.portside.server.Authenticator} knows who may log in, and {@link
 * dev.portside.server.FtpServerListener} hears what happens.
 */
package dev.portside.server;
