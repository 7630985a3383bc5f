package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where a certificate and its key come from. */
public sealed interface CertificateSource permits CertificateFiles, GivenCertificate, SelfSigned {
    /** What there is when the server starts; its message says what is wrong with which file. */
    TlsIdentity first() throws IOException;

    /** What there is after a file changed. */
    TlsIdentity again() throws IOException;

    /** The files to watch. */
    List<Path> files();
}
