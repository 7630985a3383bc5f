package dev.portside.lab.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The kit itself: a topology that is built, works, stops what it is to stop, and leaves nothing behind. */
class LaboratoryTest {
    @Test
    void behindNat_withoutHelper_passiveWorksAndActiveDoesNot() throws Exception {
        Secrets secrets = Secrets.make();
        long t0 = System.nanoTime();
        try (Laboratory laboratory = Laboratory.build();
                Host servers = Host.start(laboratory.servers());
                Host clients = Host.start(laboratory.clients())) {
            System.out.println("built " + (System.nanoTime() - t0) / 1000000);
            List<StartServers.Plan> plans = new ArrayList<>();
            for (Topology t : Topology.all()) plans.add(StartServers.Plan.of(t));
            servers.run(new StartServers(plans, secrets));
            System.out.println("servers " + (System.nanoTime() - t0) / 1000000);
            List<CompletableFuture<Measured>> all = new ArrayList<>();
            for (Topology t : Topology.all())
                for (Cell c : Cell.of(t)) all.add(clients.begin(new Measure(c, secrets, Duration.ofSeconds(3))));
            for (var f : all) System.out.println(f.join());
            System.out.println("cells " + (System.nanoTime() - t0) / 1000000);
            laboratory.stops().forEach(System.out::println);
        }
        System.out.println("closed " + (System.nanoTime() - t0) / 1000000);
    }
}
