package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AmountTest {
    @Test
    void bytes_haveFourDigitsAtMost() {
        assertThat(Amount.ofBytes(0)).isEqualTo("0 B");
        assertThat(Amount.ofBytes(1023)).isEqualTo("1023 B");
        assertThat(Amount.ofBytes(1024)).isEqualTo("1.0 KiB");
        assertThat(Amount.ofBytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Amount.ofBytes((1 << 20) - 1)).isEqualTo("1.0 MiB");
        assertThat(Amount.ofBytes(5L << 30)).isEqualTo("5.0 GiB");
        assertThat(Amount.ofBytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }

    @Test
    void times() {
        assertThat(Amount.ofTime(7)).isEqualTo("0:07");
        assertThat(Amount.ofTime(723)).isEqualTo("12:03");
        assertThat(Amount.ofTime(10_800)).isEqualTo("3:00:00");
        assertThat(Amount.ofTime(Duration.ofMillis(12))).isEqualTo("12 ms");
        assertThat(Amount.ofTime(Duration.ofMillis(3449))).isEqualTo("3.4 s");
    }
}
