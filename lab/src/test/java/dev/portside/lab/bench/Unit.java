package dev.portside.lab.bench;

import java.util.Locale;

/** What a row counts. */
enum Unit {
    MIB_PER_SECOND("MiB/s", true, 0),
    FILES_PER_SECOND("files/s", true, 0),
    LOGINS_PER_SECOND("logins/s", true, 0),
    SECONDS("s", false, 4),
    KIB("KiB", false, 1);

    private final String text;
    private final boolean moreIsBetter;
    private final int decimals;

    Unit(String text, boolean moreIsBetter, int decimals) {
        this.text = text;
        this.moreIsBetter = moreIsBetter;
        this.decimals = decimals;
    }

    String text() {
        return text;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }

    String format(double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
