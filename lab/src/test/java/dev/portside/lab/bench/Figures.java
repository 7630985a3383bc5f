package dev.portside.lab.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A row that was measured.
 *
 * @param series of Portside, of its peers, and of the transfer without FTP if there is one
 */
record Figures(Row row, List<Series> series) {
    private static final String OURS = Contender.PORTSIDE.title();

    /** Of the contestant of this title; empty if it did not take part or could not do it. */
    OptionalDouble median(String contestant) {
        return series.stream()
                .filter(each -> each.contestant().equals(contestant))
                .findFirst()
                .map(Series::median)
                .orElse(OptionalDouble.empty());
    }

    /** The best median of a peer. */
    private OptionalDouble best() {
        var peers = series.stream()
                .filter(each ->
                        !each.contestant().equals(OURS) && !each.contestant().equals(ServerRow.RAW_TITLE))
                .flatMapToDouble(each -> each.median().stream());
        return row.unit().moreIsBetter() ? peers.max() : peers.min();
    }

    /** Portside's median divided by that of the best peer; NaN if one of them is missing. */
    double toBest() {
        return ratio(best());
    }

    /** Portside's median divided by that of the transfer without FTP; NaN if one of them is missing. */
    double toRaw() {
        return ratio(median(ServerRow.RAW_TITLE));
    }

    private double ratio(OptionalDouble to) {
        OptionalDouble ours = median(OURS);
        return ours.isEmpty() || to.isEmpty() ? Double.NaN : ours.getAsDouble() / to.getAsDouble();
    }

    /** Whether Portside took part. */
    boolean hasOurs() {
        return series.stream().anyMatch(each -> each.contestant().equals(OURS));
    }

    /** Whether the target is reached; not if Portside has no figure. */
    boolean isMet() {
        OptionalDouble ours = median(OURS);
        return ours.isPresent()
                && row.target()
                        .isMet(ours.getAsDouble(), toBest(), toRaw(), row.unit().moreIsBetter());
    }

    /** Whether the best peer is better than Portside. */
    boolean isBehind() {
        double ratio = toBest();
        return row.unit().moreIsBetter() ? ratio < 1 : ratio > 1;
    }

    /** For whoever watches. */
    String line() {
        StringBuilder line = new StringBuilder(row.title())
                .append(", ")
                .append(row.unit().text())
                .append(':');
        for (Series each : series) {
            line.append("  ").append(each.contestant()).append(' ').append(value(each));
        }
        if (!Double.isNaN(toBest())) {
            line.append(String.format(Locale.ROOT, "  (%.2f × best", toBest()));
            line.append(Double.isNaN(toRaw()) ? "" : String.format(Locale.ROOT, ", %.2f × raw", toRaw()));
            line.append(')');
        }
        return line.append(
                        hasOurs()
                                ? isMet()
                                        ? "  met"
                                        : "  NOT MET, wanted: " + row.target().text(row.unit())
                                : "")
                .toString();
    }

    String value(Series each) {
        if (each.failure() != null) {
            return "failed";
        }
        OptionalDouble median = each.median();
        return median.isPresent() ? row.unit().format(median.getAsDouble()) : "–";
    }
}
