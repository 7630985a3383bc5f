package dev.portside.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/** Standard input as a channel whose failures are those of a local file, not of the transfer. */
final class StandardInput implements ReadableByteChannel {
    private final ReadableByteChannel source;

    StandardInput(InputStream in) {
        this.source = Channels.newChannel(in);
    }

    @Override
    public int read(ByteBuffer target) {
        try {
            return source.read(target);
        } catch (IOException failed) {
            throw new PortsideException(
                    ExitCode.LOCAL_FILE, "standard input: cannot be read, " + Failure.reason(failed), failed);
        }
    }

    @Override
    public boolean isOpen() {
        return source.isOpen();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
