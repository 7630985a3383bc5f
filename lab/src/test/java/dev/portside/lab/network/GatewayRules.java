package dev.portside.lab.network;

import java.util.stream.Collectors;

/**
 * The rules of gateways, in nft's language. Interfaces: {@code inside} leads to the client or the server, {@code outside} to
 * the wide area.
 */
final class GatewayRules {
    private static final String HELPER = """
            ct helper ftp {
              type "ftp" protocol tcp;
            }
            chain helpers {
              type filter hook prerouting priority filter;
              tcp dport 21 ct helper set "ftp"
            }
            """;

    /** What reaches a NAT's external address and is mapped to nobody. */
    private static final String UNMAPPED = """
            chain unmapped {
              type filter hook input priority filter;
              iifname "outside" ct state new goto stop
            }
            """;

    private static final String STOP = "chain stop {\n" + Stop.RULE + "}\n";

    private GatewayRules() {}

    static String of(ClientSite site) {
        String rules = (site.helper() ? HELPER : "") + STOP;
        if (site.gateway() == ClientGateway.OPEN) {
            return rules;
        }
        rules += forward("");
        if (site.gateway() == ClientGateway.FIREWALL) {
            return rules;
        }
        return rules + UNMAPPED + """
                chain sources {
                  type nat hook postrouting priority srcnat;
                  oifname "outside" snat ip to %s
                }
                """.formatted(Addressing.publicClient(Family.IPV4, site));
    }

    static String of(ServerSite site) {
        String rules = (site.helper() ? HELPER : "") + STOP;
        return switch (site.gateway()) {
            case OPEN -> rules;
            case FIREWALL -> rules + forward("tcp dport 21 accept");
            case FIREWALL_RANGE -> rules + forward("tcp dport { 21, " + range() + " } accept");
            case FIREWALL_REPLIES_ONLY -> rules + """
                    chain through {
                      type filter hook forward priority filter;
                      ct state established,related accept
                      iifname "outside" tcp dport 21 accept
                      meta l4proto ipv6-icmp accept
                      goto stop
                    }
                    """;
            case NAT, NAT_EXTERNAL_ADDRESS -> rules + forward("ct status dnat accept") + UNMAPPED + nat(site, "21");
            case NAT_RANGE, NAT_RANGE_EXTERNAL_ADDRESS ->
                rules + forward("ct status dnat accept") + UNMAPPED + nat(site, "{ 21, " + range() + " }");
        };
    }

    /** Everything may go out, replies and what a helper has announced may come in, and what this rule lets. */
    private static String forward(String in) {
        return """
                chain through {
                  type filter hook forward priority filter;
                  ct state established,related accept
                  iifname "inside" accept
                  %s
                  meta l4proto ipv6-icmp accept
                  goto stop
                }
                """.formatted(in);
    }

    private static String range() {
        return Laboratory.PASSIVE_PORTS.first() + "-" + Laboratory.PASSIVE_PORTS.last();
    }

    /** One external address for each inner one. */
    private static String nat(ServerSite site, String ports) {
        return """
                map inner {
                  type ipv4_addr : ipv4_addr
                  elements = { %s }
                }
                map outer {
                  type ipv4_addr : ipv4_addr
                  elements = { %s }
                }
                chain destinations {
                  type nat hook prerouting priority dstnat;
                  iifname "outside" tcp dport %s dnat ip to ip daddr map @inner
                }
                chain sources {
                  type nat hook postrouting priority srcnat;
                  oifname "outside" snat ip to ip saddr map @outer
                }
                """.formatted(
                        ClientSite.all().stream()
                                .map(from -> Addressing.publicServer(Family.IPV4, from, site) + " : "
                                        + Addressing.server(Family.IPV4, from, site))
                                .collect(Collectors.joining(", ")),
                        ClientSite.all().stream()
                                .map(from -> Addressing.server(Family.IPV4, from, site) + " : "
                                        + Addressing.publicServer(Family.IPV4, from, site))
                                .collect(Collectors.joining(", ")),
                        ports);
    }
}
