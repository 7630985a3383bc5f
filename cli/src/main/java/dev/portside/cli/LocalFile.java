package dev.portside.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/** A local file or standard output to write to, whose failures are told apart from those of the network. */
final class LocalFile implements WritableByteChannel {
    private final WritableByteChannel target;
    private final String name;
    private final ExitCode code;

    private LocalFile(WritableByteChannel target, String name, ExitCode code) {
        this.target = target;
        this.name = name;
        this.code = code;
    }

    static LocalFile of(WritableByteChannel file, Object name) {
        return new LocalFile(file, name.toString(), ExitCode.LOCAL_FILE);
    }

    static LocalFile standardOutput(Console console) {
        return new LocalFile(Channels.newChannel(console.out()), "standard output", ExitCode.OUTPUT_CLOSED);
    }

    @Override
    public int write(ByteBuffer source) {
        try {
            return target.write(source);
        } catch (IOException failed) {
            throw new PortsideException(code, name + ": cannot be written, " + Failure.reason(failed), failed);
        }
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
