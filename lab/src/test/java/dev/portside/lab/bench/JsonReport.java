package dev.portside.lab.bench;

import java.io.PrintStream;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a run has measured, as one object of JSON for each row. */
final class JsonReport {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonReport() {}

    static void write(Figures row, PrintStream out) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.configure(tools.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET, false);
            json.writeStartObject();
            json.writeStringProperty("row", row.row().name());
            json.writeStringProperty("title", row.row().title());
            json.writeStringProperty("unit", row.row().unit().text());
            json.writeBooleanProperty("more_is_better", row.row().unit().moreIsBetter());
            number(json, "to_best", row.toBest());
            number(json, "to_raw", row.toRaw());
            json.writeStringProperty("target", row.row().target().text(row.row().unit()));
            if (row.hasOurs()) {
                json.writeBooleanProperty("met", row.isMet());
            }
            json.writeName("contestants");
            json.writeStartArray();
            row.series().forEach(series -> write(json, series));
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
    }

    private static void write(JsonGenerator json, Series series) {
        json.writeStartObject();
        json.writeStringProperty("name", series.contestant());
        json.writeNumberProperty("samples", series.samples());
        number(json, "median", series.median());
        number(json, "least", series.least());
        number(json, "most", series.most());
        number(json, "cpu_seconds_per_gib", series.cpuSecondsPerGib());
        number(json, "load_cpu_seconds_per_gib", series.loadSecondsPerGib());
        String failure = series.failure();
        if (failure != null) {
            json.writeStringProperty("failure", failure);
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, OptionalDouble value) {
        value.ifPresent(known -> json.writeNumberProperty(name, known));
    }

    private static void number(JsonGenerator json, String name, double value) {
        if (!Double.isNaN(value)) {
            json.writeNumberProperty(name, value);
        }
    }
}
