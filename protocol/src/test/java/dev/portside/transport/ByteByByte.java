package dev.portside.transport;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A socket as a channel that gives and takes one byte at a time, which is allowed. */
record ByteByByte(Socket socket) implements ByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
        int next = socket.getInputStream().read();
        if (next >= 0) {
            target.put((byte) next);
        }
        return next < 0 ? -1 : 1;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        socket.getOutputStream().write(source.get());
        return 1;
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
