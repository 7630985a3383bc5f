package dev.portside.client;

import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyParser;
import dev.portside.transport.ControlConnection;
import dev.portside.transport.LineTooLongException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads replies from the control connection until it ends. */
final class ReplyReader {
    private ReplyReader() {}

    /** What becomes of a reply. */
    @FunctionalInterface
    interface Taker {
        /**
         * Takes a reply, in the order in which they come.
         *
         * @throws IOException if no more are to be read
         */
        void take(Reply reply) throws IOException;
    }

    /**
     * Reads as long as there is something to read.
     *
     * @param first what comes before the first reply; null: nothing
     * @return why there is no more
     */
    static IOException readAll(
            ControlConnection connection, FtpClientOptions options, Exchange.@Nullable Handshake first, Taker taker) {
        ReplyParser parser =
                new ReplyParser(options.maxReplyLines(), (long) options.maxReplyLines() * options.maxLine());
        try {
            if (first != null) {
                first.shake(connection);
            }
            while (true) {
                String line = connection.readLine(Duration.ZERO);
                if (line == null) {
                    return new IOException("the server closed the control connection");
                }
                Reply reply = parser.add(line);
                if (reply != null) {
                    taker.take(reply);
                }
            }
        } catch (LineTooLongException tooLong) {
            return new FtpProtocolException(
                    "a line of a reply is longer than " + options.maxLine() + " bytes", tooLong);
        } catch (IllegalArgumentException noReply) {
            return new FtpProtocolException(String.valueOf(noReply.getMessage()), noReply);
        } catch (FtpProtocolException | FtpCertificateException | TlsHandshakeException broken) {
            return broken;
        } catch (IOException lost) {
            return new IOException("the control connection broke: " + lost.getMessage(), lost);
        } catch (RuntimeException failed) {
            return new IOException("the listener failed: " + failed.getMessage(), failed);
        }
    }
}
