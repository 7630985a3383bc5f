package dev.portside.lab.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** One row of the truth table: what stands between a client and a server. */
record Topology(Family family, ClientGateway client, ServerGateway server, FtpHelper helper) implements Serializable {

    /** All that there are: 96 for IPv4, and 32 for IPv6, where nobody does NAT. */
    static List<Topology> all() {
        List<Topology> all = new ArrayList<>();
        for (Family family : Family.values()) {
            for (ClientGateway client : ClientGateway.values()) {
                for (ServerGateway server : ServerGateway.values()) {
                    for (FtpHelper helper : FtpHelper.values()) {
                        if (family == Family.IPV4 || !(client.isNat() || server.isNat())) {
                            all.add(new Topology(family, client, server, helper));
                        }
                    }
                }
            }
        }
        return all;
    }

    ClientSite clientSite() {
        return new ClientSite(client, helper.atClient());
    }

    ServerSite serverSite() {
        return new ServerSite(server, helper.atServer());
    }

    /** Where the client connects to: an address that nobody else in the laboratory has. */
    String publicServerAddress() {
        return Addressing.publicServer(family, clientSite(), serverSite());
    }

    /** The address that the server has. */
    String serverAddress() {
        return Addressing.server(family, clientSite(), serverSite());
    }

    /** The address that the client has. */
    String clientAddress() {
        return Addressing.client(family, clientSite());
    }

    /** The address by which the wide area knows the client. */
    String publicClientAddress() {
        return Addressing.publicClient(family, clientSite());
    }

    @Override
    public String toString() {
        return family + ": " + client + " / " + server + " / " + helper;
    }
}
