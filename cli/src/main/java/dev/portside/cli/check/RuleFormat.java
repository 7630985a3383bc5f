package dev.portside.cli.check;

import java.util.Locale;

/** What firewall rules can be written for. */
public enum RuleFormat {
    NFTABLES,
    IPTABLES,
    FIREWALLD,
    UFW,
    WINDOWS,
    AWS;

    /** The firewall that this machine has, as far as it shows. */
    static RuleFormat of(Machine machine, LocalFirewall firewall) {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return WINDOWS;
        }
        if (machine.has("run/firewalld")) {
            return FIREWALLD;
        }
        if (machine.lines("etc/ufw/ufw.conf").contains("ENABLED=yes")) {
            return UFW;
        }
        return firewall.isOfIptables() ? IPTABLES : NFTABLES;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
