/**
 * The FTP client: {@link dev.portside.client.FtpClient}, made by {@link dev.portside.client.FtpClientOptions}, and the two
 * kinds of transfer that it gives, {@link dev.portside.client.Download} and {@link dev.portside.client.Upload}.
 */
package dev.portside.client;
