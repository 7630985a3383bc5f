package dev.portside.lab.network;

import dev.portside.lab.peer.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Namespaces that are made together and removed together. What is in them ends with them: interfaces, routes, rules,
 * connections. Nothing outside of them is touched.
 *
 * <ol>
 *   <li>{@link #create}, with {@code try}; it removes what runs of dead processes have left behind.
 *   <li>{@link #namespace} makes a namespace, {@link Cable} joins two.
 *   <li>{@link #close} removes them all; so does the end of this process, by Ctrl-C too.
 * </ol>
 *
 * <p>Programs that run in them must have ended by then: a namespace stays alive as long as its programs, without its name.
 */
final class Network implements AutoCloseable {
    private static final Path NAMES = Path.of("/run/netns");
    private static final String PREFIX = "portside-";
    /** {@code portside-PID-NUMBER-NAME}. */
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-\\d+-.*");

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String prefix = PREFIX + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet() + "-";
    private final Map<String, Namespace> namespaces = new LinkedHashMap<>();
    private final Thread atExit = new Thread(this::remove, "portside-lab-remove");

    private Network() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * An empty network.
     *
     * @throws AssertionError if this machine has no namespaces for us: it says what is missing
     */
    static Network create() throws IOException, InterruptedException {
        String missing = missing();
        if (missing != null) {
            throw new AssertionError("no network laboratory here: " + missing);
        }
        removeLeftovers();
        return new Network();
    }

    /** What this machine lacks for a laboratory, or null. */
    static @Nullable String missing() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "it needs Linux, for its network namespaces; this is " + System.getProperty("os.name");
        }
        try {
            if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
                return "it needs root, for network namespaces: run it as root, in a container for example";
            }
            for (String program : List.of("ip", "nft", "nsenter")) {
                Programs.client(program);
            }
            Namespace.run(List.of("unshare", "--net", "true"), "");
            return null;
        } catch (AssertionError program) {
            return program.getMessage();
        } catch (IOException refused) {
            return "the kernel gives no network namespaces to this process: " + refused.getMessage();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** A new namespace with this name, unique in this network; its loopback interface is up. */
    Namespace namespace(String name) throws IOException, InterruptedException {
        Namespace made = new Namespace(prefix + name);
        synchronized (namespaces) {
            if (namespaces.putIfAbsent(name, made) != null) {
                throw new IllegalArgumentException("there is a namespace " + name + " already");
            }
        }
        Namespace.run(List.of(Programs.client("ip").toString(), "netns", "add", made.name()), "");
        made.ip("link set lo up");
        // The machine's own may be bbr, which is erratic where there is no distance.
        made.set(
                "net/ipv4/tcp_congestion_control=reno",
                "net/ipv4/conf/all/rp_filter=0",
                "net/ipv4/conf/default/rp_filter=0",
                "net/ipv6/conf/all/accept_dad=0",
                "net/ipv6/conf/default/accept_dad=0");
        return made;
    }

    /** The namespaces in the order they were made, by the names they were given. */
    Map<String, Namespace> namespaces() {
        synchronized (namespaces) {
            return new LinkedHashMap<>(namespaces);
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // It has run, or runs: there is nothing left to remove either way.
        }
    }

    private void remove() {
        List<Namespace> all;
        synchronized (namespaces) {
            all = new ArrayList<>(namespaces.values());
            namespaces.clear();
        }
        remove(all.stream().map(Namespace::name).toList());
    }

    private static void remove(List<String> names) {
        List<String> lines = names.stream()
                .filter(name -> Files.exists(NAMES.resolve(name)))
                .map(name -> "netns del " + name)
                .toList();
        try {
            Namespace.run(
                    List.of(Programs.client("ip").toString(), "-force", "-batch", "-"),
                    String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new AssertionError("namespaces are left behind", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes the namespaces of processes that are gone. */
    private static void removeLeftovers() throws IOException {
        if (!Files.isDirectory(NAMES)) {
            return;
        }
        List<String> dead = new ArrayList<>();
        try (Stream<Path> entries = Files.list(NAMES)) {
            for (Path entry : entries.toList()) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    dead.add(name.group());
                }
            }
        }
        if (!dead.isEmpty()) {
            remove(dead);
        }
    }
}
