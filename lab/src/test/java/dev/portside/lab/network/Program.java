package dev.portside.lab.network;

import dev.portside.lab.peer.Programs;
import java.util.ArrayList;
import java.util.List;

/** A client that is not ours. */
enum Program {
    CURL("curl"),
    LFTP("lftp");

    private final String words;

    Program(String words) {
        this.words = words;
    }

    /**
     * What it can be told to do.
     *
     * <p>Curl: since 7.87 and up to 7.88.1, which is what Debian 12 has, it forgets TLS on data connections in active mode
     * (curl's issue 10666). Lftp: knows no EPRT over IPv4, names the address {@code ::} in it over IPv6, believes no 227, and over
     * IPv6 its handshake fails with every server in Java, as it sends a numeric IPv6 address as server name, which RFC 6066
     * forbids and Java's TLS refuses.
     */
    List<Way> ways(Family family, boolean tls) {
        return Way.of(family).stream()
                .filter(way -> switch (way) {
                    case PORT -> this == LFTP || !tls;
                    case PASV -> true;
                    case EPSV -> this == CURL || family == Family.IPV4 || !tls;
                    case EPRT -> this == CURL && !tls;
                    case PASV_BELIEVED -> this == CURL;
                    case AUTO -> false;
                })
                .toList();
    }

    /**
     * Whether it is to get the file. Curl goes on with PASV where EPSV makes no connection, and with PORT where EPRT is refused:
     * that helps nowhere, because in the laboratory these work where the first do.
     */
    boolean isToWork(Cell cell) {
        return Prediction.of(cell) == null;
    }

    /** A command line that prints the file. */
    List<String> command(Cell cell, int seconds) {
        return switch (this) {
            case CURL -> curl(cell, seconds);
            case LFTP -> lftp(cell, seconds);
        };
    }

    private static String url(Cell cell) {
        String host = cell.topology().publicServerAddress();
        return "ftp://" + (cell.topology().family() == Family.IPV6 ? "[" + host + "]" : host) + "/";
    }

    private static List<String> curl(Cell cell, int seconds) {
        List<String> line = new ArrayList<>(List.of(
                Programs.client("curl").toString(),
                "-q",
                // The dialogue, for those that fail.
                "-sSv",
                "--connect-timeout",
                Integer.toString(seconds),
                "--max-time",
                Integer.toString(2 * seconds),
                "--user",
                Secrets.USER + ":" + Secrets.PASSWORD));
        line.addAll(
                switch (cell.way()) {
                    case PORT -> List.of("-P", "-", "--disable-eprt");
                    case EPRT -> List.of("-P", "-");
                    case PASV_BELIEVED -> List.of("--disable-epsv", "--no-ftp-skip-pasv-ip");
                    case PASV -> List.of("--disable-epsv", "--ftp-skip-pasv-ip");
                    case EPSV, AUTO -> List.of();
                });
        if (cell.tls()) {
            line.addAll(List.of("--ssl-reqd", "--insecure"));
        }
        line.add(url(cell) + Secrets.FILE);
        return line;
    }

    private static List<String> lftp(Cell cell, int seconds) {
        String script = """
                set cmd:fail-exit yes
                set net:max-retries 1
                set net:persist-retries 0
                set net:timeout %d
                set ftp:passive-mode %s
                set ftp:prefer-epsv %s
                set ftp:fix-pasv-address yes
                set ftp:ssl-allow %s
                set ftp:ssl-force %s
                set ftp:ssl-protect-data yes
                set ftp:ssl-protect-list yes
                set ftp:ssl-copy-sid yes
                set ssl:verify-certificate no
                open -u %s,%s %s
                cat %s
                """.formatted(
                        seconds,
                        cell.way() != Way.PORT,
                        cell.way() == Way.EPSV,
                        cell.tls(),
                        cell.tls(),
                        Secrets.USER,
                        Secrets.PASSWORD,
                        url(cell),
                        Secrets.FILE);
        return List.of(Programs.client("lftp").toString(), "--norc", "-c", script);
    }

    @Override
    public String toString() {
        return words;
    }
}
