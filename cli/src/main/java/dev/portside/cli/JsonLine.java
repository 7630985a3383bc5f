package dev.portside.cli;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One line of JSON for programs: an object. A null value leaves its property out.
 *
 * <p>A byte of a name that is not valid in the charset is written as the escape {@code \}{@code udc80} to {@code \}{@code
 * udcff}, which Python reads as {@code surrogateescape} does.
 */
final class JsonLine {
    private static final JsonFactory JSON = new JsonFactory();

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text);

    JsonLine() {
        json.writeStartObject();
    }

    JsonLine with(String property, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(property, value);
        }
        return this;
    }

    JsonLine with(String property, @Nullable Long value) {
        if (value != null) {
            json.writeNumberProperty(property, value.longValue());
        }
        return this;
    }

    JsonLine with(String property, long value) {
        json.writeNumberProperty(property, value);
        return this;
    }

    JsonLine with(String property, double value) {
        json.writeNumberProperty(property, value);
        return this;
    }

    JsonLine with(String property, boolean value) {
        json.writeBooleanProperty(property, value);
        return this;
    }

    JsonLine with(String property, List<String> values) {
        json.writeName(property);
        json.writeStartArray();
        values.forEach(json::writeString);
        json.writeEndArray();
        return this;
    }

    JsonLine with(String property, Map<String, String> values) {
        json.writeName(property);
        json.writeStartObject();
        values.forEach(json::writeStringProperty);
        json.writeEndObject();
        return this;
    }

    /**
     * The line, without its end; nothing can be added any more.
     *
     * @param asciiOnly whether everything beyond ASCII is escaped
     */
    String text(boolean asciiOnly) {
        json.writeEndObject();
        json.close();
        String written = text.toString();
        StringBuilder escaped = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < written.length()
                    && Character.isLowSurrogate(written.charAt(i + 1));
            if (pair && !asciiOnly) {
                escaped.append(c).append(written.charAt(++i));
            } else if (Character.isSurrogate(c) || (asciiOnly && c > 126)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
