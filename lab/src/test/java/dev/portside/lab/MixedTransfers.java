package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientListener;
import dev.portside.client.TlsStatus;
import dev.portside.client.TransferResult.Proof;
import dev.portside.client.Upload;
import dev.portside.protocol.Command;
import dev.portside.protocol.DirectoryEntry;
import dev.portside.protocol.Reply;
import dev.portside.testkit.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Uploads, downloads and listings in one session under TLS, in the same order in every run. */
final class MixedTransfers {
    static final int COUNT = 110;
    private static final int LARGEST = 300 << 10;
    private static final int LAST_LINES = 30;

    private MixedTransfers() {}

    /** What came about. */
    static final class Events implements FtpClientListener {
        final List<TlsStatus> data = new CopyOnWriteArrayList<>();
        final List<String> connectedAgain = new CopyOnWriteArrayList<>();
        final List<String> dialogue = new CopyOnWriteArrayList<>();

        private void add(String line) {
            dialogue.add(LocalTime.now(ZoneOffset.UTC) + " " + line);
        }

        @Override
        public void command(Command command) {
            add(command.masked());
        }

        @Override
        public void reply(Reply reply) {
            add(reply.toString());
        }

        @Override
        public void secured(TlsStatus status) {
            add(status.protocol() + (status.resumed() ? " resumed" : " not resumed"));
            if (status.dataConnection()) {
                data.add(status);
            }
        }

        @Override
        public void connectedAgain(String reason) {
            add(reason);
            connectedAgain.add(reason);
        }
    }

    /**
     * Transfers in a new directory {@code here}, and compares every byte.
     *
     * @param home the client's working directory, on the disk
     */
    static void run(FtpClient client, Path home, Events events) throws IOException {
        client.makeDirectory("here");
        client.changeDirectory("here");
        try {
            transfers(client, home.resolve("here"));
        } catch (IOException | AssertionError failed) {
            int size = events.dialogue.size();
            List<String> last = events.dialogue.subList(Math.max(0, size - LAST_LINES), size);
            throw new AssertionError(failed.getMessage() + "\n" + String.join("\n", last), failed);
        }
    }

    /** Uploads in a row are what uses up tickets. */
    private static void transfers(FtpClient client, Path directory) throws IOException {
        Random random = new Random(1);
        List<byte[]> stored = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            if (stored.isEmpty() || i / 20 % 2 == 0 || random.nextBoolean()) {
                byte[] bytes = new Content(1 + random.nextInt(LARGEST), i).bytes();
                String name = "file " + stored.size();
                try (Upload upload = client.store(name)) {
                    upload.outputStream().write(bytes);
                }
                assertThat(Files.readAllBytes(directory.resolve(name))).isEqualTo(bytes);
                stored.add(bytes);
            } else {
                int which = random.nextInt(stored.size());
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                Download download = client.retrieve("file " + which);
                try (download) {
                    download.transferTo(Channels.newChannel(bytes));
                }
                assertThat(bytes.toByteArray()).isEqualTo(stored.get(which));
                assertThat(download.result().proof()).isEqualTo(Proof.CLOSE_NOTIFY);
            }
            if (i % 10 == 0) {
                assertThat(client.list().entries())
                        .filteredOn(entry -> entry.type() == DirectoryEntry.Type.FILE)
                        .hasSize(stored.size());
            }
        }
    }
}
