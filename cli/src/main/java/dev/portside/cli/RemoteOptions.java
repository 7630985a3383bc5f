package dev.portside.cli;

import dev.portside.client.DataMode;
import dev.portside.client.FtpClientListener;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.protocol.NameCharset;
import dev.portside.protocol.PortRange;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that talks to a server. */
final class RemoteOptions {
    private static final Duration LONGEST_DATA_CONNECT = Duration.ofSeconds(5);

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            completionCandidates = OptionTypes.Modes.class,
            description = "Who opens data connections: auto (default), passive, active, epsv, pasv, eprt or port.")
    private DataMode mode = DataMode.AUTO;

    @Option(
            names = "--active-ports",
            paramLabel = "A-B",
            converter = OptionTypes.Ports.class,
            description = "Where to listen in active mode.")
    private PortRange activePorts = PortRange.ANY;

    @Option(
            names = "--active-address",
            paramLabel = "ADDRESS",
            converter = OptionTypes.Address.class,
            description = "The address to name in active mode, when behind NAT.")
    private @Nullable InetAddress activeAddress;

    @Option(
            names = "--trust-passive-address",
            description = "Connect to the address in a 227 reply rather than to the server.")
    private boolean trustPassiveAddress;

    @Option(
            names = {"-z", "--compress"},
            description = "Compress files and listings on their way (MODE Z), where the server can.")
    private boolean compress;

    @Option(
            names = "--charset",
            paramLabel = "NAME",
            converter = OptionTypes.Names.class,
            description = "How the server writes names; utf-8 unless given.")
    private NameCharset charset = NameCharset.UTF_8;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = OptionTypes.Time.class,
            description = "How long to wait for the server each time: 30, 500ms, 2m.")
    private @Nullable Duration timeout;

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the dialogue and a picture of the connections.")
    private boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress bar and no remarks.")
    private boolean quiet;

    NameCharset charset() {
        return charset;
    }

    boolean verbose() {
        return verbose;
    }

    boolean quiet() {
        return quiet;
    }

    TlsOptions tls() {
        return tls;
    }

    ProxyOptions proxy() {
        return proxy;
    }

    FtpClientOptions clientOptions(RemoteUrl url, FtpClientTls clientTls, FtpClientListener listener) {
        FtpClientOptions.Builder options = FtpClientOptions.builder(url.host())
                .port(url.port())
                .tls(clientTls)
                .charset(charset)
                .mode(mode)
                .activePorts(activePorts)
                .activeAddress(activeAddress)
                .trustPassiveAddress(trustPassiveAddress)
                .compression(compress)
                .listener(listener);
        if (timeout != null) {
            Duration dataConnect = timeout.compareTo(LONGEST_DATA_CONNECT) < 0 ? timeout : LONGEST_DATA_CONNECT;
            options.connectTimeout(timeout)
                    .dnsTimeout(timeout)
                    .greetingTimeout(timeout)
                    .replyTimeout(timeout)
                    .dataConnectTimeout(mode == DataMode.AUTO ? dataConnect : timeout)
                    .dataStallTimeout(timeout)
                    .completionTimeout(timeout);
            options.tls(clientTls.toBuilder().handshakeTimeout(timeout).build());
        }
        return options.build();
    }
}
