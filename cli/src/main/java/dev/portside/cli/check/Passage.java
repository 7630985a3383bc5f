package dev.portside.cli.check;

import dev.portside.cli.check.Ruleset.Chain;
import dev.portside.cli.check.Ruleset.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the packet filter does with a packet.
 *
 * @param rules why: the rule or policy that decides, then those by which it is otherwise for some, or may be
 */
record Passage(Result result, List<String> rules) {
    enum Result {
        OPEN,
        /** Nobody gets through. */
        BLOCKED,
        /** Some clients get through, most do not. */
        PARTLY,
        /** A rule that is not understood decides. */
        UNCLEAR
    }

    /** What becomes of the packet of the first of all rules that decide. */
    static Passage of(Ruleset rules, Packet packet) {
        Passage unclear = new Passage(Result.OPEN, List.of());
        for (String hook : packet.hooks()) {
            for (Chain chain : rules.at(hook, packet.ipv6())) {
                // A chain that accepts sends the packet on to the next one; a chain that drops is the last.
                Passage passage = new Walk(rules, packet).through(chain);
                if (passage.result == Result.BLOCKED || passage.result == Result.PARTLY) {
                    return passage;
                }
                if (passage.result == Result.UNCLEAR) {
                    unclear = passage;
                }
            }
        }
        return unclear;
    }

    /** The way of a packet through one chain with a hook and those to which it jumps. */
    private static final class Walk {
        /** The kernel allows 16. */
        private static final int DEEPEST = 32;

        private final Ruleset rules;
        private final Packet packet;
        private final List<String> accepting = new ArrayList<>();
        private final List<String> unclear = new ArrayList<>();
        private boolean unclearAccepts;
        private boolean unclearBlocks;
        private boolean blocksMost;
        private String decided = "";

        Walk(Ruleset rules, Packet packet) {
            this.rules = rules;
            this.packet = packet;
        }

        Passage through(Chain chain) {
            Step step = walk(chain, Match.YES, 0);
            boolean blocked = step == Step.BLOCK || (step == Step.ON && chain.dropsByPolicy());
            if (step == Step.ON && blocked) {
                decided = chain + ": policy drop";
            }
            List<String> reasons = new ArrayList<>(List.of(decided));
            if (blocked ? unclearAccepts : unclearBlocks) {
                reasons.addAll(unclear);
                return new Passage(Result.UNCLEAR, reasons);
            }
            if (!blocked) {
                return new Passage(Result.OPEN, reasons);
            }
            reasons.addAll(accepting);
            return new Passage(accepting.isEmpty() && !blocksMost ? Result.BLOCKED : Result.PARTLY, reasons);
        }

        private Step walk(@Nullable Chain chain, Match level, int depth) {
            if (chain == null || depth > DEEPEST) {
                return Step.ON;
            }
            Matcher matcher = new Matcher(rules, chain.table(), packet);
            for (Rule rule : chain.rules()) {
                Match match = Match.YES;
                for (JsonNode statement : rule.statements()) {
                    Map.Entry<String, JsonNode> only =
                            statement.properties().iterator().next();
                    Verdict verdict = Verdict.of(only.getKey(), only.getValue());
                    if (verdict != null) {
                        @Nullable Step step = judge(rule, verdict, match, level, depth);
                        if (step != null) {
                            return step;
                        }
                    } else if (only.getKey().equals("vmap")) {
                        @Nullable Step step = lookUp(rule, only.getValue(), matcher, match, level, depth);
                        if (step != null) {
                            return step;
                        }
                    } else {
                        match = match.and(matcher.statement(only.getKey(), only.getValue()));
                    }
                    if (match == Match.NO) {
                        break;
                    }
                }
            }
            return Step.ON;
        }

