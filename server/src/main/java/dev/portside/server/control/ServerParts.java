package dev.portside.server.control;

import dev.portside.server.FtpServerOptions;
import dev.portside.server.storage.OpenStores;

/** What the sessions of one server share. */
public record ServerParts(
        FtpServerOptions options,
        Events events,
        Sessions sessions,
        IdleSessions idleSessions,
        OpenStores stores,
        FailedLogins failedLogins,
        PassivePorts passivePorts,
        ExternalAddresses externalAddresses,
        Proxies proxies,
        SessionThreads threads) {}
