package dev.portside.lab.network;

import dev.portside.transport.Addresses;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A gateway dropped the first packet of a connection, and counted it.
 *
 * @param place the gateway
 * @param from who was to connect, as seen at the gateway: behind NAT by its external address
 * @param to whom it was to connect to
 * @param packets how often it was dropped: it is sent again
 */
record Stop(Place place, InetSocketAddress from, InetSocketAddress to, long packets) implements Serializable {
    /** Where packets are stopped. */
    enum Place {
        CLIENT_GATEWAY("the client's gateway"),
        WIDE_AREA("the wide area"),
        SERVER_GATEWAY("the server's gateway");

        private final String words;

        Place(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Rules for a table of the family {@code inet}: sets that count what {@link #RULE} drops. */
    static final String SETS = """
            set stopped4 {
              type ipv4_addr . inet_service . ipv4_addr . inet_service
              size 65535; flags dynamic; counter;
            }
            set stopped6 {
              type ipv6_addr . inet_service . ipv6_addr . inet_service
              size 65535; flags dynamic; counter;
            }
            """;

    /** Rules of a chain that drop everything, and count each connection that was to begin. */
    static final String RULE = """
            meta nfproto ipv4 tcp flags & (syn|ack) == syn update @stopped4 { ip saddr . tcp sport . ip daddr . tcp dport }
            meta nfproto ipv6 tcp flags & (syn|ack) == syn update @stopped6 { ip6 saddr . tcp sport . ip6 daddr . tcp dport }
            drop
            """;

    private static final Pattern ELEMENT =
            Pattern.compile("([0-9a-f.:]+) \\. ([0-9]+) \\. ([0-9a-f.:]+) \\. ([0-9]+) counter packets ([0-9]+)");

    /** What was counted, from what {@code nft -n list set} prints. */
    static List<Stop> read(Place place, String printed) {
        return ELEMENT.matcher(printed).results().map(each -> read(place, each)).toList();
    }

    private static Stop read(Place place, MatchResult element) {
        return new Stop(
                place,
                address(element.group(1), element.group(2)),
                address(element.group(3), element.group(4)),
                Long.parseLong(element.group(5)));
    }

    private static InetSocketAddress address(String host, String port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return place + " dropped the SYN from " + Addresses.text(from) + " to " + Addresses.text(to) + ", " + packets
                + " times";
    }
}