        /** The first entry of a verdict map that is meant; keys do not overlap, so that others are for other packets. */
        private @Nullable Step lookUp(Rule rule, JsonNode vmap, Matcher matcher, Match soFar, Match level, int depth) {
            for (JsonNode entry : matcher.elements(vmap.path("data"))) {
                JsonNode key = entry.path(0);
                JsonNode bare = key.path("elem").isObject() ? key.path("elem").path("val") : key;
                Match match = soFar.and(matcher.value(vmap.path("key"), bare));
                JsonNode verdict = entry.path(1);
                if (match == Match.NO || !verdict.isObject()) {
                    continue;
                }
                Map.Entry<String, JsonNode> only =
                        verdict.properties().iterator().next();
                Verdict judged = Verdict.of(only.getKey(), only.getValue());
                @Nullable Step step = judged == null ? null : judge(rule, judged, match, level, depth);
                if (step != null) {
                    return step;
                }
            }
            return null;
        }

        /** How the walk through this chain ends by this verdict; null if it goes on with the next rule. */
        private @Nullable Step judge(Rule rule, Verdict verdict, Match match, Match level, int depth) {
            Match all = match.and(level);
            return switch (verdict.kind()) {
                case JUMP, GOTO -> {
                    Step step = walk(rules.chain(rule.chain().table(), verdict.target()), all, depth + 1);
                    boolean ends = verdict.kind() == Verdict.Kind.GOTO || step != Step.ON;
                    yield match.usual() && ends ? step : null;
                }
                case RETURN, ACCEPT, BLOCK, UNKNOWN -> {
                    note(rule, verdict, all);
                    yield match.usual() ? verdict.step() : null;
                }
            };
        }

        private void note(Rule rule, Verdict verdict, Match match) {
            boolean unknown = match == Match.UNKNOWN || verdict.kind() == Verdict.Kind.UNKNOWN;
            if (unknown) {
                unclear.add(rule.toString());
                unclearAccepts |= verdict.kind() != Verdict.Kind.BLOCK;
                unclearBlocks |= verdict.kind() != Verdict.Kind.ACCEPT;
            } else if (match == Match.SOME) {
                if (verdict.kind() != Verdict.Kind.BLOCK) {
                    accepting.add(rule.toString());
                }
            } else if (verdict.kind() != Verdict.Kind.RETURN) {
                decided = rule.toString();
                blocksMost = match == Match.MOST;
            }
        }
    }

    private enum Step {
        /** Through the rest of the chain that has jumped here; for the first one: to its policy. */
        ON,
        ACCEPT,
        BLOCK
    }

    /** Where a packet goes that a rule is about. */
    private record Verdict(Kind kind, String target) {
        enum Kind {
            ACCEPT,
            BLOCK,
            RETURN,
            JUMP,
            GOTO,
            /** Another program decides. */
            UNKNOWN
        }

        /** How it ends the chain; null if it does not, as far as is known. */
        @Nullable
        Step step() {
            return switch (kind) {
                case ACCEPT -> Step.ACCEPT;
                case BLOCK -> Step.BLOCK;
                case RETURN -> Step.ON;
                case JUMP, GOTO, UNKNOWN -> null;
            };
        }

        /** Null for a statement that is no verdict. */
        static @Nullable Verdict of(String statement, JsonNode value) {
            return switch (statement) {
                case "accept" -> new Verdict(Kind.ACCEPT, "");
                case "drop", "reject" -> new Verdict(Kind.BLOCK, "");
                case "return" -> new Verdict(Kind.RETURN, "");
                case "jump" -> new Verdict(Kind.JUMP, value.path("target").asString(""));
                case "goto" -> new Verdict(Kind.GOTO, value.path("target").asString(""));
                case "queue" -> new Verdict(Kind.UNKNOWN, "");
                case "xt" ->
                    value.path("type").asString("").equals("target")
                            ? target(value.path("name").asString(""))
                            : null;
                default -> null;
            };
        }

        private static @Nullable Verdict target(String name) {
            return switch (name) {
                case "REJECT" -> new Verdict(Kind.BLOCK, "");
                case "LOG", "NFLOG", "CT", "CONNMARK", "MARK", "TCPMSS" -> null;
                default -> new Verdict(Kind.UNKNOWN, "");
            };
        }
    }
}
