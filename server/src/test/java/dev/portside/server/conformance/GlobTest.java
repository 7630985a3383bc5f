package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ScriptedClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of LIST and NLST that want all the time or all the memory there is. */
class GlobTest extends Conformance {
    private static final Duration BOUNDED = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STARS",
                "A-STARS",
                "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
                "*/../*/../*/../*/../*/../*/../*/../*/../*/../*",
                "*/*/*/*/*/*/*/*/*/*/*/*/*/*/*",
                "SETS",
                "LONGER-THAN-A-NAME",
                "[",
                "[]",
                "[!",
                "[z-a]",
                "\\",
                "~*",
                "**/**/**/**"
            })
    void patternBomb_isAnsweredInTime(String shape) throws Exception {
        String pattern = switch (shape) {
            case "STARS" -> "*".repeat(255);
            case "A-STARS" -> "a*".repeat(120) + "b";
            case "SETS" -> "[a-z]*".repeat(40) + "[!a-z0-9]";
            case "LONGER-THAN-A-NAME" -> "a*".repeat(2000) + "b";
            default -> shape;
        };
        fillWithLongNames(300);
        try (ScriptedClient client = server.login()) {
            for (String verb : new String[] {"NLST", "LIST", "LIST -aR"}) {
                long began = System.nanoTime();
                try (Socket data = client.passive()) {
                    client.send(verb + " " + pattern);
                    if (client.readReply().code().isPreliminary()) {
                        ScriptedClient.readAll(data);
                        client.expect(226, 451);
                    }
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUNDED);
            }
            long began = System.nanoTime();
            client.command("STAT " + pattern);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUNDED);
        }
    }

    private void fillWithLongNames(int files) throws IOException {
        for (int i = 0; i < files; i++) {
            Files.createFile(home.resolve("a".repeat(240) + i));
        }
    }

    @Test
    void patternThatIsTooDear_is451_andTheSessionGoesOn() throws Exception {
        restart(options -> options.maxPatternSteps(1000));
        fillWithLongNames(20);
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.command("NLST " + "a*".repeat(50) + "b", 150);
            client.expect(451);
            client.command("NOOP", 200);
            assertThat(data.isConnected()).isTrue();
        }
    }

    @Test
    void patternInAbor_isGivenUpAtOnce() throws Exception {
        fillWithLongNames(300);
        try (ScriptedClient client = server.login();
                Socket data = client.passive()) {
            client.send("NLST " + "*a".repeat(120) + "b");
            client.send("ABOR");
            int first = client.expect(150, 426).code().value();
            if (first == 150) {
                client.expect(226, 426, 451);
            }
            client.expect(225, 226);
            assertThat(data.isConnected()).isTrue();
        }
    }

    @Test
    void listingOfTooManyEntries_isNo226() throws Exception {
        restart(options -> options.maxListingEntries(50));
        fillWithLongNames(60);
        try (ScriptedClient client = server.login()) {
            for (String verb : new String[] {"LIST", "NLST", "MLSD"}) {
                try (Socket data = client.passive()) {
                    client.command(verb, 150, 451);
                    client.expect(451);
                    assertThat(data.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void statOfALargeDirectory_isCutShort_andSaysSo() throws Exception {
        restart(options -> options.maxStatusEntries(10));
        fillWithLongNames(60);
        try (ScriptedClient client = server.login()) {
            assertThat(client.command("STAT .", 212).lines())
                    .hasSizeLessThan(20)
                    .last()
                    .asString()
                    .contains("more");
        }
    }

    /** LIST options are no way to make the server run over the whole tree. */
    @Test
    void listRecursive_listsOneDirectory() throws Exception {
        Files.createDirectories(home.resolve("d/e/f"));
        try (ScriptedClient client = server.login()) {
            assertThat(client.lines("LIST -lR")).hasSize(2);
        }
    }
}
