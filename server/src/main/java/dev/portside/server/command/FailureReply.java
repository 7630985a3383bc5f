package dev.portside.server.command;

import dev.portside.protocol.Reply;
import dev.portside.protocol.ReplyCode;
import dev.portside.server.storage.StorageException;
import dev.portside.transport.DataConnectionException;
import java.io.IOException;

/**
 * The one place that maps failure to reply: a failure of the network is 425 or 426, a failure of the disk never is. No reply
 * tells a pathname of this machine or the name of a Java class.
 */
public final class FailureReply {
    private static final Reply NOT_RESUMED = new Reply(
            ReplyCode.DATA_SESSION_NOT_RESUMED_522,
            "Data connection does not resume the TLS session of the control connection:"
                    + " have the client reuse its TLS session, or the server not ask for it");

    private FailureReply() {}

    public static Reply of(IOException failure) {
        return switch (failure) {
            case DataConnectionException network -> ofNetwork(network);
            case StorageException storage ->
                new Reply(
                        codeOf(storage.reason()),
                        storage.getFile() + ": " + storage.reason().text());
            default -> ofError();
        };
    }

    /** Something that must not happen has happened here; the log knows what. */
    public static Reply ofError() {
        return new Reply(ReplyCode.LOCAL_ERROR_451, "Local error in processing");
    }

    /** The transfer was aborted, by ABOR or because its session ends. */
    static Reply ofAbort() {
        return new Reply(ReplyCode.TRANSFER_ABORTED_426, "Transfer aborted, data connection closed");
    }

    private static Reply ofNetwork(DataConnectionException network) {
        return switch (network.failure()) {
            case REFUSED -> cannotOpen("connection refused");
            case TIMED_OUT -> cannotOpen("timed out");
            case UNREACHABLE, PROXY_REFUSED -> cannotOpen("address not reachable");
            case NO_FREE_PORT -> cannotOpen("every passive port is taken for your address, try again later");
            case LOCAL_ADDRESS -> cannotOpen("local address or port not usable");
            case LOST -> aborted("Data connection broke");
            case STALLED -> aborted("Data connection stalled");
            case TLS_FAILED -> cannotOpen("the TLS handshake failed, PROT P needs TLS on it");
            case WRONG_SESSION -> NOT_RESUMED;
            case TRUNCATED ->
                aborted("The data ended without TLS close_notify or the end of MODE Z, it may be cut off");
            case CORRUPT -> aborted("What came in MODE Z is not a zlib stream");
            case INFLATED_TOO_FAR -> aborted("What came in MODE Z inflates too far, use MODE S");
            case ABORTED -> ofAbort();
        };
    }

    private static Reply aborted(String why) {
        return new Reply(ReplyCode.TRANSFER_ABORTED_426, why + ", transfer aborted");
    }

    private static Reply cannotOpen(String why) {
        return new Reply(ReplyCode.CANNOT_OPEN_DATA_CONNECTION_425, "Cannot open data connection: " + why);
    }

    private static ReplyCode codeOf(StorageException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND, ALREADY_EXISTS, NOT_PERMITTED, NOT_A_DIRECTORY, NOT_A_FILE, NOT_EMPTY, LINK_LOOP ->
                ReplyCode.FILE_UNAVAILABLE_550;
            case NAME_NOT_ALLOWED -> ReplyCode.NAME_NOT_ALLOWED_553;
            case OFFSET_PAST_END -> ReplyCode.INVALID_REST_554;
            case BUSY -> ReplyCode.FILE_BUSY_450;
            case NO_SPACE -> ReplyCode.INSUFFICIENT_STORAGE_452;
            case NOT_SUPPORTED -> ReplyCode.PARAMETER_NOT_IMPLEMENTED_504;
            case TOO_MANY_ENTRIES, FAILED -> ReplyCode.LOCAL_ERROR_451;
        };
    }
}
