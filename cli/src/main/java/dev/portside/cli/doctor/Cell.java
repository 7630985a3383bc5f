package dev.portside.cli.doctor;

/**
 * A mode, in the clear or under TLS: one cell of the table of what works.
 *
 * @param tls whether control and data connection are secured
 */
public record Cell(Mode mode, boolean tls) {
    /** {@code EPSV under TLS}. */
    @Override
    public String toString() {
        return mode + (tls ? " under TLS" : " in the clear");
    }
}
