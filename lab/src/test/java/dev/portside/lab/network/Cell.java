package dev.portside.lab.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A cell of the truth table: in this topology, this way, in the clear or under TLS. */
record Cell(Topology topology, Way way, boolean tls) implements Serializable {
    /** All cells of a row, the clear ones first, each in the order of the columns. */
    static List<Cell> of(Topology topology) {
        List<Cell> cells = new ArrayList<>();
        for (boolean tls : new boolean[] {false, true}) {
            for (Way way : Way.of(topology.family())) {
                cells.add(new Cell(topology, way, tls));
            }
        }
        return cells;
    }

    @Override
    public String toString() {
        return topology + ": " + way + (tls ? " under TLS" : "");
    }
}
