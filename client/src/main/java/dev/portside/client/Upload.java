package dev.portside.client;

import dev.portside.protocol.RepresentationType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/**
 * A file that is being uploaded (STOR, APPE, STOU): a channel, or a stream.
 *
 * <ol>
 *   <li>{@link FtpClient#store} or one of its like begins it.
 *   <li>Write to it: {@link #write}, {@link #outputStream} or {@link #transferFrom}.
 *   <li>{@link #close} ends the file and reads the server's final reply, and throws unless it is positive: only then does the
 *       server have every byte.
 * </ol>
 *
 * <p>In FTP the end of the data is the end of the file: {@link #close} makes whatever was written a whole file. Who cannot
 * write all of it calls {@link #abort} first. {@link #transferFrom} does so when its source fails. For one thread, except
 * {@link #bytes} and {@link #abort}.
 */
public final class Upload implements WritableByteChannel {
    private final Transfer transfer;

    Upload(Transfer transfer) {
        this.transfer = transfer;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return transfer.write(source);
    }

    /**
     * Writes what the source has, from its position to its end; a file goes by zero copy where the system allows it. Aborts
     * if the source fails.
     *
     * @return bytes of the source
     */
    public long transferFrom(ReadableByteChannel source) throws IOException {
        return transfer.send(source);
    }

    /** The upload as a stream, which is not buffered; closing it closes the upload. */
    public OutputStream outputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                Upload.this.write(ByteBuffer.wrap(source, offset, length));
            }

            @Override
            public void close() throws IOException {
                Upload.this.close();
            }
        };
    }

    /** Bytes that were handed over so far; for any thread. In TYPE A with CRLF line ends, and not compressed. */
    public long bytes() {
        return transfer.bytes();
    }

    /** Whether the data is converted: {@link RepresentationType#ASCII}. */
    public RepresentationType type() {
        return transfer.type();
    }

    /** The name that the server chose ({@link FtpClient#storeUnique}), as far as its replies tell it (RFC 1123 4.1.2.9). */
    public Optional<String> uniqueName() {
        return transfer.uniqueName();
    }

    /**
     * Aborts, from any thread, see {@link FtpClient#abort}: the server sees that the data was cut off. {@link #close} is still
     * to be called.
     */
    public void abort() {
        transfer.abort();
    }

    /**
     * How the upload ended.
     *
     * @throws IllegalStateException unless {@link #close} has said that it is complete
     */
    public TransferResult result() {
        return transfer.result();
    }

    @Override
    public boolean isOpen() {
        return transfer.isOpen();
    }

    /**
     * Ends the file. After {@link #abort}, there is no file to end: then it throws if another thread aborted.
     *
     * @throws FtpReplyException if the final reply is negative
     * @throws FtpDataConnectionException if it is 425: the server did not take the data connection for ours
     * @throws IOException if the final reply does not come: whether the server has the file is then not known
     */
    @Override
    public void close() throws IOException {
        transfer.endUpload();
    }
}
