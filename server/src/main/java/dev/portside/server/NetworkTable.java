package dev.portside.server;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What holds for clients, by the network they come from: that of the longest prefix.
 *
 * @param networks the exceptions
 * @param others what holds for everybody else
 */
record NetworkTable<V>(Map<ClientNetwork, V> networks, V others) {
    NetworkTable {
        networks = Map.copyOf(networks);
    }

    static <V> NetworkTable<V> of(V everybody) {
        return new NetworkTable<>(Map.of(), everybody);
    }

    NetworkTable<V> with(ClientNetwork network, V value) {
        Map<ClientNetwork, V> more = new HashMap<>(networks);
        more.put(network, value);
        return new NetworkTable<>(more, others);
    }

    NetworkTable<V> withOthers(V value) {
        return new NetworkTable<>(networks, value);
    }

    /** Everything that may hold for somebody. */
    List<V> values() {
        List<V> all = new ArrayList<>(networks.values());
        all.add(others);
        return all;
    }

    V of(InetAddress client) {
        ClientNetwork best = null;
        for (ClientNetwork each : networks.keySet()) {
            if (each.contains(client) && (best == null || each.prefix() > best.prefix())) {
                best = each;
            }
        }
        V found = best == null ? null : networks.get(best);
        return found == null ? others : found;
    }
}
