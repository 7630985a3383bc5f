package dev.portside.lab.bench;

import java.util.Locale;

/**
 * What Portside is to reach in a row.
 *
 * @param ofBest as a ratio to the best peer of the same run; 0: no such target
 * @param ofRaw as a ratio to the same transfer without FTP; 0: no such target
 * @param absolute in the unit of the row; 0: no such target
 */
record Target(double ofBest, double ofRaw, double absolute) {
    static Target ofBest(double ratio) {
        return new Target(ratio, 0, 0);
    }

    static Target absolute(double most) {
        return new Target(0, 0, most);
    }

    Target andOfRaw(double ratio) {
        return new Target(ofBest, ratio, absolute);
    }

    /** Whether it is met; a ratio that is not known is. */
    boolean isMet(double value, double toBest, double toRaw, boolean moreIsBetter) {
        if (absolute > 0) {
            return value <= absolute;
        }
        boolean best = Double.isNaN(toBest) || (moreIsBetter ? toBest >= ofBest : toBest <= ofBest);
        return best && (ofRaw == 0 || Double.isNaN(toRaw) || toRaw >= ofRaw);
    }

    String text(Unit unit) {
        String sign = unit.moreIsBetter() ? "≥ " : "≤ ";
        if (absolute > 0) {
            return "≤ " + String.format(Locale.ROOT, "%s %s", number(absolute), unit.text());
        }
        return sign + number(ofBest) + " × best" + (ofRaw > 0 ? ", ≥ " + number(ofRaw) + " × raw" : "");
    }

    private static String number(double value) {
        return value == Math.rint(value) && value >= 2
                ? Integer.toString((int) value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
