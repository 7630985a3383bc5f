package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ScriptedClient;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listing that costs much and shows nothing, and has no data connection that could be closed. */
class DearListingTest extends Conformance {
    private static final String DEAR = "*a".repeat(120) + "b";

    @BeforeEach
    void fill() throws Exception {
        restart(options -> options.maxPatternSteps(Long.MAX_VALUE));
        for (int i = 0; i < 40_000; i++) {
            Files.createFile(home.resolve("a".repeat(240) + i));
        }
    }

    @Test
    void statOfAPathname_isGivenUpInAbor_beforeItHasSeenAll() throws Exception {
        try (ScriptedClient client = server.login()) {
            long start = System.nanoTime();
            client.command("STAT " + DEAR, 212);
            long whole = System.nanoTime() - start;
            start = System.nanoTime();
            client.send("STAT " + DEAR, "ABOR");
            client.expect(426);
            client.expect(226);
            assertThat(System.nanoTime() - start).isLessThan(whole / 2);
            client.command("NOOP", 200);
        }
    }
}
