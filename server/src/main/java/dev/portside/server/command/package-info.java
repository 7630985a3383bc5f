/**
 * What each command does, grouped as RFC 959 groups its chapters: straight functions from a session and a command to exactly
 * one reply. A failure is thrown, and {@link dev.portside.server.command.FailureReply} alone says which reply it is.
 */
package dev.portside.server.command;
