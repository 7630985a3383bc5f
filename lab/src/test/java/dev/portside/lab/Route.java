package dev.portside.lab;

import java.util.List;
import java.util.stream.Stream;

/**
 * A way to a data connection.
 *
 * @param family the addresses that it is made between
 * @param command the command that prepares it
 */
record Route(Family family, Command command) {
    enum Family {
        IPV4,
        IPV6
    }

    enum Command {
        EPSV,
        PASV,
        EPRT,
        PORT;

        boolean isActive() {
            return this == EPRT || this == PORT;
        }
    }

    /** All that there are: PASV and PORT know no IPv6. */
    static List<Route> all() {
        return Stream.concat(
                        Stream.of(Command.values()).map(command -> new Route(Family.IPV4, command)),
                        Stream.of(Command.EPSV, Command.EPRT).map(command -> new Route(Family.IPV6, command)))
                .toList();
    }

    @Override
    public String toString() {
        return command + " over " + family;
    }
}
