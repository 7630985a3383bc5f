/**
 * One session: {@link dev.portside.server.control.ServerPI} reads its commands and sends its replies, {@link
 * dev.portside.server.control.Session} is its state.
 */
package dev.portside.server.control;
