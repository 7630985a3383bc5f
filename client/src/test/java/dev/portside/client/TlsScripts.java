package dev.portside.client;

import dev.portside.testkit.Fault;
import dev.portside.testkit.ScriptedServer;
import dev.portside.transport.Fingerprints;
import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Scripted servers with TLS, and clients that trust them. */
final class TlsScripts {
    static final TlsIdentity SERVER = Authority.selfSigned("127.0.0.1");
    static final TlsIdentity OTHER = Authority.selfSigned("127.0.0.1");

    private TlsScripts() {}

    static SSLContext context(TlsIdentity identity) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    static ScriptedServer.Script script(Fault... faults) {
        ScriptedServer.Script script =
                ScriptedServer.script().tls(() -> context(SERVER)).otherTls(() -> context(OTHER));
        for (Fault fault : faults) {
            script.fault(fault);
        }
        return script;
    }

    static FtpClientTls.Builder trusting(TlsMode mode) {
        return FtpClientTls.builder(mode).trusting(Fingerprints.sha256(SERVER.leaf()));
    }

    static FtpClientOptions.Builder options(ScriptedServer server) {
        return Clients.options(server).tls(trusting(TlsMode.EXPLICIT).build());
    }

    static FtpClient connect(ScriptedServer server, UnaryOperator<FtpClientOptions.Builder> change) throws IOException {
        ProcessMemory.INSTANCE.forgetAll();
        ReuseRules.forgetAll();
        return FtpClient.connect(change.apply(options(server)).build());
    }

    static FtpClient loggedIn(ScriptedServer server, UnaryOperator<FtpClientOptions.Builder> change)
            throws IOException {
        FtpClient client = connect(server, change);
        client.login("user", "secret");
        return client;
    }

    static FtpClient loggedIn(ScriptedServer server) throws IOException {
        return loggedIn(server, options -> options);
    }

    /** What became of TLS. */
    static final class Events implements FtpClientListener {
        final List<TlsStatus> secured = new CopyOnWriteArrayList<>();
        final List<String> connectedAgain = new CopyOnWriteArrayList<>();
        final List<String> notSecured = new CopyOnWriteArrayList<>();
        final List<String> failed = new CopyOnWriteArrayList<>();

        List<TlsStatus> data() {
            return secured.stream().filter(TlsStatus::dataConnection).toList();
        }

        @Override
        public void secured(TlsStatus status) {
            secured.add(status);
        }

        @Override
        public void notSecured(dev.portside.protocol.Reply refusal) {
            notSecured.add(refusal.toString());
        }

        @Override
        public void connectedAgain(String reason) {
            connectedAgain.add(reason);
        }

        @Override
        public void dataConnectionFailed(FtpDataConnectionException.Attempt attempt) {
            failed.add(attempt.toString());
        }
    }
}
