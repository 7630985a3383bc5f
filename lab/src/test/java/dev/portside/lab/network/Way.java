package dev.portside.lab.network;

import dev.portside.client.DataMode;
import java.util.List;
import java.util.stream.Stream;

/** How a data connection is to be made: a column of the truth table. */
enum Way {
    PORT(DataMode.PORT),
    EPRT(DataMode.EPRT),
    /** Connects to the address that 227 names. */
    PASV_BELIEVED(DataMode.PASV),
    /** Connects to the address of the control connection. */
    PASV(DataMode.PASV),
    EPSV(DataMode.EPSV),
    /** Whatever works. */
    AUTO(DataMode.AUTO);

    private final DataMode mode;

    Way(DataMode mode) {
        this.mode = mode;
    }

    /** Those there are: PORT and PASV know no IPv6. */
    static List<Way> of(Family family) {
        return Stream.of(values())
                .filter(way -> family == Family.IPV4 || way == EPRT || way == EPSV || way == AUTO)
                .toList();
    }

    DataMode mode() {
        return mode;
    }

    boolean isActive() {
        return this == PORT || this == EPRT;
    }

    @Override
    public String toString() {
        return switch (this) {
            case PASV_BELIEVED -> "PASV (address believed)";
            case PASV -> "PASV (peer's address)";
            case PORT, EPRT, EPSV, AUTO -> name();
        };
    }
}
