package dev.portside.cli.check;

/** Whether a rule is about a connection of an ordinary client, as far as that can be told. Weakest first. */
enum Match {
    NO,
    /** For a few clients: those of an address, of an interface, those beyond a rate. */
    SOME,
    /** The rule has something in it that is not understood. */
    UNKNOWN,
    /** For all but a few. */
    MOST,
    YES;

    /** Whether an ordinary client is meant. */
    boolean usual() {
        return this == YES || this == MOST;
    }

    Match and(Match other) {
        if (this == NO || other == NO) {
            return NO;
        }
        if (this == UNKNOWN || other == UNKNOWN) {
            return UNKNOWN;
        }
        return compareTo(other) < 0 ? this : other;
    }

    Match or(Match other) {
        return compareTo(other) > 0 ? this : other;
    }

    Match not() {
        return switch (this) {
            case NO -> YES;
            case SOME -> MOST;
            case UNKNOWN -> UNKNOWN;
            case MOST -> SOME;
            case YES -> NO;
        };
    }

    static Match of(boolean matches) {
        return matches ? YES : NO;
    }
}
