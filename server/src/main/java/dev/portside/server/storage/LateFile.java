package dev.portside.server.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/** A file that is made when it is first written to: what never begins leaves nothing behind. */
final class LateFile implements SeekableByteChannel {
    /** Makes the file, or opens the one that somebody has made since. */
    @FunctionalInterface
    interface Opening {
        SeekableByteChannel open() throws IOException;
    }

    private final Opening opening;
    private volatile @Nullable SeekableByteChannel file;
    private volatile boolean closed;

    LateFile(Opening opening) {
        this.opening = opening;
    }

    private SeekableByteChannel file() throws IOException {
        SeekableByteChannel opened = file;
        if (opened == null && !closed) {
            opened = opening.open();
            file = opened;
        }
        if (opened == null || closed) {
            close();
            throw new ClosedChannelException();
        }
        return opened;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return file().write(source);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return file().read(target);
    }

    @Override
    public long position() throws IOException {
        return file().position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        file().position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file().size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        file().truncate(size);
        return this;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        SeekableByteChannel opened = file;
        if (opened != null) {
            opened.close();
        }
    }
}
