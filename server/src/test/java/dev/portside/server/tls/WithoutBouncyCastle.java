package dev.portside.server.tls;

import dev.portside.server.FtpServerTls;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Run by {@link SelfSignedTest} with a class path that lacks BouncyCastle. */
final class WithoutBouncyCastle {
    private WithoutBouncyCastle() {}

    /** Its arguments are a PEM file and the folder of a self-signed certificate that is there already. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Path kept = Path.of(arguments[1]);
        FtpServerTls options = FtpServerTls.builder()
                .certificate(file)
                .selfSigned(kept, List.of())
                .build();
        List<CertificateSource> sources =
                List.of(new CertificateFiles(file, null, null), new SelfSigned(kept, List.of()));
        try (ServerTls tls = ServerTls.open(options, sources, Clock.systemUTC())) {
            tls.control("token");
        }
        try {
            Class.forName("org.bouncycastle.asn1.x500.X500Name");
            System.exit(3);
        } catch (ClassNotFoundException asItShouldBe) {
            System.exit(0);
        }
    }
}
