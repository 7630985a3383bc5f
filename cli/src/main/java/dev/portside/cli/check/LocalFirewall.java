package dev.portside.cli.check;

import dev.portside.cli.check.Machine.Output;
import dev.portside.cli.check.Ruleset.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What could be read of the packet filter of this machine.
 *
 * @param rules null when it could not be read
 * @param why what was in the way
 * @param helpers rules of iptables that assign the FTP helper
 * @param isOfIptables whether there are rules that were written by iptables
 */
record LocalFirewall(@Nullable Ruleset rules, String why, List<String> helpers, boolean isOfIptables) {
    private static final String NOTHING = "{\"nftables\": []}";

    static LocalFirewall of(Machine machine) {
        Output nft = machine.run("nft", "-j", "list", "ruleset");
        boolean hasNft = nft.code() == 0;
        Ruleset rules;
        try {
            rules = Ruleset.parse(hasNft ? nft.out() : NOTHING);
        } catch (IllegalArgumentException strange) {
            return new LocalFirewall(null, "nft -j list ruleset printed no rules that can be read", List.of(), false);
        }
        List<String> helpers = new ArrayList<>();
        boolean hasIptables = false;
        for (boolean ipv6 : new boolean[] {false, true}) {
            Table table = new Table(ipv6 ? "ip6" : "ip", "filter");
            // The rules of iptables are seen by nft as far as both are one; only iptables shows them whole.
            if (!hasNft || rules.foreign().contains(table) || legacy(machine, ipv6)) {
                Output saved = machine.run(ipv6 ? "ip6tables-save" : "iptables-save");
                if (saved.code() == 0) {
                    IptablesRules read = IptablesRules.parse(saved.out(), ipv6);
                    rules.replace(table, read.filter());
                    helpers.addAll(read.helpers());
                    hasIptables = true;
                }
            }
        }
        if (!hasNft && !hasIptables) {
            String reason = nft.err().lines().findFirst().orElse("no reason given");
            return new LocalFirewall(
                    null, nft.code() < 0 ? reason : "nft -j list ruleset: " + reason, List.of(), false);
        }
        return new LocalFirewall(rules, "", helpers, hasIptables);
    }

    /** Whether there are rules of the old kind, which nft does not see. */
    private static boolean legacy(Machine machine, boolean ipv6) {
        return !machine.lines(ipv6 ? "proc/net/ip6_tables_names" : "proc/net/ip_tables_names")
                .isEmpty();
    }
}
