package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import java.nio.file.Path;
import java.util.List;

/** A certificate that the embedding program has read itself; it never changes. */
public record GivenCertificate(TlsIdentity identity) implements CertificateSource {
    @Override
    public TlsIdentity first() {
        return identity;
    }

    @Override
    public TlsIdentity again() {
        return identity;
    }

    @Override
    public List<Path> files() {
        return List.of();
    }
}
