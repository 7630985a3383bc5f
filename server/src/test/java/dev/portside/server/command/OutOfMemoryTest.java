package dev.portside.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.server.RunningServer;
import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A transfer for which there is no memory left, in a process that has little of it. */
@Timeout(90)
class OutOfMemoryTest {
    @TempDir
    Path directory;

    @Test
    void aTransferWithoutBuffers_is451_andDoesNotLookComplete() throws Exception {
        Path output = directory.resolve("output");
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.writeString(home.resolve("a.txt"), "one\ntwo\n");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:MaxDirectMemorySize=200k",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutOfMemoryTest.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(output).content().contains("data: reset").contains("reply: 451");
    }

    public static void main(String[] arguments) throws IOException {
        try (RunningServer server = RunningServer.on(Path.of(arguments[0]));
                ScriptedClient client = server.login()) {
            client.command("TYPE A", 200);
            try (Socket data = client.passive()) {
                client.command("RETR a.txt", 150);
                System.out.println("data: " + end(data));
            }
            System.out.println("reply: " + client.readReply().code().value());
        }
    }

    private static String end(Socket data) throws IOException {
        try {
            return ScriptedClient.readAll(data).length + " bytes and the end";
        } catch (SocketException reset) {
            return "reset";
        }
    }
}
