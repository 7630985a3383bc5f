/**
 * FTP as data: {@link dev.portside.protocol.Command}, {@link dev.portside.protocol.Reply} and what they carry.
 *
 * <p>Everything here is a pure function of its arguments: no I/O, no threads, no clock.
 */
package dev.portside.protocol;
