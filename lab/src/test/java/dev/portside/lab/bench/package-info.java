/**
 * Portside beside other servers, measured in one run: {@link dev.portside.lab.bench.Contender} starts a server,
 * {@link dev.portside.lab.bench.Contestant} is one that runs and tells what it costs.
 */
package dev.portside.lab.bench;
