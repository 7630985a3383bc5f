package dev.portside.server.conformance;

import dev.portside.server.RunningServer;
import dev.portside.testkit.ScriptedClient;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Third-party transfers, where they are allowed, are between hosts: what listens on loopback is not for other hosts. */
class ForeignDataAddressTest extends Conformance {
    @Test
    void clientOfAnotherHost_doesNotReachTheLoopbackOfThisOne() throws Exception {
        Optional<InetAddress> outward = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(outward.isPresent(), "this host has an address besides loopback");
        InetAddress address = outward.orElseThrow();
        try (RunningServer all = RunningServer.at("0.0.0.0", home, options -> options.foreignDataAddresses(true))) {
            InetSocketAddress control =
                    new InetSocketAddress(address, all.address().getPort());
            try (ScriptedClient client = ScriptedClient.login(control, RunningServer.USER, RunningServer.PASSWORD)) {
                client.command("PORT 127,0,0,1,200,200", 504);
                client.command("EPRT |1|127.0.0.1|50000|", 504);
                client.command("PORT 192,0,2,1,200,200", 200);
            }
        }
    }
}
