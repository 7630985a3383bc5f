package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A certificate in one or two files. No record: that would show and compare the password. */
public final class CertificateFiles implements CertificateSource {
    private final Path certificate;
    private final @Nullable Path key;
    private final char @Nullable [] password;

    public CertificateFiles(Path certificate, @Nullable Path key, char @Nullable [] password) {
        this.certificate = certificate;
        this.key = key;
        this.password = password == null ? null : password.clone();
    }

    @Override
    public TlsIdentity first() throws IOException {
        return TlsIdentity.read(certificate, key, password);
    }

    @Override
    public TlsIdentity again() throws IOException {
        return first();
    }

    @Override
    public List<Path> files() {
        return key == null ? List.of(certificate) : List.of(certificate, key);
    }
}
