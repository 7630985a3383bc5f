package dev.portside.cli.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packet filter of this machine, as {@code nft -j list ruleset} prints it (libnftables-json(5)). */
final class Ruleset {
    /** Of a table: names of chains and sets count within it. */
    record Table(String family, String name) {
        /** Whether packets of that family come by. */
        boolean sees(boolean ipv6) {
            return family.equals("inet") || family.equals(ipv6 ? "ip6" : "ip");
        }

        @Override
        public String toString() {
            return family + " " + name;
        }
    }

    /** A statement list; text is how nft would write it. */
    record Rule(Chain chain, JsonNode statements) {
        @Override
        public String toString() {
            return chain + ": " + RuleText.of(statements);
        }
    }

    /** A chain; one without a hook is only jumped to. */
    record Chain(
            Table table, String name, @Nullable String hook, int priority, boolean dropsByPolicy, List<Rule> rules) {
        @Override
        public String toString() {
            return table + " " + name;
        }
    }

    private final Map<String, Chain> chains = new HashMap<>();
    private final Map<String, JsonNode> sets = new HashMap<>();
    private final List<String> helpers = new ArrayList<>();

    private Ruleset() {}

    /** @throws IllegalArgumentException if that is not what nft prints */
    static Ruleset parse(String json) {
        Ruleset rules = new Ruleset();
        try {
            JsonNode all = new JsonMapper().readTree(json).path("nftables");
            if (!all.isArray()) {
                throw new IllegalArgumentException("no list of rules");
            }
            all.forEach(rules::object);
            all.forEach(each -> rules.rule(each.path("rule")));
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException("no JSON", notJson);
        }
        return rules;
    }

    private void object(JsonNode object) {
        JsonNode chain = object.path("chain");
        if (chain.isObject()) {
            String hook = chain.path("type").asString("").equals("filter")
                    ? chain.path("hook").asString("")
                    : null;
            boolean drops = chain.path("policy").asString("accept").equals("drop");
            chains.put(
                    key(chain, chain.path("name").asString("")),
                    new Chain(
                            table(chain),
                            chain.path("name").asString(""),
                            hook,
                            chain.path("prio").asInt(0),
                            drops,
                            new ArrayList<>()));
        }
        for (String kind : List.of("set", "map")) {
            JsonNode set = object.path(kind);
            if (set.isObject()) {
                sets.put(key(set, "@" + set.path("name").asString("")), set.path("elem"));
            }
        }
        JsonNode helper = object.path("ct helper");
        if (helper.path("type").asString("").equals("ftp")) {
            helpers.add(table(helper) + " " + helper.path("name").asString(""));
        }
    }

    private void rule(JsonNode rule) {
        Chain chain = chains.get(key(rule, rule.path("chain").asString("")));
        if (chain != null) {
            chain.rules.add(new Rule(chain, rule.path("expr")));
        }
    }

    private static Table table(JsonNode object) {
        return new Table(
                object.path("family").asString(""), object.path("table").asString(""));
    }

    private static String key(JsonNode object, String name) {
        return table(object) + " " + name;
    }

    /** Replaces the chains of a table, which nft could not show whole, by those of another reading. */
    void replace(Table table, List<Chain> read) {
        chains.values().removeIf(chain -> chain.table.equals(table));
        read.forEach(chain -> chains.put(table + " " + chain.name, chain));
    }

    /** Tables with rules in them that only iptables understands. */
    List<Table> foreign() {
        return chains.values().stream()
                .filter(chain -> chain.rules.stream().anyMatch(rule -> rule.statements.findValue("xt") != null))
                .map(Chain::table)
                .distinct()
                .toList();
    }

    boolean isEmpty() {
        return chains.values().stream().allMatch(chain -> chain.hook == null);
    }

    /** The chains that filter at a hook, in the order in which packets pass them. */
    List<Chain> at(String hook, boolean ipv6) {
        return chains.values().stream()
                .filter(chain -> hook.equals(chain.hook) && chain.table.sees(ipv6))
                .sorted(Comparator.comparingInt(Chain::priority).thenComparing(Chain::toString))
                .toList();
    }

    @Nullable
    Chain chain(Table table, String name) {
        return chains.get(table + " " + name);
    }

    /** The elements of a named set or map; null if there is none. */
    @Nullable
    JsonNode elements(Table table, String name) {
        return sets.get(table + " " + name);
    }

    /** FTP helpers of the connection tracking that rules can assign. */
    List<String> helpers() {
        return helpers;
    }

    /** The rules with a statement. */
    List<Rule> rulesWith(String statement) {
        return chains.values().stream()
                .flatMap(chain -> chain.rules.stream())
                .filter(rule -> rule.statements.findValue(statement) != null)
                .toList();
    }
}
