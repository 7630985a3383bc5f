/** Every call to the operating system that the JDK does not offer, and nothing else. */
package dev.portside.server.posix;
