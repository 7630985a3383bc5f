package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Finding.Severity;
import dev.portside.client.TlsMode;
import java.net.Inet6Address;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong on the way to the first command: name, control connection, TLS, certificate, login. */
final class AccessFindings {
    private static final Duration SOON = Duration.ofDays(21);
    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 224;

    private final Chart chart;
    private final Ledger ledger;
    private final Settings settings;

    AccessFindings(Chart chart, Ledger ledger) {
        this.chart = chart;
        this.ledger = ledger;
        this.settings = new Settings(chart.software());
    }

    void draw() {
        List<Observation.Stop> stops = chart.observed(Observation.Stop.class);
        boolean refusedAnyway = stops.stream().anyMatch(stop -> stop.tls() && stop.cause() == Cause.LOGIN_REFUSED);
        stops.stream()
                // Some servers say in one breath that the password is wrong or that TLS is required.
                .filter(stop -> stop.cause() != Cause.TLS_DEMANDED || !refusedAnyway)
                .forEach(this::stop);
        unreachable(chart.observed(Observation.Unreachable.class));
        busy(chart.observed(Observation.Busy.class));
        chart.observed(Observation.Certificate.class).forEach(this::certificate);
    }

    private void stop(Observation.Stop stop) {
        switch (stop.cause()) {
            case NAME_UNKNOWN ->
                problem(stop, "The name of the server is not known here.", Place.CLIENT)
                        .change("check the name; ask for it at another resolver");
            case NO_CONTROL_CONNECTION -> noConnection(stop);
            case NOT_FTP ->
                problem(stop, "What answers there is no FTP server, or none that speaks in the clear.", Place.SERVER)
                        .change(
                                "check the port; if it expects TLS from the first byte on (as on port 990), use ftps://",
                                "a server that waits for its name service before it greets does so for half a minute: look"
                                        + " into its settings for reverse lookups");
            case TOO_MANY_SESSIONS ->
                problem(stop, "The server wants no session with us now.", Place.SERVER)
                        .change(settings.moreSessions())
                        .change("or come back later: others are using it");
            case LOGIN_REFUSED ->
                problem(stop, "The server refuses the login.", Place.SERVER).change("check user and password");
            case TLS_DEMANDED -> {
                boolean others = chart.tlsMode() == TlsMode.AUTO && chart.anyWorks(true);
                problem(stop, "The server lets nobody log in without TLS.", Place.SERVER)
                        .change("use ftpes:// (explicit TLS)")
                        .severity(others ? Severity.REMARK : Severity.PROBLEM);
            }
            case TLS_NOT_OFFERED -> {
                boolean wanted = chart.tlsMode() != TlsMode.AUTO;
                problem(
                                stop,
                                "The server does not offer TLS: everything can be read on the way, passwords too.",
                                Place.SERVER)
                        .change(settings.offerTls())
                        .severity(wanted ? Severity.PROBLEM : Severity.WARNING);
            }
            case TLS_FAILED ->
                problem(stop, "The TLS handshake of the control connection fails.", Place.SERVER)
                        .at(Place.SERVER_GATEWAY, Place.CLIENT_GATEWAY)
                        .change(
                                "let the server speak TLS 1.2 or 1.3, with a certificate that matches its key",
                                "a gateway that inspects FTP in the clear on this port can break it: switch that off");
            case PROT_REFUSED ->
                problem(stop, "The server does not protect data connections: it refuses PROT P.", Place.SERVER)
                        .change("allow PROT P there; without it files cross the network in the clear");
            default ->
                problem(stop, "The control connection breaks off under TLS.", Place.SERVER)
                        .at(Place.SERVER_GATEWAY, Place.CLIENT_GATEWAY)
                        .change(
                                "Windows server: netsh advfirewall set global StatefulFtp disable",
                                "gateways: switch off what inspects FTP on this port");
        }
    }

    private Ledger.Draft problem(Observation.Stop stop, String wrong, Place place) {
        return ledger.draft(stop.cause(), wrong)
                .at(place)
                .evidence(stop.evidence())
                .severity(Severity.PROBLEM);
    }

    private void noConnection(Observation.Stop stop) {
        boolean refused = stop.evidence().stream().allMatch(line -> line.contains("refused"));
        problem(
                        stop,
                        refused
                                ? "The control connection is refused: nobody listens there, or a firewall rejects."
                                : "No control connection can be made.",
                        Place.SERVER)
                .at(Place.SERVER_GATEWAY)
                .at(refused ? List.of() : List.of(Place.CLIENT_GATEWAY, Place.CLIENT))
                .change(
                        "check host and port, and that the server runs",
                        "let TCP in to this port at the server's gateway and firewall, and forward it if there is NAT");
    }

