package dev.portside.server.command;

import dev.portside.protocol.Command;
import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.protocol.RepresentationType;
import dev.portside.server.control.ByteRange;
import dev.portside.server.control.DataConnections;
import dev.portside.server.control.Session;
import dev.portside.server.control.Transfer;
import dev.portside.server.posix.TcpState;
import dev.portside.server.storage.Incoming;
import dev.portside.server.storage.StorageException;
import dev.portside.server.storage.StorageException.Reason;
import dev.portside.server.storage.VirtualPath;
import dev.portside.transport.DataConnection;
import dev.portside.transport.DataPort;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;

/**
 * The transfers of files (RFC 959 section 4.1.3). All go the same way: take the restart marker, open the file, make the data
 * connection, mark 150, move, close, reply once.
 */
public final class TransferCommands {
    static final Reply NO_DATA_PORT =
            new Reply(ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425, "Use EPSV, PASV, EPRT or PORT first");

    /** A client that dies closes both connections at once: for so long the other one may be on its way. */
    private static final Duration LONGEST_DOUBT = Duration.ofMillis(200);

    /** The doubt costs two per cent of a transfer; below this a transfer is one burst, and no one dies within it. */
    private static final int DOUBT_DIVISOR = 50;

    private static final Duration SHORTEST_DOUBT = Duration.ofMillis(1);

    private TransferCommands() {}

    /** What a transfer does with its data connection. */
    @FunctionalInterface
    interface Move {
        void over(DataConnection data) throws IOException;
    }

    public static Reply retrieve(Session session, Command.Retr retr) throws IOException {
        ByteRange range = session.takeRange();
        VirtualPath path = session.resolve(retr.path());
        session.ownTransfer().path(path.toString());
        try (DataPort port = session.takeDataPort();
                SeekableByteChannel file = session.store().read(path)) {
            if (port == null) {
                return NO_DATA_PORT;
            }
            if (isRangeOfText(session, range)) {
                return noRangeOfText();
            }
            long size = file.size();
            if (range.start() > size) {
                throw new StorageException(Reason.OFFSET_PAST_END, path);
            }
            long length = range.lengthWithin(size);
            file.position(range.start());
            // In text, line ends make it more bytes on the wire than in the file.
            String announced = session.type() == RepresentationType.ASCII ? "" : " (" + length + " bytes)";
            Reply opening = opening(session, path, announced);
            moved(session, port, session.type(), opening, data -> {
                long sent = data.send(file, range.isToTheEnd() ? Long.MAX_VALUE : length);
                if (sent < length) {
                    // Somebody has cut the file off: its end must not look like the end of what was promised.
                    throw new StorageException(Reason.FAILED, path);
                }
                data.finish();
            });
            return complete("Transfer complete");
        }
    }

    public static Reply store(Session session, Command.Stor stor) throws IOException {
        ByteRange range = session.takeRange();
        VirtualPath path = session.resolve(stor.path());
        try (DataPort port = session.takeDataPort()) {
            if (!range.isToTheEnd()) {
                return rangeOfUpload();
            }
            if (isRangeOfText(session, range)) {
                return noRangeOfText();
            }
            if (port == null) {
                return NO_DATA_PORT;
            }
            try (Incoming incoming = session.store().resume(path, range.start())) {
                return received(session, port, incoming, opening(session, path, ""));
            }
        }
    }

    /** APPE adds at the end whatever its length is: a restart marker before it contradicts it. */
    public static Reply append(Session session, Command.Appe appe) throws IOException {
        ByteRange range = session.takeRange();
        VirtualPath path = session.resolve(appe.path());
        try (DataPort port = session.takeDataPort()) {
            if (!range.equals(ByteRange.ALL)) {
                return rangeOfUpload();
            }
            if (port == null) {
                return NO_DATA_PORT;
            }
            try (Incoming incoming = session.store().append(path)) {
                return received(session, port, incoming, opening(session, path, ""));
            }
        }
    }

    /** STOU: 150 tells the name as RFC 1123 section 4.1.2.9 says. */
    public static Reply storeUnique(Session session, Command.Stou stou) throws IOException {
        ByteRange range = session.takeRange();
        VirtualPath wanted = session.resolve(stou.path().isEmpty() ? "file" : stou.path());
        try (DataPort port = session.takeDataPort()) {
            if (!range.equals(ByteRange.ALL)) {
                return rangeOfUpload();
            }
            if (port == null) {
                return NO_DATA_PORT;
            }
            try (Incoming incoming = session.store().receiveUnique(wanted)) {
                String name = incoming.path().name();
                return received(session, port, incoming, new Reply(ReplyCode.FILE_STATUS_OKAY_150, "FILE: " + name));
            }
        }
    }

