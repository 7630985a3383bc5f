/**
 * The files that clients see. {@link dev.portside.server.storage.VirtualFileStore} is the one place where a client's
 * pathname, a {@link dev.portside.server.storage.VirtualPath}, becomes a {@link java.nio.file.Path}.
 */
package dev.portside.server.storage;
