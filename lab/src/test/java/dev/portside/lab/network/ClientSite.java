package dev.portside.lab.network;

import java.util.ArrayList;
import java.util.List;

/** A client and its gateway: half of a {@link Topology}. */
record ClientSite(ClientGateway gateway, boolean helper) {
    static List<ClientSite> all() {
        List<ClientSite> all = new ArrayList<>();
        for (ClientGateway gateway : ClientGateway.values()) {
            all.add(new ClientSite(gateway, false));
            all.add(new ClientSite(gateway, true));
        }
        return all;
    }

    /** 0 to 5; part of addresses and names. */
    int number() {
        return all().indexOf(this);
    }
}
