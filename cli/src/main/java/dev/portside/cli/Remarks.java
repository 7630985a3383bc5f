package dev.portside.cli;

import dev.portside.client.FtpClientListener;
import dev.portside.protocol.HostPort;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is said about a connection without {@code -v}: only what somebody may not want to happen in silence. */
final class Remarks implements FtpClientListener {
    private final Console console;
    private final AtomicBoolean told = new AtomicBoolean();

    Remarks(Console console) {
        this.console = console;
    }

    @Override
    public void innerAddressNamed(HostPort named, InetSocketAddress server) {
        if (told.compareAndSet(false, true)) {
            console.message("portside: " + Console.visible(innerAddress(named, server)));
        }
    }

    static String innerAddress(HostPort named, InetSocketAddress server) {
        return "active mode tells " + server.getHostString() + " the inner address " + HostPort.numeric(named.address())
                + ", which it can hardly connect to; behind NAT, --active-address gives the outer one";
    }
}
