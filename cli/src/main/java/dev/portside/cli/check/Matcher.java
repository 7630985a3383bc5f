package dev.portside.cli.check;

import dev.portside.cli.check.Ruleset.Table;
import dev.portside.protocol.PortRange;
import dev.portside.server.ClientNetwork;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether the expressions of one table's rules are about a packet. */
final class Matcher {
    /** The name of a statement that {@link IptablesRules} writes where nft has none; it brings its {@link Match}. */
    static final String IPTABLES = "iptables";

    private static final int SYN = 2;
    private static final Map<String, Integer> FLAGS =
            Map.of("fin", 1, "syn", SYN, "rst", 4, "psh", 8, "ack", 16, "urg", 32, "ecn", 64, "ece", 64, "cwr", 128);
    /** Statements that decide nothing by themselves. */
    private static final Set<String> NEUTRAL = Set.of(
            "counter",
            "log",
            "mangle",
            "notrack",
            "ct helper",
            "ct timeout",
            "ct expectation",
            "last",
            "flow",
            "dup",
            "comment");
    /** So wide a network has ordinary clients in it. */
    private static final int WIDE_PREFIX = 4;

    private final Ruleset rules;
    private final Table table;
    private final Packet packet;

    Matcher(Ruleset rules, Table table, Packet packet) {
        this.rules = rules;
        this.table = table;
        this.packet = packet;
    }

    /** Whether a rule goes on behind a statement that is no verdict. */
    Match statement(String name, JsonNode value) {
        if (NEUTRAL.contains(name)) {
            return Match.YES;
        }
        return switch (name) {
            case "match" -> match(value);
            case "limit", "ct count", "quota" -> value.path("inv").asBoolean(false) ? Match.SOME : Match.MOST;
            case "set" -> value.has("stmt") ? Match.SOME : Match.YES;
            case "meter" -> Match.SOME;
            case "xt" -> foreign(value);
            case IPTABLES -> Match.valueOf(value.path("match").asString("UNKNOWN"));
            default -> Match.UNKNOWN;
        };
    }

    /** What only iptables understands. */
    private static Match foreign(JsonNode xt) {
        return switch (xt.path("name").asString("")) {
            case "comment", "LOG", "NFLOG" -> Match.YES;
            default -> Match.UNKNOWN;
        };
    }

    private Match match(JsonNode match) {
        JsonNode left = match.path("left");
        JsonNode right = match.path("right");
        Match family = layer(left);
        if (family == Match.NO) {
            return Match.NO;
        }
        String op = match.path("op").asString("==");
        if (isFlags(left)) {
            return flags(left, op, right);
        }
        return switch (op) {
            case "==", "in" -> value(left, right);
            case "!=" -> value(left, right).not();
            case "<" -> compared(left, right, 0, -1);
            case "<=" -> compared(left, right, 0, 0);
            case ">" -> compared(left, right, 1, 65535);
            case ">=" -> compared(left, right, 0, 65535);
            default -> Match.UNKNOWN;
        };
    }

    /** A match on a header that the packet does not have fails, whatever its operator. */
    private Match layer(JsonNode left) {
        if (left.path("concat").isArray()) {
            Match all = Match.YES;
            for (JsonNode part : left.path("concat")) {
                all = all.and(layer(part));
            }
            return all;
        }
        return switch (left.findPath("payload").path("protocol").asString("tcp")) {
            case "tcp", "th", "ether" -> Match.YES;
            case "ip" -> Match.of(!packet.ipv6());
            case "ip6" -> Match.of(packet.ipv6());
            default -> Match.NO;
        };
    }

    private Match compared(JsonNode left, JsonNode right, int more, int last) {
        PortRange ports = ports(left);
        if (ports == null || !right.isIntegralNumber()) {
            return Match.UNKNOWN;
        }
        int bound = right.asInt();
        boolean upwards = last > 0;
        int from = upwards ? bound + more : 0;
        int to = upwards ? last : bound + last;
        return covered(ports, Math.max(0, Math.min(ports.last(), to) - Math.max(ports.first(), from) + 1));
    }

    private @Nullable PortRange ports(JsonNode left) {
        return switch (left.path("payload").path("field").asString("")) {
            case "dport" -> packet.ports();
            case "sport" -> packet.sourcePorts();
            default -> null;
        };
    }

