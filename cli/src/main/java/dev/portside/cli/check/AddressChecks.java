package dev.portside.cli.check;

import dev.portside.cli.check.Machine.Local;
import dev.portside.cli.check.Plan.External;
import dev.portside.server.ClientNetwork;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether clients can reach the addresses that 227 names. */
final class AddressChecks {
    private final Plan plan;
    private final Machine machine;
    private final Findings found;

    AddressChecks(Plan plan, Machine machine, Findings found) {
        this.plan = plan;
        this.machine = machine;
        this.found = found;
    }

    void run() {
        if (plan.outerAddresses().isEmpty()) {
            return;
        }
        for (External external : plan.external()) {
            if (!external.address().isEmpty()) {
                external(external);
            }
        }
        List<Local> inner = inner();
        if (inner.isEmpty()) {
            return;
        }
        boolean hasUsual = plan.external().stream()
                .anyMatch(each -> each.clients().isEmpty() && !each.address().isEmpty());
        if (hasUsual) {
            hairpin(inner);
        } else if (plan.server().network().proxies().isEmpty()) {
            // Behind a load balancer 227 names the address that the client has connected to there.
            none(inner);
        }
    }

    /** The private addresses of IPv4 that 227 names by itself; empty when there is a public one among them. */
    private List<Local> inner() {
        List<Local> listened = new ArrayList<>();
        for (InetAddress listener : plan.outerAddresses()) {
            InetAddress address = plan.server().network().passiveAddress(listener);
            machine.locals().stream()
                    .filter(local -> local.address() instanceof Inet4Address)
                    .filter(local -> !local.address().isLoopbackAddress())
                    .filter(local ->
                            address.isAnyLocalAddress() || local.address().equals(address))
                    .forEach(listened::add);
        }
        boolean all = listened.stream()
                .allMatch(local -> AddressKind.of(local.address()).isInner());
        return all ? listened : List.of();
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    private void external(External external) {
        InetAddress literal = literal(external.address());
        if (literal != null) {
            kind(external, literal, external + " is " + AddressKind.of(literal));
            return;
        }
        List<InetAddress> all = machine.names().apply(external.address());
        List<InetAddress> usable =
                all.stream().filter(Inet4Address.class::isInstance).toList();
        String answer = external.address() + " resolves to "
                + all.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
        if (all.isEmpty()) {
            found.error(
                    "external-unknown",
                    "the external name does not resolve",
                    List.of(external + ": DNS has no address for " + external.address()),
                    "correct the name, or DNS, or name the address itself");
        } else if (usable.isEmpty()) {
            found.error(
                    "external-ipv6-only",
                    "the external name has no IPv4 address, and 227 can name no other",
                    List.of(answer),
                    "give the name an A record, or name the IPv4 address",
                    "IPv6 needs no external address: 229 names none");
        } else {
            kind(external, usable.getFirst(), answer + ": " + AddressKind.of(usable.getFirst()));
        }
    }

    private void kind(External external, InetAddress address, String evidence) {
        AddressKind kind = AddressKind.of(address);
        String change = "name the address that clients connect to from outside; a gateway's status page shows it";
        if (kind == AddressKind.LOOPBACK || kind == AddressKind.NONE) {
            found.error(
                    "external-unusable", "no client can connect to the external address", List.of(evidence), change);
        } else if (kind == AddressKind.DOCUMENTATION) {
            found.warning("external-example", "the external address is an example", List.of(evidence), change);
        } else if (kind.isInner() && !isForInner(external)) {
            found.warning(
                    "external-private",
                    "clients outside cannot connect to the external address",
                    List.of(evidence),
                    change,
                    kind == AddressKind.CARRIER
                            ? "behind the provider's NAT no port can be opened: ask for a public address, or use IPv6"
                            : "when it is meant for inner clients only, say so: --external-address 192.168.0.0/16="
                                    + external.address());
        }
    }

    /** Whether only clients of a private network are told that address. */
    private static boolean isForInner(External external) {
        if (external.clients().isEmpty()) {
            return false;
        }
        InetAddress first = literal(external.clients().replaceFirst("/.*", ""));
        return first != null && (AddressKind.of(first).isInner() || first.isLoopbackAddress());
    }

    /** Clients of the inner network are told the outer address: not every gateway sends that back in. */
    private void hairpin(List<Local> inner) {
        List<String> missing = new ArrayList<>();
        for (Local local : inner) {
            boolean told = plan.external().stream()
                    .filter(each -> !each.clients().isEmpty())
                    .anyMatch(each -> ClientNetwork.parse(each.clients()).contains(local.address()));
            if (!told) {
                missing.add("--external-address " + network(local) + "="
                        + local.address().getHostAddress());
            }
        }
        if (!missing.isEmpty()) {
            List<String> change = new ArrayList<>(List.of("name the inner address to them:"));
            missing.forEach(option -> change.add(" " + option));
            found.note(
                    "hairpin",
                    "clients of the inner network are told the outer address, and not every gateway sends them back in",
                    inner.stream()
                            .map(local ->
                                    "this machine is " + local.address().getHostAddress() + " in " + network(local))
                            .toList(),
                    change.toArray(String[]::new));
        }
    }

    private static String network(Local local) {
        byte[] bytes = local.address().getAddress();
        for (int bit = local.prefix(); bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + local.prefix();
        } catch (java.net.UnknownHostException never) {
            throw new IllegalStateException(never);
        }
    }

    private void none(List<Local> inner) {
        String addresses = inner.stream()
                .map(local -> local.address().getHostAddress() + " is " + AddressKind.of(local.address()))
                .collect(Collectors.joining(", "));
        List<String> change = List.of(
                "name the address of the gateway: --external-address ADDRESS or NAME",
                "and let it forward the ports 1:1, see the rules for the gateway",
                "when all clients are in the same network as this machine, all is well");
        if (plan.hasTls()) {
            found.warning(
                    "ftps-without-external-address",
                    "behind NAT, FTPS clients are told an address that they cannot reach, and no gateway can correct it",
                    List.of("227 names the local address: " + addresses, "under TLS a gateway cannot read the reply"),
                    change.toArray(String[]::new));
        } else {
            found.warning(
                    "no-external-address",
                    "behind NAT, clients that believe 227 are told an address that they cannot reach",
                    List.of("227 names the local address: " + addresses),
                    change.toArray(String[]::new));
        }
    }
}
