package dev.portside.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portside.testkit.ScriptedClient;
import java.net.Socket;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The restart marker and its bounds (RFC 3659 section 5). */
class RestartTest extends Conformance {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "REST -1",
                "REST",
                "REST x",
                "REST 1 2",
                "REST 9223372036854775808",
                "REST 99999999999999999999999",
                "REST 0x10",
                "REST 1e3",
                "REST +1",
                "RANG -1 5",
                "RANG 5",
                "RANG 9 5",
                "RANG 0 9223372036854775808"
            })
    void markerThatIsNoNumber_is501_andSetsNothing(String line) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command(line, 501);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 99_999, 100_000})
    void retr_beginsAtTheMarker(long offset) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("REST " + offset, 350);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes(offset, 100_000));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RETR a.bin, 100001",
        "RETR a.bin, 9223372036854775807",
        "STOR a.bin, 100001",
        "STOR a.bin, 9223372036854775807"
    })
    void markerPastTheEnd_isRefused_andTheFileStays(String command, long offset) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.command("REST " + offset, 350);
            client.command(command, 554, 550, 501);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
        assertThat(Files.size(home.resolve("a.bin"))).isEqualTo(100_000);
    }

    @Test
    void stor_ofANewFile_behindAMarker_makesNoFileWithAHole() throws Exception {
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.command("REST 5000000000", 350);
            client.command("STOR new.bin", 554, 550, 501);
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"APPE a.bin", "STOU"})
    void marker_withAppeOrStou_isRefused_andUsedUp(String command) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.epsv();
            client.command("REST 10", 350);
            client.command(command, 554, 501, 503);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
        assertThat(names()).containsExactly("a.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR nowhere", "LIST", "NLST", "MLSD", "STOR nowhere/x"})
    void marker_isUsedUpByTheNextTransfer_whatever(String command) throws Exception {
        try (ScriptedClient client = server.login()) {
            client.command("REST 10", 350);
            client.command(command, 425, 550);
            assertThat(client.download("RETR a.bin")).isEqualTo(CONTENT.bytes());
        }
    }

    @Test
    void stor_behindAMarker_keepsWhatIsBefore_andCutsWhatIsBehind() throws Exception {
        try (ScriptedClient client = server.login()) {
            server.file("old.bin", CONTENT.bytes(0, 50_000));
            client.command("REST 10", 350);
            client.upload("STOR old.bin", CONTENT.bytes(10, 30));
            assertThat(client.download("RETR old.bin")).isEqualTo(CONTENT.bytes(0, 30));
        }
    }

    /** What was there before the restart must not be lost because the client dies in mid-transfer. */
    @Test
    void resumedUpload_thatIsCutOff_canBeResumedAgain() throws Exception {
        server.file("part.bin", CONTENT.bytes(0, 40_000));
        try (ScriptedClient client = server.login()) {
            client.command("REST 40000", 350);
            try (Socket data = client.passive()) {
                client.command("STOR part.bin", 150);
                data.getOutputStream().write(CONTENT.bytes(40_000, 60_000));
                await(
                        "the bytes to arrive",
                        () -> server.server().sessions().stream()
                                .anyMatch(session -> session.transfer() != null
                                        && session.transfer().bytes() == 20_000));
                ScriptedClient.reset(data);
            }
            client.expect(426);
            long size = Long.parseLong(client.command("SIZE part.bin", 213).text());
            assertThat(size).isBetween(40_000L, 60_000L);
            client.command("REST " + size, 350);
            client.upload("STOR part.bin", CONTENT.bytes(size, 100_000));
            assertThat(client.download("RETR part.bin")).isEqualTo(CONTENT.bytes());
        }
    }
}
