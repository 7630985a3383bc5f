package dev.portside.lab.bench;

import dev.portside.lab.peer.Processes;
import dev.portside.lab.peer.Programs;
import dev.portside.lab.peer.RealClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;

/** A running server: where it is, who may log in, and what it costs. */
final class Contestant implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    /** Between two attempts to connect: by so much a start may seem longer than it is. */
    private static final Duration POLL = Duration.of(250, ChronoUnit.MICROS);

    private final Contender contender;
    private final Site site;
    private final Process enclosure;
    private final ProcessTree processes;
    private final Duration startup;

    private Contestant(Contender contender, Site site, Process enclosure, ProcessTree processes, Duration startup) {
        this.contender = contender;
        this.site = site;
        this.enclosure = enclosure;
        this.processes = processes;
        this.startup = startup;
    }

    /** Starts a server and returns when it has greeted a first client; one that does not is ended. */
    static Contestant start(Contender contender, Site site, Start start) throws IOException, InterruptedException {
        Path note = site.directory().resolve("started");
        Process enclosure = Programs.process(start.enclosed(note), site.directory())
                .redirectErrorStream(true)
                .redirectOutput(site.directory().resolve("output.log").toFile())
                .start();
        try {
            Instant greeted = awaitGreeting(contender, site, enclosure);
            String[] noted = Files.readString(note).strip().split(" ");
            Instant started = Instant.EPOCH.plusNanos(Long.parseLong(noted[1]));
            ProcessTree processes = ProcessTree.of(enclosure.toHandle(), noted[0]);
            return new Contestant(contender, site, enclosure, processes, Duration.between(started, greeted));
        } catch (Throwable failed) {
            end(enclosure, site);
            throw failed;
        }
    }

    /** Connects until somebody answers, which costs the server nothing before it listens, and reads the greeting. */
    private static Instant awaitGreeting(Contender contender, Site site, Process enclosure) throws IOException {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (enclosure.isAlive() && Instant.now().isBefore(limit)) {
            try (Socket socket = new Socket(InetAddress.ofLiteral(Site.HOST), site.port())) {
                socket.setSoTimeout(Math.toIntExact(START_LIMIT.toMillis()));
                BufferedReader replies =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                String line = replies.readLine();
                Instant greeted = Instant.now();
                if (line == null || !line.startsWith("220")) {
                    throw new AssertionError(contender + " greets with " + line);
                }
                return greeted;
            } catch (ConnectException notYet) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        throw new AssertionError(contender + " does not start:\n"
                + Files.readString(site.directory().resolve("output.log")));
    }

    Contender contender() {
        return contender;
    }

    /** Returns the address and port of the control connection. */
    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral(Site.HOST), site.port());
    }

    /** Returns the name that may log in. */
    String user() {
        return Site.USER;
    }

    /** Returns the user's password. */
    String password() {
        return Site.PASSWORD;
    }

    /** Returns the time from the start of the process until it had greeted a client. */
    Duration startup() {
        return startup;
    }

    /**
     * Returns the time on processors, user and system, that the server's processes have used so far, those included that
     * have ended. It is exact to a clock tick (10 ms) while processes do not come and go.
     */
    Duration cpu() {
        return processes.cpu();
    }

    /** Returns the memory of all processes of the server, where what several share is counted once (PSS), in KiB. */
    long proportionalSetKiB() {
        return processes.memoryKiB("Pss");
    }

    /** Returns the sum of the memory of each process of the server (RSS), in KiB. */
    long residentKiB() {
        return processes.memoryKiB("Rss");
    }

    /** Collects what a Java virtual machine does not need any more, twice: it may find more the second time. */
    void collectGarbage() throws IOException, InterruptedException {
        if (contender.collectsGarbage()) {
            String pid = Long.toString(processes.server());
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            RealClient.at(jcmd).run(pid, "GC.run").succeeded();
            RealClient.at(jcmd).run(pid, "GC.run").succeeded();
        }
    }

    /** Ends the server with all its sessions. */
    @Override
    public void close() {
        end(enclosure, site);
    }

    private static void end(Process enclosure, Site site) {
        try {
            enclosure.getOutputStream().close();
        } catch (IOException gone) {
            // Its reader is gone: the server has ended already.
        }
        Processes.awaitEnd(enclosure);
        Processes.delete(site.directory());
    }
}