    private static Reply received(Session session, DataPort port, Incoming incoming, Reply opening) throws IOException {
        Transfer transfer = session.ownTransfer();
        transfer.path(incoming.path().toString());
        boolean kernelKnows = isClientThere(session);
        moved(session, port, session.type(), opening, data -> {
            data.receive(incoming);
            if (!session.tls().acceptsTruncatedUploads()) {
                data.requireEndByPeer();
            }
        });
        if (isAbandoned(session, transfer, kernelKnows)) {
            return FailureReply.ofAbort();
        }
        incoming.commit();
        return complete("Transfer complete, " + incoming.path().name() + " is stored");
    }

    /**
     * Whether the client has gone rather than finished. In stream mode the end of the connection is the end of the file, so
     * a client that dies in mid-transfer looks like one that is done, but for its control connection. The kernel knows
     * whether that has ended; where it cannot be asked, the end gets a moment to come.
     */
    private static boolean isAbandoned(Session session, Transfer transfer, boolean kernelKnows) {
        Duration doubt = transfer.duration().dividedBy(DOUBT_DIVISOR);
        try {
            if (kernelKnows && isClientThere(session)) {
                return transfer.isAborted();
            }
            if (!kernelKnows && (transfer.isFarewellSaid() || doubt.compareTo(SHORTEST_DOUBT) < 0)) {
                return transfer.isAborted();
            }
            // Somebody must read what the client has said last.
            transfer.runBeside();
            if (kernelKnows) {
                return !transfer.isFarewellSaidWithin(LONGEST_DOUBT) || transfer.isAborted();
            }
            return transfer.isAbortedWithin(doubt.compareTo(LONGEST_DOUBT) < 0 ? doubt : LONGEST_DOUBT);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static boolean isClientThere(Session session) {
        return TcpState.isEstablished(
                session.control().localAddress(), session.control().remoteAddress());
    }

    /** Makes the data connection, marks 150 and moves; what fails is cut off so that it cannot look complete. */
    static void moved(Session session, DataPort port, RepresentationType wireType, Reply opening, Move move)
            throws IOException {
        try (DataConnection data = DataConnections.open(session, port, session.transferParameters(wireType), opening)) {
            try {
                session.tell((listener, status) -> {
                    if (status.transfer() != null) {
                        listener.transferStarted(status, status.transfer());
                    }
                });
                move.over(data);
            } catch (IOException | RuntimeException | Error failed) {
                data.abort();
                throw failed;
            }
        }
    }

    static Reply opening(Session session, VirtualPath path, String size) {
        String type = session.type() == RepresentationType.ASCII ? "ASCII" : "BINARY";
        return new Reply(
                ReplyCode.FILE_STATUS_OKAY_150, "Opening " + type + " mode data connection for " + path.name() + size);
    }

    static Reply complete(String text) {
        return new Reply(ReplyCode.CLOSING_DATA_CONNECTION_226, text);
    }

    /** An offset into text counts the bytes on the wire (RFC 3659 section 5.2), which no file is stored by. */
    private static boolean isRangeOfText(Session session, ByteRange range) {
        return session.type() == RepresentationType.ASCII && !range.equals(ByteRange.ALL);
    }

    private static Reply noRangeOfText() {
        return new Reply(ReplyCode.INVALID_REST_554, "REST and RANG need TYPE I");
    }

    private static Reply rangeOfUpload() {
        return new Reply(ReplyCode.INVALID_REST_554, "REST goes with RETR and STOR, RANG with RETR and HASH");
    }

    /** ALLO: nothing is set aside, but what cannot fit is refused before it is sent. */
    public static Reply allocate(Session session, Command.Allo allo) throws IOException {
        if (!session.account().writable()) {
            throw new StorageException(Reason.NOT_PERMITTED, session.workingDirectory());
        }
        long space = session.store().availableSpace(session.workingDirectory());
        return allo.size() > space
                ? new Reply(ReplyCode.EXCEEDED_STORAGE_552, "Only " + space + " bytes are left")
                : new Reply(ReplyCode.SUPERFLUOUS_202, "There is room for it, no need to allocate");
    }

    /** ABOR: the transfer's own reply, 426, has been sent when this one is. */
    public static Reply abort(Session session) {
        Transfer running = session.transfer();
        if (running == null) {
            return session.hasDataPort()
                    ? new Reply(ReplyCode.DATA_CONNECTION_OPEN_225, "No transfer to abort, the data port stays")
                    : complete("No transfer to abort");
        }
        running.abort();
        running.awaitEnd();
        return complete("Aborted");
    }
}
