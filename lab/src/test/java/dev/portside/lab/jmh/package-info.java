/**
 * Microbenchmarks of what is done for every command, reply, line and byte: {@code lab/jmh [PATTERN] [OPTION…]} runs them.
 * What is not public is measured from a class of its own package.
 */
package dev.portside.lab.jmh;
