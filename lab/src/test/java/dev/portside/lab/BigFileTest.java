package dev.portside.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.Upload;
import dev.portside.lab.peer.RealClient;
import dev.portside.testkit.Content;
import dev.portside.testkit.ContentCheck;
import dev.portside.testkit.LeakCheckExtension;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** More bytes than an int can count, compared one by one with what they should be. */
@ExtendWith(LeakCheckExtension.class)
class BigFileTest {
    private static final Content BIG = new Content((2L << 30) + 3, 1);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void twoGibibytes_goBothWays() throws Exception {
        Path local = directory.resolve("local");
        try (OurServer server = OurServer.start(directory.resolve("home"))) {
            Path remote = server.home().resolve("big");
            try (FtpClient client = FtpClient.connect(FtpClientOptions.builder(server.host(Route.Family.IPV4))
                    .port(server.address(Route.Family.IPV4).getPort())
                    .build())) {
                client.login(OurServer.USER, OurServer.PASSWORD);

                try (Upload upload = client.store("big")) {
                    assertThat(upload.transferFrom(BIG.channel())).isEqualTo(BIG.size());
                }
                assertThat(client.size("big")).isEqualTo(BIG.size());

                ContentCheck check = BIG.check();
                try (Download download = client.retrieve("big")) {
                    download.transferTo(check);
                }
                check.assertComplete();

                ContentCheck tail = BIG.check(BIG.size() - 2);
                try (Download download = client.retrieve("big", BIG.size() - 2)) {
                    download.transferTo(tail);
                }
                tail.assertComplete();
            }

            // from the disk to the network, by another client
            RealClient.named("curl")
                    .within(LIMIT)
                    .run(
                            "-sS",
                            "-u",
                            OurServer.USER + ":" + OurServer.PASSWORD,
                            "-o",
                            local.toString(),
                            server.url("big"))
                    .succeeded();
            Files.delete(remote);
        }
        BIG.assertIn(local);
        fromDiskToDisk(local);
    }

    /** Where zero copy is possible, it is another way through the code. */
    private void fromDiskToDisk(Path local) throws Exception {
        try (OurServer server = OurServer.start(directory.resolve("home"))) {
            try (FtpClient client = FtpClient.connect(FtpClientOptions.builder(server.host(Route.Family.IPV4))
                    .port(server.address(Route.Family.IPV4).getPort())
                    .build())) {
                client.login(OurServer.USER, OurServer.PASSWORD);
                try (FileChannel from = FileChannel.open(local);
                        Upload upload = client.store("big")) {
                    assertThat(upload.transferFrom(from)).isEqualTo(BIG.size());
                }
            }
            BIG.assertIn(server.home().resolve("big"));
            Files.delete(server.home().resolve("big"));
        }
        Files.delete(local);
    }
}
