package dev.portside.client;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A TLS server of JSSE on a loopback socket, and handshakes of our engines with it. */
final class TlsPeer implements AutoCloseable {
    /** Takes every client certificate. */
    private static final X509TrustManager ANYBODY = new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    private final SSLServerSocket listener;

    TlsPeer(TlsIdentity identity) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {ANYBODY}, null);
            listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    TlsPeer wantsClientCertificate() {
        listener.setWantClientAuth(true);
        return this;
    }

    TlsPeer needsClientCertificate() {
        listener.setNeedClientAuth(true);
        return this;
    }

    TlsPeer speaking(String protocol) {
        listener.setEnabledProtocols(new String[] {protocol});
        return this;
    }

    /** What the server saw of one client. */
    record Seen(SSLSession session, String applicationProtocol) {}

    /** One handshake, and one byte from the server, behind which TLS 1.3 sends its tickets. */
    Seen handshake(SSLEngine engine) throws IOException {
        CompletableFuture<Seen> served = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try (SSLSocket client = (SSLSocket) listener.accept()) {
                client.startHandshake();
                client.getOutputStream().write('x');
                served.complete(new Seen(client.getSession(), client.getApplicationProtocol()));
            } catch (IOException failed) {
                served.completeExceptionally(failed);
            }
        });
        try (SocketChannel socket = SocketChannel.open(listener.getLocalSocketAddress())) {
            drive(engine, socket);
        }
        try {
            return served.get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IOException(failed);
        }
    }

    private static void drive(SSLEngine engine, SocketChannel socket) throws IOException {
        int packet = engine.getSession().getPacketBufferSize();
        ByteBuffer network = ByteBuffer.allocate(2 * packet).flip();
        ByteBuffer plain = ByteBuffer.allocate(2 * packet);
        ByteBuffer out = ByteBuffer.allocate(2 * packet);
        engine.beginHandshake();
        try {
            while (plain.position() == 0) {
                HandshakeStatus status = engine.getHandshakeStatus();
                if (status == HandshakeStatus.NEED_TASK) {
                    engine.getDelegatedTask().run();
                } else if (status == HandshakeStatus.NEED_WRAP) {
                    send(engine, out, socket);
                } else {
                    receive(engine, network, plain, socket);
                }
            }
        } catch (SSLException refused) {
            // The server is told why.
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                send(engine, out, socket);
            }
            throw refused;
        }
    }

    private static void send(SSLEngine engine, ByteBuffer out, SocketChannel socket) throws IOException {
        out.clear();
        engine.wrap(ByteBuffer.allocate(0), out);
        socket.write(out.flip());
    }

    private static void receive(SSLEngine engine, ByteBuffer network, ByteBuffer plain, SocketChannel socket)
            throws IOException {
        SSLEngineResult result = engine.unwrap(network, plain);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            network.compact();
            int read = socket.read(network);
            if (read < 0) {
                throw new IOException("the server has closed");
            }
            network.flip();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
