package dev.portside.client;

import dev.portside.protocol.RepresentationType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalLong;

/**
 * A file that is being downloaded (RETR): a channel, or a stream.
 *
 * <ol>
 *   <li>{@link FtpClient#retrieve} begins it.
 *   <li>Read it to its end: {@link #read}, {@link #inputStream} or {@link #transferTo}.
 *   <li>{@link #close} reads the server's final reply, and throws unless it is positive and every byte is there: only then is
 *       the file complete. What was not read to its end is aborted by {@link #close}, without an exception.
 * </ol>
 *
 * <p>A reply 426 or 451 in mid-transfer is an {@link FtpReplyException}, from a read or from {@link #close}; {@link #bytes}
 * tells how far it came, and {@link FtpClient#retrieve(String, long)} goes on from there. For one thread, except {@link
 * #bytes} and {@link #abort}.
 */
public final class Download implements ReadableByteChannel {
    private static final int SMALL_READ = 8 << 10;

    private final Transfer transfer;
    private final ByteBuffer readAhead = ByteBuffer.allocate(SMALL_READ).limit(0);

    Download(Transfer transfer) {
        this.transfer = transfer;
    }

    /**
     * The size of the whole file in bytes, the part before the offset included: as {@link #expectSize} was told, or as the
     * server said when it began (TYPE I only). Many servers do not say it.
     */
    public OptionalLong size() {
        return transfer.size();
    }

    /**
     * Tells the size of the whole file, as SIZE or MLSD gave it. Then {@link #close} throws when fewer bytes came, and makes
     * up for a final reply that is lost when all came ({@link TransferResult.Proof#SIZE}). TYPE I only.
     *
     * @return this
     */
    public Download expectSize(long size) {
        transfer.expectSize(size);
        return this;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        requireOpen();
        if (!target.hasRemaining()) {
            return 0;
        }
        if (readAhead.hasRemaining() || target.remaining() < Transfer.LEAST_READ) {
            return readAhead(target);
        }
        return transfer.read(target);
    }

    /** What was read ahead is gone too when the download is closed. */
    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private int readAhead(ByteBuffer target) throws IOException {
        if (!readAhead.hasRemaining()) {
            int read = transfer.read(readAhead.clear());
            readAhead.flip();
            if (read < 0) {
                return -1;
            }
        }
        int length = Math.min(readAhead.remaining(), target.remaining());
        target.put(readAhead.slice(readAhead.position(), length));
        readAhead.position(readAhead.position() + length);
        return length;
    }

    /**
     * Reads to the end.
     *
     * @return bytes that the target was given
     */
    public long transferTo(WritableByteChannel target) throws IOException {
        requireOpen();
        long before = 0;
        while (readAhead.hasRemaining()) {
            before += target.write(readAhead);
        }
        return before + transfer.receive(target);
    }

    /** The download as a stream; closing it closes the download. */
    public InputStream inputStream() {
        return new InputStream() {
            private final ByteBuffer one = ByteBuffer.allocate(1);

            @Override
            public int read() throws IOException {
                return Download.this.read(one.clear()) < 0 ? -1 : one.get(0) & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return Download.this.read(ByteBuffer.wrap(target, offset, length));
            }

            @Override
            public void close() throws IOException {
                Download.this.close();
            }
        };
    }

    /** Bytes that came so far, from the offset on; for any thread. In TYPE A with CRLF line ends, and never compressed. */
    public long bytes() {
        return transfer.bytes();
    }

    /** Whether the data is converted: {@link RepresentationType#ASCII}. */
    public RepresentationType type() {
        return transfer.type();
    }

    /** Aborts, from any thread, see {@link FtpClient#abort}. {@link #close} is still to be called. */
    public void abort() {
        transfer.abort();
    }

    /**
     * How the download ended.
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
     * Ends the download.
     *
     * @throws FtpReplyException if the final reply is negative
     * @throws FtpDataConnectionException if it is 425: the server did not take the data connection for ours
     * @throws FtpProtocolException if the final reply is positive but bytes are missing, or the server sent the whole file
     *     instead of the part behind the offset
     * @throws IOException if the final reply does not come and the size does not make up for it
     */
    @Override
    public void close() throws IOException {
        transfer.endDownload();
    }
}
