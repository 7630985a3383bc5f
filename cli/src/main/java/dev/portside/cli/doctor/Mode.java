package dev.portside.cli.doctor;

import dev.portside.client.DataMode;

/** A way to make a data connection, as the doctor tries it. */
public enum Mode {
    EPSV("EPSV", DataMode.EPSV, false),
    /** PASV, and a connection to the address that the control connection goes to: what new clients do. */
    PASV_PEER("PASV (peer)", DataMode.PASV, false),
    /** PASV, and a connection to the address that 227 names: what old clients do. */
    PASV_NAMED("PASV (named)", DataMode.PASV, true),
    EPRT("EPRT", DataMode.EPRT, false),
    PORT("PORT", DataMode.PORT, false);

    private final String words;
    private final DataMode dataMode;
    private final boolean trustsAddress;

    Mode(String words, DataMode dataMode, boolean trustsAddress) {
        this.words = words;
        this.dataMode = dataMode;
        this.trustsAddress = trustsAddress;
    }

    /** Whether the server connects. */
    public boolean isActive() {
        return dataMode.isActive();
    }

    /** What the client is told to do. */
    public DataMode dataMode() {
        return dataMode;
    }

    /** Whether the client connects to the address that 227 names. */
    public boolean trustsAddress() {
        return trustsAddress;
    }

    /** Whether there is such a mode over IPv6: EPSV and EPRT only. */
    public boolean worksOverIpv6() {
        return this == EPSV || this == EPRT;
    }

    @Override
    public String toString() {
        return words;
    }
}
