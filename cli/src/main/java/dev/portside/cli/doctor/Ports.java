package dev.portside.cli.doctor;

import java.util.List;
import java.util.stream.Collectors;

/** What samples of passive ports say. */
final class Ports {
    private static final int SHOWN = 12;

    private Ports() {}

    /** {@code 20 ports from 50000 to 50099, 12 of them open; not 50003, …}. */
    static String text(List<Observation.Sample> samples) {
        List<Integer> ports = distinct(samples);
        if (ports.isEmpty()) {
            return "no passive port was named";
        }
        long open = samples.stream()
                .filter(sample -> sample.port() > 0 && sample.failure() == null)
                .map(Observation.Sample::port)
                .distinct()
                .count();
        List<Integer> closed = closed(samples);
        return ports.size() + (ports.size() == 1 ? " port " : " ports from ")
                + ports.getFirst() + (ports.size() == 1 ? "" : " to " + ports.getLast()) + ", " + open
                + " of them open" + (closed.isEmpty() ? "" : "; not " + list(closed));
    }

    static List<Integer> distinct(List<Observation.Sample> samples) {
        return samples.stream()
                .map(Observation.Sample::port)
                .filter(port -> port > 0)
                .distinct()
                .sorted()
                .toList();
    }

    static List<Integer> closed(List<Observation.Sample> samples) {
        return distinct(
                samples.stream().filter(sample -> sample.failure() != null).toList());
    }

    static List<Integer> open(List<Observation.Sample> samples) {
        return distinct(
                samples.stream().filter(sample -> sample.failure() == null).toList());
    }

    static String list(List<Integer> ports) {
        return ports.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(", "))
                + (ports.size() > SHOWN ? ", …" : "");
    }
}
