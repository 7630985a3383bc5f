package dev.portside.lab.network;

import java.util.ArrayList;
import java.util.List;

/** A server and its gateway: half of a {@link Topology}. */
record ServerSite(ServerGateway gateway, boolean helper) {
    static List<ServerSite> all() {
        List<ServerSite> all = new ArrayList<>();
        for (ServerGateway gateway : ServerGateway.values()) {
            all.add(new ServerSite(gateway, false));
            all.add(new ServerSite(gateway, true));
        }
        return all;
    }

    /** 0 to 15; part of addresses and names. */
    int number() {
        return all().indexOf(this);
    }
}
