package dev.portside.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options that work here, for those who only want to get on with it. */
final class Profile {
    private Profile() {}

    /**
     * Lines to paste; none when nothing works.
     *
     * @param host as the URL has it
     * @param user empty: anonymous
     * @param implicit whether TLS begins with the first byte
     */
    static List<String> of(Chart chart, String host, int port, String user, boolean implicit) {
        Optional<Cell> best = best(chart);
        if (best.isEmpty()) {
            return List.of();
        }
        Mode mode = best.get().mode();
        boolean tls = best.get().tls();
        String pin = tls ? pin(chart) : "";
        String scheme = !tls ? "ftp" : implicit ? "ftps" : "ftpes";
        String login = user.isEmpty() || user.equals("anonymous") ? "" : user + "@";
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        int usual = implicit ? 990 : 21;
        String place = bracketed + (port == usual ? "" : ":" + port) + "/";

        List<String> lines = new ArrayList<>();
        lines.add("portside get --mode " + mode.dataMode().name().toLowerCase(Locale.ROOT)
                + (mode.trustsAddress() ? " --trust-passive-address" : "") + (pin.isEmpty() ? "" : " --pin " + pin)
                + " "
                + scheme + "://" + login + place + "PATH");
        lines.add("curl " + curl(mode) + (tls && !implicit ? " --ssl-reqd" : "")
                + (pin.isEmpty() ? "" : " --insecure --pinnedpubkey " + pin)
                + (login.isEmpty() ? "" : " --user " + user) + " -O " + (implicit && tls ? "ftps" : "ftp") + "://"
                + place
                + "PATH");
        lines.add("lftp -e '" + lftp(mode) + tlsOfLftp(tls) + "' " + (login.isEmpty() ? "" : "-u " + user + " ")
                + (implicit && tls ? "ftps" : "ftp") + "://" + place);
        lines.add("other clients: " + words(mode) + ", "
                + (!tls ? "no TLS" : implicit ? "implicit TLS" : "explicit TLS (AUTH TLS), data protected (PROT P)")
                + ", port "
                + port);
        return lines;
    }

    /** The key of a certificate that nobody vouches for, so that it is this one at least; empty: it was verified. */
    private static String pin(Chart chart) {
        return chart.observed(Observation.Certificate.class).stream()
                .filter(certificate -> certificate.refused() != null || !certificate.checked())
                .findFirst()
                .map(Observation.Certificate::pin)
                .orElse("");
    }

    /** Under TLS rather than in the clear, passive rather than active. */
    static Optional<Cell> best(Chart chart) {
        for (boolean tls : new boolean[] {true, false}) {
            for (Mode mode : Mode.values()) {
                if (chart.works(mode, tls)) {
                    return Optional.of(new Cell(mode, tls));
                }
            }
        }
        return Optional.empty();
    }

    private static String curl(Mode mode) {
        return switch (mode) {
            case EPSV -> "--ftp-pasv";
            case PASV_PEER -> "--disable-epsv --ftp-skip-pasv-ip";
            case PASV_NAMED -> "--disable-epsv --no-ftp-skip-pasv-ip";
            case EPRT -> "--ftp-port -";
            case PORT -> "--ftp-port - --disable-eprt";
        };
    }

    private static String lftp(Mode mode) {
        return switch (mode) {
            case EPSV -> "set ftp:passive-mode on; set ftp:prefer-epsv on";
            case PASV_PEER -> "set ftp:passive-mode on; set ftp:prefer-epsv off; set ftp:fix-pasv-address on";
            case PASV_NAMED -> "set ftp:passive-mode on; set ftp:prefer-epsv off; set ftp:fix-pasv-address off";
            case EPRT, PORT -> "set ftp:passive-mode off";
        };
    }

    private static String tlsOfLftp(boolean tls) {
        return tls
                ? "; set ftp:ssl-force on; set ftp:ssl-protect-data on; set ftp:ssl-protect-list on"
                : "; set ftp:ssl-allow off";
    }

    private static String words(Mode mode) {
        return switch (mode) {
            case EPSV -> "passive mode";
            case PASV_PEER -> "passive mode without EPSV, the address in the reply ignored";
            case PASV_NAMED -> "passive mode without EPSV, the address in the reply believed";
            case EPRT -> "active mode";
            case PORT -> "active mode without EPRT";
        };
    }
}
