package dev.portside.lab.network;

import dev.portside.cli.doctor.Doctor;
import dev.portside.cli.doctor.DoctorOptions;
import dev.portside.cli.doctor.Mode;
import dev.portside.client.DataConnectionEvent;
import dev.portside.client.DataMode;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.TlsMode;
import dev.portside.client.TransferResult;
import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What runs in the process of the clients of {@link Stages}. */
final class StageClient {
    /** For what is to fail: longer only makes the tests late; for what works it is much. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private StageClient() {}

    /** A client in the clear. */
    static FtpClientOptions.Builder to(String server, int port) {
        return FtpClientOptions.builder(server).port(port).dataConnectTimeout(PATIENCE);
    }

    /** A client under TLS. */
    static FtpClientOptions.Builder to(String server, int port, Secrets secrets) {
        return to(server, port)
                .tls(FtpClientTls.builder(TlsMode.EXPLICIT)
                        .trusting(secrets.fingerprint())
                        .build());
    }

    /** Downloads a file in a session of its own. */
    static Fetched get(FtpClientOptions.Builder options, String file) throws IOException {
        return get(options, file, file.equals(StageServer.LARGE) ? StageServer.LARGE_SIZE : Secrets.CONTENT.length());
    }

    private static Fetched get(FtpClientOptions.Builder options, String file, long size) throws IOException {
        Seen seen = new Seen();
        Counter counter = new Counter();
        String failure = "";
        TransferResult result = null;
        try (FtpClient client = FtpClient.connect(options.listener(seen).build())) {
            client.login(Secrets.USER, Secrets.PASSWORD);
            long began = System.nanoTime();
            try {
                Download download = client.retrieve(file);
                try (download) {
                    download.transferTo(Channels.newChannel(counter));
                }
                result = download.result();
            } catch (FtpDataConnectionException none) {
                failure = none.getMessage();
                seen.failed.clear();
                seen.failed.addAll(none.attempts());
            } catch (IOException failed) {
                failure = String.valueOf(failed.getMessage());
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return seen.told(counter.bytes == size, failure, took, result, next(client));
        }
    }

    private static String next(FtpClient client) {
        try {
            return client.execute(new Command.Noop()).toString();
        } catch (IOException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    /** What the server answers to PASV. */
    static String pasv(FtpClientOptions.Builder options) throws IOException {
        Seen seen = new Seen();
        try (FtpClient client =
                FtpClient.connect(options.mode(DataMode.PASV).listener(seen).build())) {
            client.login(Secrets.USER, Secrets.PASSWORD);
            client.names("");
        }
        return seen.replies.stream()
                .filter(reply -> reply.code().equals(ReplyCode.ENTERING_PASSIVE_MODE_227))
                .findFirst()
                .map(Reply::toString)
                .orElseThrow();
    }

    /** What the doctor tries at least: these modes. */
    static DoctorOptions trials(Mode... modes) {
        return trials(0, null, modes);
    }

    /** The same, and samples of the passive ports, and an idle time if there is one. */
    static DoctorOptions trials(int samplePorts, @Nullable Duration idle, Mode... modes) {
        return new DoctorOptions(
                Secrets.USER,
                Secrets.PASSWORD,
                "",
                Set.of(modes),
                Set.of(),
                false,
                0,
                samplePorts,
                idle,
                0,
                DoctorOptions.USUAL_CONNECTIONS);
    }

    /** Lets the doctor examine a server. */
    static Diagnosed examine(FtpClientOptions.Builder client, DoctorOptions options) {
        long began = System.nanoTime();
        return Diagnosed.of(
                Doctor.examine(client.build(), options, trial -> {}), Duration.ofNanos(System.nanoTime() - began));
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] b, int offset, int length) {
            bytes += length;
        }
    }

    private static final class Seen implements FtpClientListener {
        private final ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();
        private final List<String> made = new ArrayList<>();
        private final ConcurrentLinkedQueue<FtpDataConnectionException.Attempt> failed = new ConcurrentLinkedQueue<>();

        @Override
        public void reply(Reply reply) {
            replies.add(reply);
        }

        @Override
        public void dataConnection(DataConnectionEvent event) {
            made.add(event.mode().name());
        }

        @Override
        public void dataConnectionFailed(FtpDataConnectionException.Attempt attempt) {
            failed.add(attempt);
        }

        Fetched told(boolean whole, String failure, Duration took, @Nullable TransferResult result, String next) {
            return new Fetched(
                    whole,
                    made.isEmpty() ? "" : made.getLast(),
                    failure,
                    failed.stream()
                            .map(FtpDataConnectionException.Attempt::toString)
                            .toList(),
                    took,
                    result == null
                            ? ""
                            : result.completion().map(Object::toString).orElse(""),
                    result == null ? "" : result.proof().name(),
                    next);
        }
    }
}
