package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {
    @ParameterizedTest
    @CsvSource({
        "20240105123456,              2024-01-05T12:34:56Z",
        "20240229000000,              2024-02-29T00:00:00Z",
        "19700101000000,              1970-01-01T00:00:00Z",
        "99991231235959,              9999-12-31T23:59:59Z",
        "20240105123456.7,            2024-01-05T12:34:56.7Z",
        "20240105123456.789,          2024-01-05T12:34:56.789Z",
        "20240105123456.123456789,    2024-01-05T12:34:56.123456789Z",
        "20240105123456.12345678999,  2024-01-05T12:34:56.123456789Z",
        "20161231235960,              2016-12-31T23:59:59Z",
        "191240105123456,             2024-01-05T12:34:56Z",
        "191000105123456,             2000-01-05T12:34:56Z",
    })
    void aTimeVal_isReadInUtc(String text, Instant instant) {
        assertThat(Timestamp.parse(text).instant()).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024",
                "2024010512345",
                "202401051234567",
                "20241305123456",
                "20240230123456",
                "20230229000000",
                "20240105243456",
                "20240105126056",
                "20240105123461",
                "20240105123456.",
                "20240105123456.x",
                "20240105123456,5",
                "20240105123456Z",
                "-0240105123456",
                "+20240105123456",
                "2024-01-05T12:34:56",
                "２０２４0105123456",
                "20240105123456.123456789012345678901234567890"
            })
    void anythingElse_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Timestamp.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20240105123456",
                "20240105123456.789",
                "20240105123456.007",
                "00010101000000",
                "99991231235959.999"
            })
    void toString_isWhatWasParsed(String text) {
        assertThat(Timestamp.parse(text)).hasToString(text);
    }

    @Test
    void years_haveFourDigits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Timestamp(Instant.MAX));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timestamp(Instant.parse("-0001-01-01T00:00:00Z")));
    }

    @Test
    void timestamps_areOrderedByTime() {
        assertThat(Timestamp.parse("20240105123456")).isLessThan(Timestamp.parse("20240105123456.1"));
    }
}
