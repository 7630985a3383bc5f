package dev.portside.protocol;

import org.jspecify.annotations.Nullable;

/** The listing of MLSD (RFC 3659 section 7): the one that is specified. */
final class MlsdListing implements ListingDialect {
    @Override
    public @Nullable ListedLine read(String line) {
        try {
            return new ListedLine.Entry(MlsxLine.parse(line));
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }
}
