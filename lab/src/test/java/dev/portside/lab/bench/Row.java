package dev.portside.lab.bench;

import java.util.List;

/** A line of the table. */
interface Row {
    /** Of the row, for {@code --only}. */
    String name();

    String title();

    Unit unit();

    Target target();

    /**
     * Measures every contestant that takes part. One that cannot is told of in its series, and does not end the run.
     *
     * @param ground where it happens
     */
    List<Series> measure(Ground ground) throws Exception;
}
