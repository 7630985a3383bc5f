/** {@code portside check}: what would go wrong with a server on this machine, and the firewall rules that it needs. */
package dev.portside.cli.check;
