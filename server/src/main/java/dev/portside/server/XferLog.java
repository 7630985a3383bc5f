package dev.portside.server;

import dev.portside.protocol.HostPort;
import dev.portside.protocol.RepresentationType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@link TransferLog#xferlog}. */
final class XferLog extends TransferLog {
    /** As ctime(3) writes it: a day below ten has a space in front. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    XferLog(Path file) throws IOException {
        super(file);
    }

    @Override
    public void transferFinished(SessionStatus session, TransferStatus transfer) {
        log(session, transfer, 'c');
    }

    @Override
    public void transferFailed(SessionStatus session, TransferStatus transfer, String reason) {
        log(session, transfer, 'i');
    }

    private void log(SessionStatus session, TransferStatus transfer, char completion) {
        if (transfer.isUpload() || transfer.isDownload()) {
            append(line(LocalDateTime.now(ZoneId.systemDefault()), session, transfer, completion));
        }
    }

    static String line(LocalDateTime now, SessionStatus session, TransferStatus transfer, char completion) {
        String user = session.user() == null ? "*" : session.user();
        return String.join(
                " ",
                TIME.format(now),
                Long.toString(Math.max(1, Math.round(transfer.duration().toMillis() / 1000.0))),
                HostPort.numeric(session.remote().getAddress()),
                Long.toString(transfer.bytes()),
                oneWord(transfer.path()),
                transfer.type() == RepresentationType.ASCII ? "a" : "b",
                "_",
                transfer.isUpload() ? "i" : "o",
                user.equals("anonymous") ? "a" : "r",
                oneWord(user),
                "ftp",
                "0",
                "*",
                Character.toString(completion));
    }

    private static String oneWord(String text) {
        StringBuilder word = new StringBuilder(text);
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (Character.isWhitespace(c) || Character.isISOControl(c) || Character.isSpaceChar(c)) {
                word.setCharAt(i, '_');
            }
        }
        return word.isEmpty() ? "_" : word.toString();
    }
}
