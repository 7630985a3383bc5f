package dev.portside.lab.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A laboratory to walk around in, until the shell ends. */
final class Shell {
    private Shell() {}

    /** Builds the laboratory, starts our servers, and opens a shell at the client's; returns its exit code. */
    static int open(Topology topology) throws IOException, InterruptedException {
        Secrets secrets = Secrets.make();
        try (Laboratory laboratory = Laboratory.build();
                Host servers = Host.start(laboratory.servers())) {
            servers.run(new StartServers(
                    Topology.all().stream().map(StartServers.Plan::of).toList(), secrets));
            System.out.print(introduction(laboratory, topology));
            List<String> command = new ArrayList<>(laboratory.clients().around());
            String shell = System.getenv().getOrDefault("SHELL", "/bin/sh");
            command.add(shell);
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("SERVER", topology.publicServerAddress());
            return builder.start().waitFor();
        }
    }

    private static String introduction(Laboratory laboratory, Topology topology) {
        return """
                %s
                  client          %s, outside %s
                  server          %s, outside %s (in this shell: $SERVER)
                  passive ports   %s
                  login           %s, password %s, file %s, TLS by AUTH TLS

                Try:   curl -v --user %s:%s ftp://$SERVER/%s
                Look into the others with: nsenter --net=/run/netns/NAME
                  servers         %s
                  client gateway  %s
                  server gateway  %s
                  wide area       %s
                What a gateway has dropped: nft list table inet portside. All namespaces end with this shell.

                """.formatted(
                        topology,
                        topology.clientAddress(),
                        topology.publicClientAddress(),
                        topology.serverAddress(),
                        topology.publicServerAddress(),
                        Laboratory.PASSIVE_PORTS,
                        Secrets.USER,
                        Secrets.PASSWORD,
                        Secrets.FILE,
                        Secrets.USER,
                        Secrets.PASSWORD,
                        Secrets.FILE,
                        laboratory.servers(),
                        laboratory.gateway(topology.clientSite()).namespace(),
                        laboratory.gateway(topology.serverSite()).namespace(),
                        laboratory.namespaces().get("wide-area"));
    }
}
