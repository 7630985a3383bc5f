package dev.portside.cli;

import dev.portside.client.FtpProxy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every remote command that say through which proxy its connections go. */
final class ProxyOptions {
    static final String PROXY_VARIABLE = "PORTSIDE_PROXY";
    static final String NO_PROXY_VARIABLE = "PORTSIDE_NO_PROXY";

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            converter = OptionTypes.Proxy.class,
            description = "Connect through socks5://[USER:PASSWORD@]HOST[:1080] or http://[USER:PASSWORD@]HOST[:8080];"
                    + " otherwise " + PROXY_VARIABLE + ".")
    private @Nullable FtpProxy proxy;

    @Option(
            names = "--no-proxy",
            paramLabel = "HOST",
            split = ",",
            description = "Hosts to connect to without the proxy: names, .domains, or * for all; otherwise "
                    + NO_PROXY_VARIABLE + ".")
    private @Nullable List<String> without;

    /** The proxy for a server; null: none. */
    @Nullable
    FtpProxy proxy(RemoteUrl url, Console console) {
        if (isWithout(url.host(), console)) {
            return null;
        }
        String variable = console.setting(PROXY_VARIABLE);
        if (proxy != null || variable == null) {
            return proxy;
        }
        try {
            return FtpProxy.parse(variable);
        } catch (IllegalArgumentException wrong) {
            throw new PortsideException(ExitCode.USAGE, PROXY_VARIABLE + ": " + wrong.getMessage(), wrong);
        }
    }

    /** Whether the command line, which every user of the machine can read, has the password of a proxy. */
    boolean showsPassword() {
        return proxy != null && proxy.user() != null;
    }

    private boolean isWithout(String host, Console console) {
        String variable = console.setting(NO_PROXY_VARIABLE);
        List<String> hosts =
                without != null ? without : variable == null ? List.of() : Arrays.asList(variable.split(","));
        return hosts.stream().anyMatch(each -> matches(each.strip(), host));
    }

    /** A domain stands for itself too. */
    private static boolean matches(String pattern, String host) {
        String name = host.toLowerCase(Locale.ROOT);
        String bare = pattern.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return bare.equals("*")
                || bare.equals(name)
                || (bare.startsWith(".") && (name.endsWith(bare) || name.equals(bare.substring(1))));
    }
}
