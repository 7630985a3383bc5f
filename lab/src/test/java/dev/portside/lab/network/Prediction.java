package dev.portside.lab.network;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be expected of a {@link Cell}, by these rules:
 *
 * <ol>
 *   <li>Passive mode depends on the server's side alone: the passive ports are open, or the helper at the server's gateway opens
 *       the one that a reply names. It reads replies in the clear, and a 227 only if that names the address that the server has.
 *   <li>A client that believes 227 needs an address there that means something outside: a public one, or one that the helper at
 *       the server's gateway has rewritten.
 *   <li>Active mode depends on the client's side, and on whether the server may connect outwards: each is open, or its gateway
 *       has a helper that reads the command in the clear. Behind NAT the helper also rewrites the address; otherwise the server
 *       refuses it.
 *   <li>Under TLS no helper opens, or breaks, anything.
 *   <li>AUTO works where anything works.
 * </ol>
 */
final class Prediction {
    private Prediction() {}

    /** Why a cell fails, or null if it works. For AUTO: why EPSV fails. */
    static @Nullable Blame of(Cell cell) {
        if (cell.way() == Way.AUTO) {
            return auto(cell);
        }
        Topology topology = cell.topology();
        boolean helpsClient = topology.helper().atClient() && !cell.tls();
        boolean helpsServer = topology.helper().atServer() && !cell.tls();
        return cell.way().isActive()
                ? active(topology, helpsClient, helpsServer)
                : passive(topology, cell.way(), helpsServer);
    }

    private static @Nullable Blame auto(Cell cell) {
        List<@Nullable Blame> all = others(cell).stream().map(Prediction::of).toList();
        return all.contains(null) ? null : Prediction.of(new Cell(cell.topology(), Way.EPSV, cell.tls()));
    }

    /** The cells that have the modes that AUTO tries. */
    private static List<Cell> others(Cell cell) {
        return Way.of(cell.topology().family()).stream()
                .filter(way -> way != Way.AUTO && way != Way.PASV_BELIEVED)
                .map(way -> new Cell(cell.topology(), way, cell.tls()))
                .toList();
    }

    private static @Nullable Blame active(Topology topology, boolean helpsClient, boolean helpsServer) {
        if (topology.client().isNat() && !helpsClient) {
            return Blame.PRIVATE_ADDRESS_REFUSED;
        }
        if (!topology.server().letsOut() && !helpsServer) {
            return Blame.ACTIVE_DROPPED_AT_SERVER;
        }
        return topology.client() == ClientGateway.OPEN || helpsClient ? null : Blame.ACTIVE_DROPPED_AT_CLIENT;
    }

    private static @Nullable Blame passive(Topology topology, Way way, boolean helpsServer) {
        ServerGateway server = topology.server();
        boolean readable = way == Way.EPSV || server != ServerGateway.NAT_EXTERNAL_ADDRESS;
        if (way == Way.PASV_BELIEVED && server.isNat() && !server.namesExternalAddress() && !helpsServer) {
            return Blame.PRIVATE_ADDRESS_NAMED;
        }
        return server.opensRange() || (helpsServer && readable) ? null : Blame.PASSIVE_PORT_DROPPED;
    }
}
