package dev.portside.server.control;

import dev.portside.transport.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A data connection is secured, but not by the TLS session of its control connection. */
public final class DataSessionException extends IOException {
    private static final long serialVersionUID = 1;

    DataSessionException(InetSocketAddress remote, String shown) {
        super("the data connection from " + Addresses.text(remote) + " shows " + shown
                + ", not the TLS session of its control connection");
    }
}
