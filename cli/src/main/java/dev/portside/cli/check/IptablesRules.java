package dev.portside.cli.check;

import dev.portside.cli.check.Ruleset.Chain;
import dev.portside.cli.check.Ruleset.Rule;
import dev.portside.cli.check.Ruleset.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table {@code filter} as {@code iptables-save} prints it, in the form that nft has for it.
 *
 * @param filter its chains
 * @param helpers rules that assign the FTP helper, in any table
 */
record IptablesRules(List<Chain> filter, List<String> helpers) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static IptablesRules parse(String saved, boolean ipv6) {
        Table table = new Table(ipv6 ? "ip6" : "ip", "filter");
        Map<String, Chain> chains = new LinkedHashMap<>();
        List<String> helpers = new ArrayList<>();
        String current = "";
        for (String line : saved.lines().map(String::strip).toList()) {
            if (line.startsWith("*")) {
                current = line.substring(1);
            } else if (current.equals("filter") && line.startsWith(":")) {
                String[] fields = line.substring(1).split(" ");
                chains.put(fields[0], chain(table, fields[0], fields[1]));
            } else if (line.startsWith("-A ")) {
                List<String> words = words(line);
                Chain chain = chains.get(words.get(1));
                if (current.equals("filter") && chain != null) {
                    chain.rules().add(new Rule(chain, new Arguments(words, ipv6).statements()));
                }
                if (words.contains("--helper") && words.contains("ftp")) {
                    helpers.add((ipv6 ? "ip6tables -t " : "iptables -t ") + current + " " + line);
                }
            }
        }
        return new IptablesRules(List.copyOf(chains.values()), helpers);
    }

    private static Chain chain(Table table, String name, String policy) {
        String hook = policy.equals("-") ? null : name.toLowerCase(Locale.ROOT);
        return new Chain(table, name, hook, 0, policy.equals("DROP"), new ArrayList<>());
    }

    /** Words as a shell has them; quotes are double, a backslash stands in front of one that is none. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words;
    }

    /** The arguments of one rule. */
    private static final class Arguments {
        private final List<String> words;
        private final boolean ipv6;
        private final ArrayNode statements = JSON.arrayNode();
        private int position = 2;
        private String protocol = "tcp";
        private boolean negated;

        Arguments(List<String> words, boolean ipv6) {
            this.words = words;
            this.ipv6 = ipv6;
        }

        JsonNode statements() {
            while (position < words.size()) {
                String word = words.get(position++);
                if (word.equals("!")) {
                    negated = true;
                } else {
                    argument(word);
                    negated = false;
                }
            }
            return statements;
        }

        private String next() {
            return position < words.size() ? words.get(position++) : "";
        }

        private void argument(String name) {
            switch (name) {
                case "-s" -> match(payload(ipv6 ? "ip6" : "ip", "saddr"), address(next()));
                case "-d" -> match(payload(ipv6 ? "ip6" : "ip", "daddr"), address(next()));
                case "-i" -> match(key("meta", "iifname"), JSON.stringNode(next().replace('+', '*')));
                case "-o" -> match(key("meta", "oifname"), JSON.stringNode(next().replace('+', '*')));
                case "-p" -> {
                    protocol = next();
                    match(key("meta", "l4proto"), JSON.stringNode(protocol));
                }
                case "--dport", "--dports" -> match(payload(protocol, "dport"), ports(next()));
                case "--sport", "--sports" -> match(payload(protocol, "sport"), ports(next()));
                case "--ctstate", "--state" ->
                    match(
                            key("ct", "state"),
                            set(next().toLowerCase(Locale.ROOT).split(",")));
                case "--tcp-flags" -> {
                    JsonNode mask = flags(next());
                    ArrayNode masked =
                            JSON.arrayNode().add(payload("tcp", "flags")).add(mask);
                    match(JSON.objectNode().set("&", masked), flags(next()));
                }
                case "--dst-type" -> match(fib("daddr"), JSON.stringNode(next().toLowerCase(Locale.ROOT)));
                case "-m" -> module(next());
                case "-j" -> target(next());
                case "-g" -> statements.add(JSON.objectNode().set("goto", chain(next())));
                // What follows the target: how it refuses, logs or counts.
                case "--comment", "--reject-with", "--limit-burst", "--log-prefix", "--log-level" -> next();
                case "--limit" -> limit(next());
                default -> foreign(name, Match.UNKNOWN);
            }
        }

        /** Modules whose options say everything; of others it is known at most whether they mean ordinary clients. */
        private void module(String name) {
            switch (name) {
                case "tcp",
                        "udp",
                        "multiport",
                        "conntrack",
                        "state",
                        "comment",
                        "limit",
                        "icmp",
                        "icmp6",
                        "addrtype" -> {}
                default -> {
                    List<String> options = options();
                    foreign("-m " + name + " " + String.join(" ", options), clients(options));
                }
            }
        }

        /** The options up to the next module or the target. */
        private List<String> options() {
            int start = position;
            while (position < words.size() && !List.of("-m", "-j", "-g").contains(words.get(position))) {
                position++;
            }
            return words.subList(start, position);
        }

        /** Which clients counters and sets are about. */
        private static Match clients(List<String> options) {
            for (String option : options) {
                switch (option) {
                    case "--update", "--rcheck", "--hashlimit-above", "--connlimit-above" -> {
                        return Match.SOME;
                    }
                    case "--hashlimit-upto", "--connlimit-upto" -> {
                        return Match.MOST;
                    }
                    case "--match-set" -> {
                        return options.contains("!") ? Match.MOST : Match.SOME;
                    }
                    // It writes the client down, and lets every one pass.
                    case "--set" -> {
                        return Match.YES;
                    }
                    default -> {}
                }
            }
            return Match.UNKNOWN;
        }

        private void target(String name) {
            switch (name) {
                case "ACCEPT", "DROP", "RETURN" ->
                    statements.add(JSON.objectNode().set(name.toLowerCase(Locale.ROOT), JSON.nullNode()));
                case "REJECT" -> statements.add(JSON.objectNode().set("reject", JSON.nullNode()));
                case "LOG", "NFLOG", "CT", "MARK", "CONNMARK", "TCPMSS" -> {
                    statements.add(JSON.objectNode().set("log", JSON.nullNode()));
                    position = words.size();
                }
                case "QUEUE", "NFQUEUE" -> {
                    statements.add(JSON.objectNode().set("queue", JSON.nullNode()));
                    position = words.size();
                }
                default -> statements.add(JSON.objectNode().set("jump", chain(name)));
            }
        }

        private void limit(String rate) {
            String[] parts = rate.split("/");
            ObjectNode limit = JSON.objectNode().put("rate", parts[0]).put("per", parts.length > 1 ? parts[1] : "sec");
            statements.add(JSON.objectNode().set("limit", limit));
        }

        private void foreign(String text, Match match) {
            ObjectNode told = JSON.objectNode().put("text", text).put("match", match.name());
            statements.add(JSON.objectNode().set(Matcher.IPTABLES, told));
        }

        private void match(JsonNode left, JsonNode right) {
            ObjectNode match = JSON.objectNode();
            match.put("op", negated ? "!=" : "==");
            match.set("left", left);
            match.set("right", right);
            statements.add(JSON.objectNode().set("match", match));
        }

        private static ObjectNode chain(String name) {
            return JSON.objectNode().put("target", name);
        }

        private static ObjectNode payload(String protocol, String field) {
            return JSON.objectNode()
                    .set("payload", JSON.objectNode().put("protocol", protocol).put("field", field));
        }

        private static ObjectNode key(String kind, String key) {
            return JSON.objectNode().set(kind, JSON.objectNode().put("key", key));
        }

        private static ObjectNode fib(String flag) {
            ObjectNode fib = JSON.objectNode().put("result", "type");
            fib.set("flags", JSON.arrayNode().add(flag));
            return JSON.objectNode().set("fib", fib);
        }

        private static JsonNode address(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                return JSON.stringNode(text);
            }
            ObjectNode prefix = JSON.objectNode()
                    .put("addr", text.substring(0, slash))
                    .put("len", Integer.parseInt(text.substring(slash + 1)));
            return JSON.objectNode().set("prefix", prefix);
        }

        private static JsonNode ports(String text) {
            ArrayNode all = JSON.arrayNode();
            for (String each : text.split(",")) {
                String[] ends = each.split(":");
                if (ends.length == 1) {
                    all.add(port(each));
                } else {
                    all.add(JSON.objectNode()
                            .set("range", JSON.arrayNode().add(port(ends[0])).add(port(ends[1]))));
                }
            }
            return JSON.objectNode().set("set", all);
        }

        private static JsonNode port(String text) {
            return text.chars().allMatch(Character::isDigit) && !text.isEmpty()
                    ? JSON.numberNode(Integer.parseInt(text))
                    : JSON.stringNode(text);
        }

        private static JsonNode set(String... values) {
            ArrayNode all = JSON.arrayNode();
            for (String value : values) {
                all.add(value);
            }
            return JSON.objectNode().set("set", all);
        }

        private static JsonNode flags(String text) {
            ArrayNode all = JSON.arrayNode();
            if (text.equals("NONE")) {
                return all;
            }
            String[] names = text.equals("ALL") ? "FIN,SYN,RST,PSH,ACK,URG".split(",") : text.split(",");
            for (String name : names) {
                all.add(name.toLowerCase(Locale.ROOT));
            }
            return all;
        }
    }
}
