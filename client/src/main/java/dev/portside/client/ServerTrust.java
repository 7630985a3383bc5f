package dev.portside.client;

import dev.portside.client.FtpCertificateException.Reason;
import dev.portside.transport.Fingerprints;
import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Decides whether the certificate of a server is accepted, by the rules of {@link FtpClientTls}. */
final class ServerTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    /** A certificate can name hundreds of hosts. */
    private static final int NAMES_SHOWN = 5;

    private final FtpClientTls options;
    private final String host;
    private final X509ExtendedTrustManager authorities;
    private volatile @Nullable SSLEngine control;
    private volatile @Nullable X509Certificate controlCertificate;

    /**
     * @param host as the user named it
     * @param authorities verifies chains and names
     */
    ServerTrust(FtpClientTls options, String host, X509ExtendedTrustManager authorities) {
        this.options = options;
        this.host = host;
        this.authorities = authorities;
    }

    /** Names the engine of the control connection; every other one is that of a data connection. */
    void control(SSLEngine engine) {
        control = engine;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509Certificate leaf = chain[0];
        if (!engine.equals(control)) {
            if (!leaf.equals(controlCertificate)) {
                throw refused(Reason.NOT_THE_CONTROL_CERTIFICATE, "", chain);
            }
            return;
        }
        if (!options.pins().isEmpty()) {
            if (!options.pins().contains(Fingerprints.pin(leaf))) {
                throw refused(Reason.PIN_MISMATCH, "it has " + Fingerprints.pin(leaf), chain);
            }
        } else if (options.verify() && !options.trusted().contains(Fingerprints.sha256(leaf))) {
            verify(chain, authType, engine);
        }
        controlCertificate = leaf;
    }

    private void verify(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        try {
            // Without the engine: the chain alone, so that a wrong name is told apart.
            authorities.checkServerTrusted(chain, authType);
            // JSSE does not look at the dates of a certificate that is an authority itself.
            chain[0].checkValidity();
        } catch (CertificateException invalid) {
            Reason reason = reason(invalid);
            throw refused(reason, detail(reason, chain), chain);
        }
        try {
            authorities.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException invalid) {
            // What is wrong with the chain for this engine, its signature algorithms, is a failure of the path.
            boolean path = causes(invalid).stream().anyMatch(CertPathValidatorException.class::isInstance);
            Reason reason = path ? Reason.UNTRUSTED : Reason.WRONG_HOST;
            throw refused(reason, detail(reason, chain), chain);
        }
    }

    /** A failure and what caused it; JSSE and PKIX wrap theirs several times. */
    static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static Reason reason(CertificateException invalid) {
        for (Throwable cause : causes(invalid)) {
            CertPathValidatorException.Reason path =
                    cause instanceof CertPathValidatorException failed ? failed.getReason() : null;
            if (cause instanceof CertificateExpiredException || path == BasicReason.EXPIRED) {
                return Reason.EXPIRED;
            }
            if (cause instanceof CertificateNotYetValidException || path == BasicReason.NOT_YET_VALID) {
                return Reason.NOT_YET_VALID;
            }
        }
        return Reason.UNTRUSTED;
    }

    private String detail(Reason reason, X509Certificate[] chain) {
        X509Certificate leaf = chain[0];
        return switch (reason) {
            case UNTRUSTED ->
                leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())
                        ? "it is self-signed"
                        : "issuer " + leaf.getIssuerX500Principal().getName();
            case EXPIRED -> dated(chain, X509Certificate::getNotAfter, end -> end.isBefore(Instant.now()));
            case NOT_YET_VALID -> dated(chain, X509Certificate::getNotBefore, begin -> begin.isAfter(Instant.now()));
            case WRONG_HOST -> names(leaf);
            case PIN_MISMATCH, NOT_THE_CONTROL_CERTIFICATE -> "";
        };
    }

    /** The date that is wrong, and whose it is, if it is not the server's own. */
    @SuppressWarnings("JavaUtilDate") // certificates have no other dates
    private static String dated(
            X509Certificate[] chain, Function<X509Certificate, Date> date, Predicate<Instant> wrong) {
        for (X509Certificate certificate : chain) {
            Instant time = date.apply(certificate).toInstant();
            if (wrong.test(time)) {
                return time
                        + (certificate.equals(chain[0])
                                ? ""
                                : ", " + certificate.getSubjectX500Principal().getName());
            }
        }
        return "";
    }

    private static String names(X509Certificate leaf) {
        try {
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            if (alternatives == null) {
                return leaf.getSubjectX500Principal().getName();
            }
            List<String> names = alternatives.stream()
                    .filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
            return names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
                    + (names.size() > NAMES_SHOWN ? ", …" : "");
        } catch (CertificateParsingException unreadable) {
            return "its names cannot be read";
        }
    }

    /** JSSE lets nothing through but its own exceptions: {@link ClientTls#failure} digs it out. */
    private CertificateException refused(Reason reason, String detail, X509Certificate[] chain) {
        FtpCertificateException refused = new FtpCertificateException(host, reason, detail, List.of(chain));
        return new CertificateException(refused.getMessage(), refused);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw notAsked();
    }

    private static CertificateException notAsked() {
        return new CertificateException("only a server's certificate is verified here, and with an engine");
    }
}
