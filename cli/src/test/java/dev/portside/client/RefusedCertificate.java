package dev.portside.client;

import dev.portside.client.FtpCertificateException.Reason;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** What the client throws when it refuses a certificate, for tests of what the command line makes of it. */
public final class RefusedCertificate {
    public static final String FINGERPRINT =
            "36:2F:29:97:04:28:B7:8A:73:CE:E8:D2:19:FD:46:CB:4E:12:30:90:ED:96:8F:CD:F5:78:64:F5:41:7F:D0:76";
    public static final String PIN = "sha256//ITWuVQI+ErE7sV2zH8yfwxPbdozDkSmIl/i54tQPxqQ=";

    private static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBjTCCATOgAwIBAgIUXIO094Z+As3+hXRR5sYkLrqxIVQwCgYIKoZIzj0EAwIw
            GzEZMBcGA1UEAwwQZnRwLmV4YW1wbGUudGVzdDAgFw0yNjExMjAxMjUwMjZaGA8y
            MTI2MTAyNzEyNTAyNlowGzEZMBcGA1UEAwwQZnRwLmV4YW1wbGUudGVzdDBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABDnfv+5XwcYHlb8CsedjdCz01OKFPUkXo73o
            gStA/XD7FyERZib7+5ok4xRenFJiItocxlMt7NFgfu0aGwPF69+jUzBRMB0GA1Ud
            DgQWBBQ01LL2p+c+xgaTsO09DuyX/woe5DAfBgNVHSMEGDAWgBQ01LL2p+c+xgaT
            sO09DuyX/woe5DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIH4F
            4sHNWPObD4d3QbEjWP0cIQW4tSfQpuaEoYasyc/oAiEAvdZAx1LsgljjWGYVEW0C
            975pRMVZgbZtaZihGAnu6Ws=
            -----END CERTIFICATE-----
            """;

    private RefusedCertificate() {}

    public static X509Certificate certificate() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(PEM.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException never) {
            throw new IllegalStateException(never);
        }
    }

    public static FtpCertificateException of(Reason reason, String detail) {
        return new FtpCertificateException("host", reason, detail, List.of(certificate()));
    }
}
