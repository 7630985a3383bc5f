package dev.portside.client;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.RepresentationType;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

@SuppressWarnings("DoNotCallSuggester")
final class Session {
    interface Question<T> {
        T ask() throws IOException;
    }

    interface Operation {
        void run() throws IOException;
    }

    record UserPI(java.net.InetSocketAddress localAddress, java.net.InetSocketAddress remoteAddress, boolean isOpen) {}

    static Session connect(FtpClientOptions options) throws IOException {
        throw new IOException();
    }

    Reply greeting() {
        throw new UnsupportedOperationException();
    }

    UserPI pi() {
        throw new UnsupportedOperationException();
    }

    void operation(String what, Operation o) throws IOException {
        o.run();
    }

    <T> T ask(String what, Question<T> q) throws IOException {
        return q.ask();
    }

    void login(String u, String p, @Nullable String a) {}

    Features features() {
        return Features.NONE;
    }

    void type(RepresentationType type) {}

    <T> T begin(Command c, long offset, Function<Transfer, T> f) throws IOException {
        throw new IOException();
    }

    Reply command(Command c) throws IOException {
        throw new IOException();
    }

    static void refuseTransfers(Command c) {}

    void abort() {}

    void close() {}
}
