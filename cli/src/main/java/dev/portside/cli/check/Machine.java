package dev.portside.cli.check;

import dev.portside.protocol.PortRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The machine that is to serve: what it says of itself.
 *
 * @param root where {@code /proc}, {@code /run} and {@code /etc} are looked for
 * @param devices its network interfaces that are up
 * @param names looks up a host name; empty for one that there is not
 * @param programs the directories of its programs
 * @param environment with which programs are started
 */
public record Machine(
        Path root,
        List<Device> devices,
        Function<String, List<InetAddress>> names,
        List<Path> programs,
        Map<String, String> environment) {
    private static final long PROGRAM_SECONDS = 10;
    private static final int CAP_NET_BIND_SERVICE = 10;

    /** An address and how many bits of it are its network. */
    public record Local(InetAddress address, int prefix) {}

    /** A network interface. */
    public record Device(String name, List<Local> addresses) {
        boolean isLoopback() {
            return addresses.stream().anyMatch(local -> local.address.isLoopbackAddress());
        }
    }

    /** What a program printed; {@code code} is negative if there is no such program. */
    record Output(int code, String out, String err) {}

    /** The machine that this runs on. */
    public static Machine here(@Nullable String path) {
        List<Path> programs = new ArrayList<>();
        // Users do not have the programs of administrators in their PATH.
        String all = (path == null ? "" : path) + ":/usr/sbin:/sbin";
        for (String each : all.split(":")) {
            if (!each.isEmpty()) {
                programs.add(Path.of(each));
            }
        }
        return new Machine(Path.of("/"), interfaces(), Machine::lookUp, programs, Map.of());
    }

    private static List<Device> interfaces() {
        try (Stream<NetworkInterface> all = NetworkInterface.networkInterfaces()) {
            return all.filter(Machine::isUp)
                    .map(each -> new Device(
                            each.getName(),
                            each.getInterfaceAddresses().stream()
                                    .map(address -> new Local(address.getAddress(), address.getNetworkPrefixLength()))
                                    .toList()))
                    .toList();
        } catch (SocketException unknown) {
            return List.of();
        }
    }

    private static boolean isUp(NetworkInterface device) {
        try {
            return device.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }

    private static List<InetAddress> lookUp(String name) {
        try {
            return List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    /** The text of a file below the root, without its end; null if it cannot be read. */
    @Nullable
    String text(String file) {
        // In one read: files of the kernel are empty behind their first piece, and their size is 0.
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            return null;
        }
    }

    boolean has(String file) {
        return Files.exists(root.resolve(file));
    }

    /** The addresses of all interfaces. */
    List<Local> locals() {
        return devices.stream().flatMap(device -> device.addresses.stream()).toList();
    }

    boolean owns(InetAddress address) {
        return address.isLoopbackAddress() || locals().stream().anyMatch(local -> sameAddress(local.address, address));
    }

    /** The scope of an IPv6 address is no matter here. */
    private static boolean sameAddress(InetAddress one, InetAddress other) {
        return java.util.Arrays.equals(one.getAddress(), other.getAddress());
    }

    /** The interface with that address; null if there is none. */
    @Nullable
    Device deviceOf(InetAddress address) {
        return devices.stream()
                .filter(device -> device.addresses.stream().anyMatch(local -> sameAddress(local.address, address)))
                .findFirst()
                .orElse(null);
    }

    /** The interfaces by which strangers come: those of the default routes, or all but loopback when there is none. */
    List<String> outerDevices() {
        List<String> routed = new ArrayList<>();
        for (String line : lines("proc/net/route")) {
            String[] fields = line.split("\\s+");
            if (fields.length > 1 && fields[1].equals("00000000")) {
                routed.add(fields[0]);
            }
        }
        for (String line : lines("proc/net/ipv6_route")) {
            String[] fields = line.split("\\s+");
            if (fields.length > 9 && fields[1].equals("00") && !fields[9].equals("lo")) {
                routed.add(fields[9]);
            }
        }
        List<String> all = devices.stream()
                .filter(device -> !device.isLoopback())
                .map(Device::name)
                .toList();
        return routed.isEmpty() ? all : routed.stream().distinct().toList();
    }

    List<String> lines(String file) {
        String text = text(file);
        return text == null ? List.of() : text.lines().toList();
    }

    /** Below that, ports need a privilege; 1024 where the kernel does not say otherwise. */
    int firstUnprivilegedPort() {
        String text = text("proc/sys/net/ipv4/ip_unprivileged_port_start");
        return text == null ? 1024 : Integer.parseInt(text);
    }

    /** The effective capabilities of this process, in hexadecimal digits; null where there are none. */
    @Nullable
    String capabilities() {
        return lines("proc/self/status").stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .findFirst()
                .orElse(null);
    }

    /** Whether this process may listen on privileged ports; where there are no capabilities nobody knows. */
    boolean mayBindPrivileged() {
        String capabilities = capabilities();
        return capabilities == null || (HexFormat.fromHexDigitsToLong(capabilities) >> CAP_NET_BIND_SERVICE & 1) != 0;
    }

    /** The ports that the kernel gives to outgoing connections; null where it does not say. */
    @Nullable
    PortRange ephemeralPorts() {
        String text = text("proc/sys/net/ipv4/ip_local_port_range");
        if (text == null) {
            return null;
        }
        String[] ends = text.split("\\s+");
        return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }

    /** Runs a program of the machine to its end. */
    Output run(String program, String... arguments) {
        Path found = null;
        for (Path directory : programs) {
            if (found == null && Files.isExecutable(directory.resolve(program))) {
                found = directory.resolve(program);
            }
        }
        if (found == null) {
            return new Output(-1, "", "there is no " + program + " on this machine");
        }
        List<String> command = new ArrayList<>(List.of(found.toString()));
        command.addAll(List.of(arguments));
        return run(program, command);
    }

    private Output run(String program, List<String> command) {
        try {
            Path err = Files.createTempFile("portside-check", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                Thread late = Thread.startVirtualThread(() -> endLate(process));
                String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int code = process.waitFor();
                late.interrupt();
                return new Output(code, out, Files.readString(err).strip());
            } finally {
                Files.delete(err);
            }
        } catch (IOException failed) {
            return new Output(-1, "", program + " cannot be run");
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return new Output(-1, "", program + " was interrupted");
        }
    }

    private static void endLate(Process process) {
        try {
            if (!process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            // In time.
        }
    }
}
