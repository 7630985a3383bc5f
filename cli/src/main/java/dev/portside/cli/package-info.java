/** The {@code portside} command line: one class a subcommand, {@link dev.portside.cli.Portside} is the entry point. */
package dev.portside.cli;
