package dev.portside.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/** A socket that is read from as long as its timeout allows: only the stream of a channel's socket knows timeouts. */
final class TimedChannel implements ByteChannel {
    private final SocketChannel channel;
    private final InputStream in;

    TimedChannel(SocketChannel channel, InputStream in) {
        this.channel = channel;
        this.in = in;
    }

    /** Reads into the array of a buffer. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
        if (read > 0) {
            target.position(target.position() + read);
        }
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        Tcp.close(channel);
    }
}