    private void unreachable(List<Observation.Unreachable> failed) {
        if (failed.isEmpty() || chart.server() == null) {
            return;
        }
        boolean six = failed.stream().allMatch(one -> one.address().getAddress() instanceof Inet6Address);
        ledger.draft(
                        Cause.ADDRESS_UNREACHABLE,
                        six
                                ? "The name has IPv6 addresses at which no control connection can be made: clients that try them"
                                        + " first lose time."
                                : "Some addresses of the name take no control connection: clients that try them first lose time.")
                .at(Place.CLIENT, Place.CLIENT_GATEWAY, Place.SERVER_GATEWAY, Place.SERVER)
                .evidence(failed.stream()
                        .map(one -> Endpoints.text(one.address()) + ": " + one.reason())
                        .toList())
                .change(
                        "if this network has no IPv6 it is nothing; otherwise let the server listen there, or take the address"
                                + " out of the DNS")
                .severity(Severity.REMARK);
    }

    private void busy(List<Observation.Busy> busy) {
        if (busy.isEmpty() || ledger.has(Cause.TOO_MANY_SESSIONS)) {
            return;
        }
        int open = busy.stream().mapToInt(Observation.Busy::open).max().orElse(1);
        ledger.draft(Cause.TOO_MANY_SESSIONS, "The server lets one address have few sessions at the same time.")
                .at(Place.SERVER)
                .evidence("beside " + open + " of ours: " + busy.getFirst().reply())
                .change(settings.moreSessions())
                .change("clients behind one NAT share the number; tell clients to use fewer connections at once")
                .severity(Severity.REMARK);
    }

    // Certificates

    private void certificate(Observation.Certificate seen) {
        if (seen.refused() != null) {
            ledger.draft(Cause.CERTIFICATE, "The server's certificate " + seen.refused() + ".")
                    .at(Place.SERVER)
                    .evidence(
                            seen.detail().isEmpty() ? shown(seen) : seen.detail(),
                            "its SHA-256 fingerprint is " + seen.fingerprint())
                    .change(
                            switch (seen.refused()) {
                                case UNTRUSTED ->
                                    "use a certificate of an authority that clients know, with its intermediate certificates;"
                                            + " or give clients its authority (--cacert) or its key (--pin)";
                                case EXPIRED -> "renew the certificate, and have the server read it again";
                                case NOT_YET_VALID -> "check the clocks of both computers";
                                case WRONG_HOST ->
                                    "use a name that the certificate has, or a certificate with the name that clients use";
                                case PIN_MISMATCH, NOT_THE_CONTROL_CERTIFICATE ->
                                    "find out who is on the way: this is not the key that was expected";
                            })
                    .severity(chart.tlsMode() == TlsMode.AUTO ? Severity.WARNING : Severity.PROBLEM);
            return;
        }
        Instant end = seen.certificate().getNotAfter().toInstant();
        Duration left = Duration.between(Instant.now(), end);
        if (left.compareTo(SOON) < 0) {
            ledger.draft(
                            Cause.CERTIFICATE_EXPIRES_SOON,
                            left.isNegative() ? "The certificate has expired." : "The certificate will expire soon.")
                    .at(Place.SERVER)
                    .evidence("valid until " + end)
                    .change("renew the certificate, and have the server read it again")
                    .severity(Severity.WARNING);
        }
        weakKey(seen.certificate());
    }

    private void weakKey(X509Certificate certificate) {
        int bits = switch (certificate.getPublicKey()) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getOrder().bitLength();
            default -> 0;
        };
        boolean rsa = certificate.getPublicKey() instanceof RSAKey;
        boolean sha1 = certificate.getSigAlgName().startsWith("SHA1");
        if (sha1 || (bits > 0 && bits < (rsa ? LEAST_RSA_BITS : LEAST_EC_BITS))) {
            ledger.draft(Cause.CERTIFICATE_KEY_WEAK, "The certificate is weak: many clients refuse it.")
                    .at(Place.SERVER)
                    .evidence(certificate.getPublicKey().getAlgorithm() + " with " + bits + " bits, signed by "
                            + certificate.getSigAlgName())
                    .change(
                            "use a certificate with RSA 2048 bits or more, or an elliptic curve, signed by SHA-256 or better")
                    .severity(Severity.WARNING);
        }
    }

    private static String shown(Observation.Certificate seen) {
        return List.of(
                        "subject "
                                + seen.certificate().getSubjectX500Principal().getName(),
                        "issuer " + seen.certificate().getIssuerX500Principal().getName())
                .stream()
                .collect(Collectors.joining(", "));
    }
}