    /** Whether the packet has one of the values that the right side names. */
    Match value(JsonNode left, JsonNode right) {
        List<JsonNode> elements = elements(right);
        PortRange ports = ports(left);
        if (ports != null) {
            return portsIn(ports, elements);
        }
        if (left.path("meta").path("key").asString("").matches("[io]if(name)?")) {
            return interfaces(left, elements);
        }
        Match found = Match.NO;
        for (JsonNode element : elements) {
            found = found.or(element(left, element));
        }
        return found;
    }

    private Match element(JsonNode left, JsonNode element) {
        if (element.isString() && element.stringValue().equals("*")) {
            return Match.YES;
        }
        if (left.path("concat").isArray()) {
            return concatenated(left.path("concat"), element.path("concat"));
        }
        if (left.has("payload")) {
            return header(left.path("payload"), element);
        }
        if (left.has("meta")) {
            return meta(left.path("meta").path("key").asString(""), element);
        }
        if (left.has("ct")) {
            return connection(left.path("ct").path("key").asString(""), element);
        }
        if (left.has("fib")) {
            return route(left.path("fib"), element);
        }
        return Match.UNKNOWN;
    }

    private Match concatenated(JsonNode left, JsonNode values) {
        if (left.size() != values.size()) {
            return Match.UNKNOWN;
        }
        Match all = Match.YES;
        for (int i = 0; i < left.size(); i++) {
            all = all.and(value(left.path(i), values.path(i)));
        }
        return all;
    }

    private Match header(JsonNode payload, JsonNode element) {
        return switch (payload.path("field").asString("")) {
            case "protocol", "nexthdr" -> protocol(element);
            case "daddr" -> packet.outgoing() ? Match.SOME : destination(element);
            case "saddr" -> packet.outgoing() ? Match.UNKNOWN : source(element);
            default -> Match.UNKNOWN;
        };
    }

    private Match source(JsonNode element) {
        ClientNetwork network = network(element);
        InetAddress source = packet.source();
        if (source != null) {
            return network == null ? Match.UNKNOWN : Match.of(network.contains(source));
        }
        JsonNode prefix = element.path("prefix").path("len");
        if (prefix.isIntegralNumber() && prefix.asInt() <= WIDE_PREFIX) {
            return prefix.asInt() == 0 ? Match.YES : Match.UNKNOWN;
        }
        return Match.SOME;
    }

    private Match destination(JsonNode element) {
        ClientNetwork network = network(element);
        if (network == null || packet.destinations().isEmpty()) {
            return Match.UNKNOWN;
        }
        long inside = packet.destinations().stream().filter(network::contains).count();
        return share(inside, packet.destinations().size());
    }

    private static Match share(long inside, long all) {
        return inside == 0 ? Match.NO : inside == all ? Match.YES : Match.SOME;
    }

