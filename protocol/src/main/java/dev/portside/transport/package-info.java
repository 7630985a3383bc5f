/**
 * The two connections of FTP: {@link dev.portside.transport.ControlConnection} and {@link
 * dev.portside.transport.DataConnection}, with {@link dev.portside.transport.DataPort} saying who listens, where and for
 * whom. Used by both ends.
 */
package dev.portside.transport;
