package dev.portside.server;

import java.time.Duration;

/** What options may be set to; anything else is an {@link IllegalArgumentException} that says so. */
final class Bounds {
    private Bounds() {}

    static int between(int least, int value, int most, String what) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": not from " + least + " to " + most + ": " + value);
        }
        return value;
    }

    static Duration positive(Duration duration, String what) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("the " + what + " is not positive: " + duration);
        }
        return duration;
    }
}
