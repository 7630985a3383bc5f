package dev.portside.lab.network;

import java.io.IOException;
import java.util.List;

/**
 * A router with rules, which counts what it drops. Its rules are the table {@code inet portside}: chains that use {@link
 * Stop#RULE} to drop.
 */
final class Gateway {
    private static final String TABLE = "inet portside";

    private final Namespace namespace;
    private final Stop.Place place;

    /**
     * Makes a namespace a gateway.
     *
     * @param chains in nft's language
     */
    Gateway(Namespace namespace, Stop.Place place, String chains) throws IOException, InterruptedException {
        this.namespace = namespace;
        this.place = place;
        namespace.forward();
        namespace.nft("table " + TABLE + " {\n" + Stop.SETS + chains + "}\n");
    }

    Namespace namespace() {
        return namespace;
    }

    /** What it has dropped since it was made, or since {@link #forget}. */
    List<Stop> stops() throws IOException, InterruptedException {
        return Stop.read(place, namespace.nft("list table " + TABLE + "\n"));
    }

    void forget() throws IOException, InterruptedException {
        namespace.nft("flush set " + TABLE + " stopped4\nflush set " + TABLE + " stopped6\n");
    }
}
