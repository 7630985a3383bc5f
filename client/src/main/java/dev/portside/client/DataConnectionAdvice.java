package dev.portside.client;

import dev.portside.protocol.Command;
import java.util.List;

@SuppressWarnings("DoNotCallSuggester")
final class DataConnectionAdvice {
    static String message(Command c, List<FtpDataConnectionException.Attempt> a) {
        return c.masked();
    }
}
