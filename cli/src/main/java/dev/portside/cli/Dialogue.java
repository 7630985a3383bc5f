package dev.portside.cli;

import dev.portside.cli.Style.Glyph;
import dev.portside.cli.Style.Ink;
import dev.portside.client.DataConnectionEvent;
import dev.portside.client.DataMode;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpDataConnectionException.Attempt;
import dev.portside.client.FtpProxy;
import dev.portside.client.TlsStatus;
import dev.portside.client.TransferResult;
import dev.portside.protocol.Command;
import dev.portside.protocol.HostPort;
import dev.portside.protocol.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What {@code -v} shows: every command, with passwords masked, every reply, every connection; and a picture of the first
 * transfer in each mode.
 */
final class Dialogue implements FtpClientListener {
    private final Console console;
    private final Style style;
    private final Recorder recorder = new Recorder(this::draw);
    private final Set<DataMode> drawn = EnumSet.noneOf(DataMode.class);

    private volatile boolean proxied;

    Dialogue(Console console) {
        this.console = console;
        this.style = console.errStyle();
    }

    private void note(String text) {
        console.message(style.paint(Ink.FAINT, "* " + Console.visible(text)));
    }

    @Override
    public void resolved(String host, List<InetAddress> addresses) {
        note(host + " has the addresses "
                + String.join(", ", addresses.stream().map(HostPort::numeric).toList()));
    }

    @Override
    public void connecting(InetSocketAddress server) {
        note("connecting to " + text(server));
    }

    @Override
    public void connectFailed(InetSocketAddress server, String reason) {
        note(text(server) + ": " + reason);
    }

    @Override
    public void connected(InetSocketAddress local, InetSocketAddress remote) {
        note("control connection " + text(local) + " " + style.draw(Glyph.ARROW) + " " + text(remote));
        recorder.connected(local, remote);
    }

    @Override
    public void tunneled(FtpProxy proxy, InetSocketAddress server) {
        proxied = true;
        note("the proxy " + proxy + " has connected to " + text(server));
        recorder.tunneled(proxy, server);
    }

    @Override
    public void innerAddressNamed(HostPort named, InetSocketAddress server) {
        note(Remarks.innerAddress(named, server));
    }

    @Override
    public void secured(TlsStatus status) {
        String tls = status.protocol() + ", " + status.cipherSuite();
        X509Certificate certificate = status.certificate();
        if (status.dataConnection()) {
            note("data connection is secured, " + tls
                    + (status.resumed() ? ", resuming the session of the control connection" : ", as a new session"));
        } else {
            note("control connection is secured, " + tls);
            if (certificate != null) {
                note("certificate of " + certificate.getSubjectX500Principal().getName() + ", SHA-256 "
                        + status.fingerprint());
            }
        }
        recorder.secured(status);
    }

    @Override
    public void notSecured(Reply refusal) {
        note("the server refuses TLS: everything crosses the network in the clear");
    }

    @Override
    public void connectedAgain(String reason) {
        note(reason);
    }

    @Override
    public void command(Command command) {
        console.message(style.paint(Ink.CONTROL, "> " + Console.visible(command.masked())));
        recorder.command(command);
    }

    @Override
    public void reply(Reply reply) {
        reply.wireLines().forEach(line -> console.message("< " + Console.visible(line)));
        recorder.reply(reply);
    }

    @Override
    public void dataConnection(DataConnectionEvent event) {
        String proxy = !proxied ? "" : event.mode().isActive() ? " at the proxy" : " by the proxy";
        note("data connection " + text(event.connector()) + " " + style.draw(Glyph.ARROW) + " " + text(event.listener())
                + proxy
                + ", opened by the " + (event.mode().isActive() ? "server (active mode, " : "client (passive mode, ")
                + event.mode() + ")");
        recorder.dataConnection(event);
    }

    @Override
    public void dataConnectionFailed(Attempt attempt) {
        note("no data connection: " + attempt);
        recorder.dataConnectionFailed(attempt);
    }

    @Override
    public void notCompressed(String reason) {
        note("not compressed: " + reason);
    }

    @Override
    public void transferFinished(Command transfer, TransferResult result) {
        boolean compressed = result.wireBytes() != result.bytes();
        note(Amount.ofBytes(result.bytes())
                + (compressed ? ", compressed to " + Amount.ofBytes(result.wireBytes()) + "," : "")
                + " in " + Amount.ofTime(result.duration()) + ", "
                + Amount.ofBytes((long) result.bytesPerSecond()) + "/s");
        recorder.transferFinished(transfer, result);
    }

    @Override
    public void closed() {
        recorder.transferFailed();
        note("control connection closed");
    }

    private void draw(Recorder.Scene scene) {
        if (scene.mode() != null && !drawn.add(scene.mode())) {
            return;
        }
        Picture picture = new Picture(style);
        scene.picture().accept(picture);
        console.message("");
        picture.lines().forEach(console::message);
        console.message("");
    }

    private static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return ip == null || address.getPort() == 0
                ? address.getHostString() + ":" + address.getPort()
                : new HostPort(ip, address.getPort()).toString();
    }
}
