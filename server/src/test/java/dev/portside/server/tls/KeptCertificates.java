package dev.portside.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Run by {@link SelfSignedTest} in a process of its own, whose classes it counts. */
final class KeptCertificates {
    private KeptCertificates() {}

    /** Reads a PEM file, and from a folder the self-signed certificate that is there already. */
    public static void main(String[] arguments) throws IOException {
        new CertificateFiles(Path.of(arguments[0]), null, null).first();
        new SelfSigned(Path.of(arguments[1]), List.of()).first();
    }
}
