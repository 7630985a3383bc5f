package dev.portside.lab.bench;

import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/**
 * Who takes part in a row.
 *
 * @param title heads its column
 * @param cpuNanos CPU time that it has used so far
 * @param trial takes one measurement of it
 */
record Entrant(String title, LongSupplier cpuNanos, Callable<Sample> trial) {}
