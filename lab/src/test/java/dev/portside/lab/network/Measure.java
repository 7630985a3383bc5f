package dev.portside.lab.network;

import dev.portside.client.DataConnectionEvent;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.TlsMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Tries one cell with our client: logs in, and gets a file.
 *
 * @param dataTimeout how long the client waits for each data connection
 */
record Measure(Cell cell, Secrets secrets, Duration dataTimeout) implements Task<Measured> {
    /** A cell that waits for a time-out costs nothing, one that logs in does. */
    private static final Semaphore LOGINS = new Semaphore(8);

    @Override
    public Measured run() throws InterruptedException {
        Measured first = once();
        if (cell.way() != Way.AUTO || !first.works()) {
            return first;
        }
        Measured second = once();
        return new Measured(
                cell,
                second.works(),
                first.mode(),
                first.attempts(),
                second.failure(),
                first.first(),
                second.first(),
                second.attempts().size());
    }

    private Measured once() throws InterruptedException {
        Seen seen = new Seen();
        LOGINS.acquire();
        boolean loggedIn = false;
        try (FtpClient client = FtpClient.connect(options(seen))) {
            client.login(Secrets.USER, Secrets.PASSWORD);
            loggedIn = true;
            LOGINS.release();
            return transfer(client, seen);
        } catch (IOException notLoggedIn) {
            return new Measured(cell, false, null, List.of(), "login: " + notLoggedIn, Duration.ZERO, null, 0);
        } finally {
            if (!loggedIn) {
                LOGINS.release();
            }
        }
    }

    private Measured transfer(FtpClient client, Seen seen) {
        long began = System.nanoTime();
        String failure = "";
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (Download download = client.retrieve(Secrets.FILE)) {
            download.transferTo(Channels.newChannel(content));
        } catch (FtpDataConnectionException none) {
            failure = none.getMessage();
            // Those that were told of are among them.
            seen.attempts.clear();
            seen.attempts.addAll(none.attempts());
        } catch (IOException failed) {
            failure = failed.getMessage();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        boolean whole =
                failure.isEmpty() && content.toString(StandardCharsets.UTF_8).equals(Secrets.CONTENT);
        if (failure.isEmpty() && !whole) {
            failure = content.size() + " bytes came, and not those that were sent";
        }
        String mode = seen.made.isEmpty() || !whole ? null : seen.made.getLast();
        return new Measured(cell, whole, mode, seen.attempts(), failure, took, null, 0);
    }

    private FtpClientOptions options(FtpClientListener listener) {
        return FtpClientOptions.builder(cell.topology().publicServerAddress())
                .port(Laboratory.CONTROL_PORT)
                .mode(cell.way().mode())
                .trustPassiveAddress(cell.way() == Way.PASV_BELIEVED)
                .dataConnectTimeout(dataTimeout)
                .listener(listener)
                .tls(
                        cell.tls()
                                ? FtpClientTls.builder(TlsMode.EXPLICIT)
                                        .trusting(secrets.fingerprint())
                                        .handshakeTimeout(Secrets.HANDSHAKE)
                                        .build()
                                : FtpClientTls.OFF)
                .build();
    }

    /** What a client did. */
    private static final class Seen implements FtpClientListener {
        private final List<String> made = new ArrayList<>();
        private final ConcurrentLinkedQueue<FtpDataConnectionException.Attempt> attempts =
                new ConcurrentLinkedQueue<>();

        @Override
        public void dataConnection(DataConnectionEvent event) {
            made.add(event.mode().name());
        }

        @Override
        public void dataConnectionFailed(FtpDataConnectionException.Attempt attempt) {
            attempts.add(attempt);
        }

        List<Measured.Attempt> attempts() {
            return List.copyOf(attempts.stream().map(Seen::told).toList());
        }

        private static Measured.Attempt told(FtpDataConnectionException.Attempt attempt) {
            return new Measured.Attempt(
                    attempt.mode().name(),
                    attempt.outcome().name(),
                    attempt.listener(),
                    attempt.reply() == null || !attempt.reply().code().isNegative()
                            ? 0
                            : attempt.reply().code().value(),
                    attempt.toString());
        }
    }
}
