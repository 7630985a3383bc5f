package dev.portside.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** Two engines that speak with each other in memory, on one thread. */
final class Handshake {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
    private final ByteBuffer toClient = ByteBuffer.allocate(1 << 17);

    Handshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /** Runs a handshake to its end, the tickets behind it included. */
    static Handshake between(SSLEngine client, SSLEngine server) throws SSLException {
        Handshake handshake = new Handshake(client, server);
        client.beginHandshake();
        server.beginHandshake();
        handshake.run();
        assertThat(client.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        assertThat(server.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        return handshake;
    }

    static Handshake between(SSLEngine client, SSLEngine server, Wanted wanted) throws Exception {
        Callable<Handshake> handshake = () -> between(client, server);
        return ScopedValue.where(ServerTls.WANTED, wanted).call(handshake::call);
    }

    /** Moves everything that the two have to say. */
    void run() throws SSLException {
        boolean moved = true;
        while (moved) {
            moved = step(client, toServer, toClient) || step(server, toClient, toServer);
        }
    }

    /** What an end was told that refused the handshake: the words of the alert. */
    static String alert(SSLEngine client, SSLEngine server) {
        Handshake handshake = new Handshake(client, server);
        try {
            client.beginHandshake();
            server.beginHandshake();
            handshake.run();
            return "no alert";
        } catch (SSLException refused) {
            return handshake.alertAfter(refused);
        }
    }

    private String alertAfter(SSLException refused) {
        if (server.isInboundDone() || server.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
            try {
                step(server, toClient, toServer);
                step(client, toServer, toClient);
                return "no alert after " + refused.getMessage();
            } catch (SSLException alert) {
                return alert.getMessage();
            }
        }
        return refused.getMessage();
    }

    private static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        ByteBuffer read = ByteBuffer.allocate(1 << 16);
        boolean moved = false;
        while (true) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            SSLEngineResult result;
            if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                result = engine.wrap(NOTHING.duplicate(), out);
            } else {
                in.flip();
                try {
                    result = engine.unwrap(in, read);
                } finally {
                    in.compact();
                }
            }
            if (result.bytesConsumed() + result.bytesProduced() == 0
                    && engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NEED_TASK) {
                return moved;
            }
            moved = true;
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                return moved;
            }
        }
    }
}
