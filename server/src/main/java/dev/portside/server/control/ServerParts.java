package dev.portside.server.control;

import dev.portside.server.FtpServerOptions;

/** What the sessions of one server share. */
public record ServerParts(
        FtpServerOptions options,
        Events events,
        Sessions sessions,
        FailedLogins failedLogins,
        PassivePorts passivePorts,
        ExternalAddresses externalAddresses,
        Proxies proxies,
        SessionThreads threads) {}
