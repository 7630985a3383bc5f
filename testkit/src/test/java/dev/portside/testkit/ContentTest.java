package dev.portside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentTest {
    private static final Content CONTENT = new Content(100_003, 7);

    @Test
    void channel_fromAnyPosition_givesTheBytesThere() throws IOException {
        byte[] all = CONTENT.bytes();
        for (int from : new int[] {0, 1, 7, 8, 9, 65_537, 100_002, 100_003}) {
            try (ReadableByteChannel in = HostileChannels.randomChunks(CONTENT.channel(from), 999, 3)) {
                ByteBuffer read = ByteBuffer.allocate(all.length - from + 1);
                while (in.read(read) >= 0 && read.hasRemaining()) {
                    // On to the end.
                }
                assertThat(Arrays.copyOf(read.array(), read.position()))
                        .isEqualTo(Arrays.copyOfRange(all, from, all.length));
            }
        }
    }

    @Test
    void bytes_ofAnotherSeed_areOthers() {
        assertThat(new Content(1000, 8).bytes()).isNotEqualTo(new Content(1000, 7).bytes());
    }

    @Test
    void check_sayWhichByteDiffers() {
        byte[] bytes = CONTENT.bytes();
        bytes[70_001] ^= 1;
        assertThatThrownBy(() -> CONTENT.check().write(ByteBuffer.wrap(bytes)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("byte 70001 differs");
    }

    @Test
    void check_refusesAByteTooMany() {
        assertThatThrownBy(() -> CONTENT.check().write(ByteBuffer.allocate(100_004)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("more than");
    }

    @Test
    void check_refusesAnEndTooEarly() {
        ContentCheck check = CONTENT.check(3);
        check.write(ByteBuffer.wrap(CONTENT.bytes(3, 100_002)));
        assertThatThrownBy(check::assertComplete)
                .isInstanceOf(AssertionError.class)
                .hasMessage("cut short at byte 100002 of 100003");
    }

    @Test
    void file_thatWasWritten_isFoundRight_andWrongWhenCut(@TempDir Path directory) throws IOException {
        Path file = CONTENT.writeTo(directory.resolve("a.bin"));
        CONTENT.assertIn(file);
        Files.write(file, CONTENT.bytes(0, 50_000));
        assertThatThrownBy(() -> CONTENT.assertIn(file)).isInstanceOf(AssertionError.class);
    }
}
