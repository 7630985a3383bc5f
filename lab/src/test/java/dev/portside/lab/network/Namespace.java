package dev.portside.lab.network;

import dev.portside.lab.peer.Processes;
import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace of the kernel: interfaces, routes, rules and connections of its own. One that forwards is a router.
 * Belongs to a {@link Network}, which makes and removes it.
 */
final class Namespace {
    private static final Path IP = Programs.client("ip");
    private static final Path NFT = Programs.client("nft");
    private static final Path NSENTER = Programs.client("nsenter");

    private final String name;

    Namespace(String name) {
        this.name = name;
    }

    /** The name by which {@code ip netns} knows it. */
    String name() {
        return name;
    }

    /** Runs commands of {@code ip}, each without the word {@code ip}: {@code addr add 192.0.2.1/32 dev lo}. */
    void ip(List<String> commands) throws IOException, InterruptedException {
        run(in(List.of(IP.toString(), "-batch", "-")), String.join("\n", commands) + "\n");
    }

    /** Runs commands of {@code ip} that do not tell by themselves which family they are about. */
    void ip(Family family, List<String> commands) throws IOException, InterruptedException {
        String option = family == Family.IPV4 ? "-4" : "-6";
        run(in(List.of(IP.toString(), option, "-batch", "-")), String.join("\n", commands) + "\n");
    }

    /** Runs commands of {@code ip}. */
    void ip(String... commands) throws IOException, InterruptedException {
        ip(List.of(commands));
    }

    /** Adds nftables rules, in nft's own language, and returns what nft prints. */
    String nft(String rules) throws IOException, InterruptedException {
        return run(in(List.of(NFT.toString(), "-f", "-")), rules);
    }

    /** Runs a shell script that changes something in it, settings below {@code /proc/sys/net} for example. */
    String shell(String script) throws IOException, InterruptedException {
        return run(in(List.of("sh", "-e")), script);
    }

    /** Sets kernel settings: {@code net/ipv4/ip_forward=1}. */
    void set(String... settings) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            script.append("echo ")
                    .append(setting.substring(equals + 1))
                    .append(" >/proc/sys/")
                    .append(setting, 0, equals)
                    .append('\n');
        }
        shell(script.toString());
    }

    /** Makes it a router for IPv4 and IPv6. */
    void forward() throws IOException, InterruptedException {
        set("net/ipv4/ip_forward=1", "net/ipv6/conf/all/forwarding=1");
    }

    /** Prepares a program that runs in it: its sockets are in this namespace, its files are those of everybody. */
    ProcessBuilder process(List<String> command, Path home) {
        return Programs.process(in(command), home);
    }

    /** What is put before a command line to run it in here. */
    List<String> around() {
        return List.of(NSENTER.toString(), "--net=/run/netns/" + name, "--");
    }

    private List<String> in(List<String> command) {
        List<String> line = new ArrayList<>(around());
        line.addAll(command);
        return line;
    }

    /** Runs a program to its end and returns what it printed; fails with that if its exit code is not 0. */
    static String run(List<String> command, String input) throws IOException, InterruptedException {
        Process process = Programs.process(command, Path.of("/"))
                .redirectErrorStream(true)
                .start();
        try {
            // What is written fits into the pipe, or is read at once: ip and nft read all before they answer.
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(
                        String.join(" ", command) + " failed: " + printed.strip() + "\n" + numbered(input));
            }
            return printed;
        } finally {
            Processes.kill(process);
        }
    }

    private static String numbered(String input) {
        List<String> lines = input.lines().toList();
        StringBuilder numbered = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            numbered.append(i + 1).append(": ").append(lines.get(i)).append('\n');
        }
        return numbered.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
