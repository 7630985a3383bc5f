package dev.portside.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** TLS of a {@link ScriptedSession}, and the {@link Fault}s in it. */
final class ScriptedTls {
    private static final int GARBAGE = 10 << 20;

    private final ScriptedSession session;
    private final ScriptedServer.Script script;
    private final Semaphore answers = new Semaphore(0);
    private @Nullable SSLContext context;
    private @Nullable String protocol;
    private boolean protectsData;

    ScriptedTls(ScriptedSession session, ScriptedServer.Script script) {
        this.session = session;
        this.script = script;
    }

    /** The thread that reads commands waits until AUTH was answered, and perhaps hands were shaken. */
    void awaitAnswer() throws InterruptedException {
        answers.acquire();
    }

    void answered() {
        answers.release();
    }

    boolean isSecured() {
        return context != null;
    }

    /** What data connections are to be, by PROT. */
    void protectsData(boolean protect) {
        protectsData = protect;
    }

    private static SSLContext fresh(@Nullable Supplier<SSLContext> contexts) {
        if (contexts == null) {
            throw new AssertionError("the script has no TLS");
        }
        return contexts.get();
    }

    Socket secureControl(Socket clear) throws IOException {
        context = fresh(script.tls);
        SSLSocket secured = secure(clear, context);
        protocol = secured.getSession().getProtocol();
        return secured;
    }

    private SSLSocket secure(Socket clear, SSLContext with) throws IOException {
        if (session.commits(Fault.HANDSHAKE_NEVER_ANSWERED)) {
            clear.getInputStream().transferTo(OutputStream.nullOutputStream());
            throw new IOException("the client left");
        }
        if (session.commits(Fault.GARBAGE_INSTEAD_OF_HANDSHAKE)) {
            // Behind the client's first record: before it, it would be something in the clear behind a reply.
            if (clear.getInputStream().read() >= 0) {
                clear.getOutputStream().write(new byte[GARBAGE]);
            }
            throw new IOException("that was all");
        }
        SSLSocket secured = (SSLSocket) with.getSocketFactory().createSocket(clear, null, true);
        secured.startHandshake();
        return secured;
    }

    /** The data connection, under TLS if PROT P is in force. */
    Socket data(Socket clear) throws IOException {
        SSLContext same = context;
        if (!protectsData || same == null) {
            return clear;
        }
        if (session.commits(Fault.OTHER_CERTIFICATE_ON_DATA)) {
            return secure(clear, fresh(script.otherTls));
        }
        boolean another = session.commits(Fault.SESSION_NOT_RESUMED) || refuses();
        return secure(clear, another ? fresh(script.tls) : same);
    }

    /** Whether data connections are refused for their TLS session. */
    boolean refuses() {
        boolean byVersion = session.commits(Fault.UNRESUMED_REFUSED) || session.commits(Fault.UNRESUMED_ENDS_SESSION);
        return protectsData
                && (session.commits(Fault.NEVER_RESUMED_AND_REFUSED) || (byVersion && "TLSv1.3".equals(protocol)));
    }
}