    /** Null for what is no network, as a range of addresses. */
    private static @Nullable ClientNetwork network(JsonNode element) {
        JsonNode prefix = element.path("prefix");
        String text = prefix.isObject()
                ? prefix.path("addr").asString("") + "/" + prefix.path("len").asInt(0)
                : element.asString("");
        try {
            return ClientNetwork.parse(text);
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    private Match meta(String key, JsonNode element) {
        String value = element.asString("");
        return switch (key) {
            case "l4proto" -> protocol(element);
            case "nfproto" -> Match.of(value.equals(packet.ipv6() ? "ipv6" : "ipv4"));
            case "protocol" -> Match.of(value.equals(packet.ipv6() ? "ip6" : "ip"));
            case "pkttype" -> Match.of(value.equals("host") || value.equals("unicast"));
            case "time", "day", "hour", "skuid", "skgid" -> Match.SOME;
            default -> Match.UNKNOWN;
        };
    }

    private static Match protocol(JsonNode element) {
        String value = element.asString("");
        if (element.path("range").isArray()) {
            return Match.UNKNOWN;
        }
        return Match.of(value.equals("tcp") || value.equals("6"));
    }

    /** The way in is looked at when a packet comes, the way out when it leaves: the other one is none. */
    private Match interfaces(JsonNode left, List<JsonNode> elements) {
        boolean incoming = left.path("meta").path("key").asString("").startsWith("i");
        if (incoming == packet.outgoing()) {
            return Match.NO;
        }
        if (packet.interfaces().isEmpty()) {
            return Match.UNKNOWN;
        }
        long inside = packet.interfaces().stream()
                .filter(name -> elements.stream().anyMatch(each -> isNamed(name, each.asString(""))))
                .count();
        return share(inside, packet.interfaces().size());
    }

    private static boolean isNamed(String name, String pattern) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    /** Of a connection that begins. */
    private static Match connection(String key, JsonNode element) {
        String value = element.asString("");
        return switch (key) {
            case "state" -> Match.of(value.equals("new"));
            case "direction" -> Match.of(value.equals("original"));
            case "status", "helper" -> Match.NO;
            default -> Match.UNKNOWN;
        };
    }

    /** Where a packet for this machine leads, and whether there is a way back to its sender: there is. */
    private Match route(JsonNode fib, JsonNode element) {
        boolean destination = fib.path("flags").toString().contains("daddr");
        if (fib.path("result").asString("").equals("type")) {
            boolean local = element.asString("").equals("local");
            return destination && !packet.outgoing() ? Match.of(local) : local ? Match.NO : Match.UNKNOWN;
        }
        boolean missing = element.asString("").equals("false")
                || element.asString("").equals("missing")
                || element.asString("").equals("0");
        return destination ? Match.UNKNOWN : Match.of(!missing);
    }

    private static boolean isFlags(JsonNode left) {
        JsonNode masked = left.path("&").path(0);
        return (masked.isMissingNode() ? left : masked)
                .path("payload")
                .path("field")
                .asString("")
                .equals("flags");
    }

    /** The packet has SYN alone, which a rule may mask before it compares. */
    private static Match flags(JsonNode left, String op, JsonNode right) {
        int mask = left.path("&").isArray() ? flags(left.path("&").path(1)) : 255;
        int set = SYN & mask;
        JsonNode alternatives = right.path("set");
        boolean equal = alternatives.isArray() && alternatives.valueStream().anyMatch(each -> flags(each) == set);
        int wanted = flags(right);
        if (mask < 0 || (wanted < 0 && !alternatives.isArray())) {
            return Match.UNKNOWN;
        }
        return switch (op) {
            case "in" -> Match.of(equal || (set & wanted) != 0);
            case "==" -> Match.of(equal || set == wanted);
            case "!=" -> Match.of(!equal && set != wanted);
            default -> Match.UNKNOWN;
        };
    }

    /** The bits of a name, a number, a list or an "or" of them; -1 for something else. */
    private static int flags(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.asInt();
        }
        JsonNode several = value.path("|").isArray() ? value.path("|") : value;
        if (several.isArray()) {
            int all = 0;
            for (JsonNode each : several) {
                int one = flags(each);
                if (one < 0) {
                    return -1;
                }
                all |= one;
            }
            return all;
        }
        return FLAGS.getOrDefault(value.asString(""), -1);
    }

    private static Match portsIn(PortRange ports, List<JsonNode> elements) {
        int inside = 0;
        for (JsonNode element : elements) {
            JsonNode range = element.path("range");
            int first = port(range.isArray() ? range.path(0) : element);
            int last = port(range.isArray() ? range.path(1) : element);
            if (element.asString("").equals("*")) {
                first = 0;
                last = 65535;
            } else if (first < 0 || last < 0) {
                return Match.UNKNOWN;
            }
            inside += Math.max(0, Math.min(last, ports.last()) - Math.max(first, ports.first()) + 1);
        }
        return covered(ports, inside);
    }

    private static int port(JsonNode value) {
        return value.isIntegralNumber()
                ? value.asInt()
                : switch (value.asString("")) {
                    case "ftp-data" -> 20;
                    case "ftp" -> 21;
                    case "ftps-data" -> 989;
                    case "ftps" -> 990;
                    default -> -1;
                };
    }

    private static Match covered(PortRange ports, int inside) {
        return share(inside, ports.size());
    }

    /** What the right side of a match names, one by one: named sets are looked up. */
    List<JsonNode> elements(JsonNode right) {
        JsonNode several = right;
        if (right.isString() && right.stringValue().startsWith("@")) {
            several = rules.elements(table, right.stringValue());
        } else if (right.path("set").isArray()) {
            several = right.path("set");
        }
        if (several == null) {
            // A named set that is empty has no elements at all.
            return List.of();
        }
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode each : several.isArray() ? several : List.of(several)) {
            all.add(each.path("elem").isObject() ? each.path("elem").path("val") : each);
        }
        return all;
    }
}
