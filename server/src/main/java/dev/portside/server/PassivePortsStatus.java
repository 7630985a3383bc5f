package dev.portside.server;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * The passive ports of a server at one moment, as part of the admin view. All is 0 and empty where any free port is taken.
 *
 * @param listening ports that are open for data connections, at every local address
 * @param missing ports of the ranges that are not, because another process had them when the server started
 * @param waiting sessions that have a port, and no data connection yet
 * @param refused how often PASV or EPSV was answered by 425 since the start, because every port was taken for that client
 */
public record PassivePortsStatus(int listening, List<InetSocketAddress> missing, int waiting, long refused) {}
