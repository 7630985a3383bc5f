package dev.portside.server;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** An address as the builder of the options was told it: what it is to ask for is known when all options are. */
record AskedAddress(InetSocketAddress address, @Nullable TlsPolicy policy, boolean implicit) {
    AskedAddress {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host: " + address.getHostString());
        }
    }

    ListenAddress under(@Nullable FtpServerTls tls) {
        TlsPolicy usual = tls == null ? TlsPolicy.OFF : TlsPolicy.OFFERED;
        ListenAddress known = new ListenAddress(address, policy == null ? usual : policy, implicit);
        if (tls == null && known.tls() != TlsPolicy.OFF) {
            throw new IllegalArgumentException("a listener asks for TLS, and the server has no certificate");
        }
        return known;
    }
}
