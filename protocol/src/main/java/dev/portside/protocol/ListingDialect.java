package dev.portside.protocol;

import org.jspecify.annotations.Nullable;

/** One family of listings. An instance reads the lines of one listing and may remember what their heading said. */
sealed interface ListingDialect
        permits EplfListing,
                DosListing,
                MlsdListing,
                MvsListing,
                NetWareListing,
                Os400Listing,
                UnixListing,
                VmsListing {

    /**
     * Reads a line, which is not blank, in time linear in its length.
     *
     * @return null if the line is not of this dialect
     */
    @Nullable
    ListedLine read(String line);
}
