package dev.portside.cli.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A rule as nft writes it, for people to find it again. */
final class RuleText {
    private static final int LONGEST_SET = 8;

    private RuleText() {}

    static String of(JsonNode statements) {
        List<String> words = new ArrayList<>();
        for (JsonNode statement : statements) {
            for (Map.Entry<String, JsonNode> each : statement.properties()) {
                String word = statement(each.getKey(), each.getValue());
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
        }
        return String.join(" ", words);
    }

    private static String statement(String name, JsonNode value) {
        return switch (name) {
            case "match" -> match(value);
            case "counter" -> "";
            case "accept", "drop", "return", "continue", "log", "queue" -> name;
            case "jump", "goto" -> name + " " + value.path("target").asString("");
            case "reject" -> name;
            case "vmap" -> value(value.path("key")) + " vmap " + value(value.path("data"));
            case "limit" ->
                "limit rate " + (value.path("inv").asBoolean(false) ? "over " : "")
                        + value.path("rate").asString("") + "/"
                        + value.path("per").asString("");
            case "xt" -> value.path("name").asString("xt");
            case Matcher.IPTABLES -> value.path("text").asString("");
            default -> name + (value.isString() ? " " + value.stringValue() : "");
        };
    }

    private static String match(JsonNode match) {
        String op = match.path("op").asString("");
        String between = op.equals("==") || op.equals("in") ? " " : " " + op + " ";
        return value(match.path("left")) + between + value(match.path("right"));
    }

    private static String value(JsonNode value) {
        if (value.isArray()) {
            return list(value, ",");
        }
        if (!value.isObject()) {
            return value.asString("");
        }
        Map.Entry<String, JsonNode> only = value.properties().iterator().next();
        JsonNode inner = only.getValue();
        return switch (only.getKey()) {
            case "payload" ->
                inner.path("protocol").asString("") + " " + inner.path("field").asString("");
            case "meta" ->
                isPlain(inner)
                        ? inner.path("key").asString("")
                        : "meta " + inner.path("key").asString("");
            case "ct" -> "ct " + inner.path("key").asString("");
            case "set" -> "{ " + list(inner, ", ") + " }";
            case "range" -> list(inner, "-");
            case "prefix" ->
                inner.path("addr").asString("") + "/" + inner.path("len").asInt(0);
            case "elem" -> value(inner.path("val"));
            case "concat" -> list(inner, " . ");
            case "&", "|" -> list(inner, " " + only.getKey() + " ");
            case "fib" ->
                "fib " + value(inner.path("flags")) + " " + inner.path("result").asString("");
            case "jump", "goto" -> only.getKey() + " " + inner.path("target").asString("");
            default -> only.getKey();
        };
    }

    private static boolean isPlain(JsonNode meta) {
        return meta.path("key").asString("").startsWith("iif")
                || meta.path("key").asString("").startsWith("oif");
    }

    private static String list(JsonNode values, String between) {
        List<String> all = new ArrayList<>();
        for (JsonNode each : values) {
            if (all.size() == LONGEST_SET) {
                all.add("…");
                break;
            }
            all.add(each.isArray() ? list(each, " : ") : value(each));
        }
        return String.join(between, all);
    }
}
