package dev.portside.server;

import dev.portside.protocol.Reply;
import dev.portside.transport.Addresses;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** {@link TransferLog#json}. */
final class JsonLog extends TransferLog {
    /** ASCII only: a name of any bytes, or one that speaks to the terminal, stays what it is and does no harm. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    JsonLog(Path file) throws IOException {
        super(file);
    }

    @Override
    public void sessionOpened(SessionStatus session) {
        log("sessionOpened", session, json -> json.writeStringProperty("local", Addresses.text(session.local())));
    }

    @Override
    public void loggedIn(SessionStatus session) {
        log("loggedIn", session, json -> {});
    }

    @Override
    public void loginFailed(SessionStatus session, String user) {
        log("loginFailed", session, json -> json.writeStringProperty("triedUser", user));
    }

    @Override
    public void command(SessionStatus session, String line, Reply reply) {
        log("command", session, json -> {
            json.writeStringProperty("command", line);
            json.writeNumberProperty("code", reply.code().value());
            json.writeStringProperty("reply", reply.text());
        });
    }

    @Override
    public void transferStarted(SessionStatus session, TransferStatus transfer) {
        log("transferStarted", session, json -> write(json, transfer));
    }

    @Override
    public void transferFinished(SessionStatus session, TransferStatus transfer) {
        log("transferFinished", session, json -> write(json, transfer));
    }

    @Override
    public void transferFailed(SessionStatus session, TransferStatus transfer, String reason) {
        log("transferFailed", session, json -> {
            write(json, transfer);
            json.writeStringProperty("reason", reason);
        });
    }

    @Override
    public void strangerRefused(SessionStatus session, InetSocketAddress stranger) {
        log("strangerRefused", session, json -> json.writeStringProperty("stranger", Addresses.text(stranger)));
    }

    @Override
    public void passivePortsUsedUp(SessionStatus session) {
        log("passivePortsUsedUp", session, json -> {});
    }

    @Override
    public void dataConnectionRefused(SessionStatus session, InetSocketAddress remote, String reason) {
        log("dataConnectionRefused", session, json -> {
            json.writeStringProperty("dataRemote", Addresses.text(remote));
            json.writeStringProperty("reason", reason);
        });
    }

    @Override
    public void sessionClosed(SessionStatus session, String reason) {
        log("sessionClosed", session, json -> json.writeStringProperty("reason", reason));
    }

    @Override
    public void proxyRefused(InetSocketAddress proxy, String reason) {
        log("proxyRefused", null, json -> {
            json.writeStringProperty("proxy", Addresses.text(proxy));
            json.writeStringProperty("reason", reason);
        });
    }

    @Override
    public void warning(String text) {
        log("warning", null, json -> json.writeStringProperty("text", text));
    }

    @Override
    public void eventsLost(long count) {
        log("eventsLost", null, json -> json.writeNumberProperty("count", count));
    }

    private static void write(JsonGenerator json, TransferStatus transfer) {
        json.writeStringProperty("verb", transfer.verb());
        json.writeStringProperty("path", transfer.path());
        json.writeStringProperty("type", transfer.type().argument());
        json.writeNumberProperty("bytes", transfer.bytes());
        json.writeNumberProperty("seconds", transfer.duration().toMillis() / 1000.0);
        if (transfer.local() != null && transfer.remote() != null) {
            json.writeStringProperty("dataLocal", Addresses.text(transfer.local()));
            json.writeStringProperty("dataRemote", Addresses.text(transfer.remote()));
        }
        TlsStatus tls = transfer.tls();
        if (tls != null) {
            json.writeStringProperty("dataTls", tls.protocol());
            json.writeStringProperty("dataCipher", tls.cipherSuite());
            json.writeBooleanProperty("dataResumed", transfer.resumed());
        }
    }

    private void log(String event, @Nullable SessionStatus session, Consumer<JsonGenerator> more) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("time", Instant.now().toString());
            json.writeStringProperty("event", event);
            if (session != null) {
                json.writeNumberProperty("session", session.id());
                json.writeStringProperty("remote", Addresses.text(session.remote()));
                if (session.user() != null) {
                    json.writeStringProperty("user", session.user());
                }
                TlsStatus tls = session.tls();
                if (tls != null) {
                    json.writeStringProperty("tls", tls.protocol());
                    json.writeStringProperty("cipher", tls.cipherSuite());
                }
            }
            more.accept(json);
            json.writeEndObject();
        }
        append(line.toString());
    }
}
