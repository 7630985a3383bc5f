package dev.portside.cli.doctor;

import dev.portside.cli.doctor.Trial.Outcome;
import dev.portside.cli.doctor.Trial.Subject;
import dev.portside.client.DataMode;
import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpDataConnectionException;
import dev.portside.client.FtpReplyException;
import dev.portside.client.TransferResult;
import dev.portside.client.TransferResult.Proof;
import dev.portside.client.Upload;
import dev.portside.protocol.DirectoryEntry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file that comes whole, and one that arrives whole: by size, and by hash where the server computes one. */
final class FileTrials {
    /** Of the directory's files, the smallest one up to here is taken. */
    static final long MAX_CHOSEN_SIZE = 16 << 20;

    static final int UPLOAD_SIZE = 256 << 10;
    private static final List<String> ALGORITHMS = List.of("SHA-256", "SHA-1", "MD5");
    private static final int BUFFER = 64 << 10;

    /**
     * A file on the server.
     *
     * @param size as the listing tells it, or null
     */
    record RemoteFile(String path, @Nullable Long size) {}

    private final Examination examination;
    private final Visit visit;
    private final FtpClient client;

    FileTrials(Examination examination, Visit visit) {
        this.examination = examination;
        this.visit = visit;
        this.client = visit.client();
    }

    /** The file that was asked for, or a small one of the directory; null if there is none. */
    @Nullable
    RemoteFile choose() throws IOException {
        String asked = examination.options().file();
        if (asked != null) {
            return new RemoteFile(asked, null);
        }
        return examination.data().entries().stream()
                .filter(entry -> entry.type() == DirectoryEntry.Type.FILE && entry.hasSafeName())
                .filter(entry -> entry.size() != null && entry.size() > 0 && entry.size() <= MAX_CHOSEN_SIZE)
                .min(Comparator.comparingLong(FileTrials::size))
                .map(entry -> new RemoteFile(path(entry.name()), entry.size()))
                .orElse(null);
    }

    private static long size(DirectoryEntry entry) {
        return entry.size() == null ? 0 : entry.size();
    }

    private String path(String name) {
        String directory = examination.options().directory();
        return directory.isEmpty() || directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    void download(@Nullable RemoteFile file) {
        if (file == null) {
            examination.tell(FollowUps.notTried(
                    Subject.DOWNLOAD,
                    visit.tls(),
                    "there is no file of up to " + (MAX_CHOSEN_SIZE >> 20)
                            + " MiB in the listing; name one in the URL"));
            return;
        }
        visit.scribe().begin();
        try {
            Map<String, MessageDigest> digests = digests();
            Download download = client.retrieve(file.path());
            try (download;
                    InputStream in = download.inputStream()) {
                byte[] buffer = new byte[BUFFER];
                int read;
                while ((read = in.read(buffer)) >= 0) {
                    for (MessageDigest digest : digests.values()) {
                        digest.update(buffer, 0, read);
                    }
                }
            }
            TransferResult result = download.result();
            proven(result);
            String verified = verified(file.path(), file.size(), result.bytes(), hex(digests), false);
            tell(Subject.DOWNLOAD, Outcome.WORKS, file.path() + ", " + verified);
        } catch (FtpReplyException refused) {
            tell(Subject.DOWNLOAD, Outcome.FAILS, refused.getMessage());
            observe(Cause.DOWNLOAD_REFUSED, String.valueOf(refused.getMessage()));
        } catch (FtpDataConnectionException none) {
            tell(Subject.DOWNLOAD, Outcome.FAILS, none.getMessage());
            notMade(none);
        } catch (IOException cut) {
            tell(Subject.DOWNLOAD, Outcome.FAILS, cut.getMessage());
            boolean damaged = cut instanceof DamagedException;
            observe(damaged ? Cause.CONTENT_DAMAGED : Cause.TRANSFER_CUT, String.valueOf(cut.getMessage()));
        }
    }

    /** What is strange about the end of a transfer that is complete all the same. */
    private void proven(TransferResult result) {
        if (result.completion().isEmpty()) {
            observe(Cause.NO_FINAL_REPLY, "all " + result.bytes() + " bytes came, and no final reply");
        } else if (visit.tls() && result.proof() == Proof.SIZE) {
            observe(
                    Cause.NO_CLOSE_NOTIFY,
                    "all " + result.bytes() + " bytes came, then the end of the connection without close_notify");
        }
    }

    /** What arrived is not what is there. */
    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }

    /** Compares with the server's size, and its hash if it has one; in words. */
    private String verified(String path, @Nullable Long listed, long bytes, Map<String, String> hashes, boolean upload)
            throws IOException {
        List<String> agreed = new ArrayList<>();
        Long size = listed;
        try {
            size = client.size(path);
        } catch (FtpReplyException noSize) {
            // The listing has it, or nobody.
        }
        if (size != null && size != bytes) {
            throw new DamagedException(path + ": " + bytes + " bytes were " + (upload ? "sent" : "received")
                    + ", and the server says that it has " + size);
        }
        if (size != null) {
            agreed.add("size");
        }
        for (Map.Entry<String, String> hash : hashes.entrySet()) {
            try {
                String there = client.hash(hash.getKey(), path);
                if (!there.equals(hash.getValue())) {
                    throw new DamagedException(path + ": its " + hash.getKey() + " is " + hash.getValue() + " here and "
                            + there + " on the server");
                }
                agreed.add(hash.getKey());
                break;
            } catch (FtpReplyException noHash) {
                // Perhaps another one.
            }
        }
        return bytes + " bytes, "
                + (agreed.isEmpty() ? "which nothing could be compared with" : String.join(" and ", agreed) + " agree");
    }

    private static Map<String, MessageDigest> digests() {
        Map<String, MessageDigest> digests = new TreeMap<>(Comparator.comparingInt(ALGORITHMS::indexOf));
        for (String algorithm : ALGORITHMS) {
            try {
                digests.put(algorithm, MessageDigest.getInstance(algorithm));
            } catch (NoSuchAlgorithmException notHere) {
                // One hash less to compare.
            }
        }
        return digests;
    }

    private static Map<String, String> hex(Map<String, MessageDigest> digests) {
        Map<String, String> hex = new TreeMap<>(Comparator.comparingInt(ALGORITHMS::indexOf));
        digests.forEach((name, digest) -> hex.put(name, HexFormat.of().formatHex(digest.digest())));
        return hex;
    }

    /** Sends a file of random bytes, verifies it, and removes it. */
    void upload() {
        visit.scribe().begin();
        SecureRandom random = new SecureRandom();
        String path = path("portside-doctor-" + HexFormat.of().toHexDigits(random.nextLong()) + ".tmp");
        byte[] content = new byte[UPLOAD_SIZE];
        random.nextBytes(content);
        Map<String, MessageDigest> digests = digests();
        digests.values().forEach(digest -> digest.update(content));
        boolean there = false;
        try {
            Upload upload = client.store(path);
            there = true;
            try (upload) {
                ByteBuffer source = ByteBuffer.wrap(content);
                while (source.hasRemaining()) {
                    upload.write(source);
                }
            }
            String verified = verified(path, null, content.length, hex(digests), true);
            tell(Subject.UPLOAD, Outcome.WORKS, verified + "; " + removed(path));
        } catch (FtpDataConnectionException none) {
            tell(Subject.UPLOAD, Outcome.FAILS, none.getMessage());
            notMade(none);
        } catch (IOException failed) {
            String left = there ? "; " + removed(path) : "";
            tell(Subject.UPLOAD, Outcome.FAILS, failed.getMessage() + left);
            Cause cause = failed instanceof DamagedException
                    ? Cause.CONTENT_DAMAGED
                    : failed instanceof FtpReplyException ? Cause.UPLOAD_REFUSED : Cause.TRANSFER_CUT;
            observe(cause, String.valueOf(failed.getMessage()));
        }
    }

    private String removed(String path) {
        try {
            client.delete(path);
            return "removed again";
        } catch (IOException stays) {
            return "it could not be removed, remove " + path + " yourself (" + stays.getMessage() + ")";
        }
    }

    /** The listing had its data connection in this mode, and the file has none: that is about the port, not about the file. */
    private void notMade(FtpDataConnectionException none) {
        FtpDataConnectionException.Attempt attempt = none.attempts().getLast();
        InetSocketAddress named = attempt.remote();
        if (attempt.mode().isActive() || named == null) {
            observe(Cause.TRANSFER_CUT, String.valueOf(none.getMessage()));
        } else {
            Mode mode = attempt.mode() == DataMode.EPSV ? Mode.EPSV : Mode.PASV_PEER;
            examination.observe(
                    new Observation.Sample(mode, visit.tls(), named.getPort(), attempt.outcome(), attempt.detail()));
        }
    }

    private void observe(Cause cause, String evidence) {
        examination.observe(new Observation.Transferred(cause, visit.tls(), List.of(evidence)));
    }

    private void tell(Subject subject, Outcome outcome, @Nullable String text) {
        Scribe scribe = visit.scribe();
        examination.tell(new Trial(
                subject, null, visit.tls(), outcome, scribe.duration(), String.valueOf(text), null, scribe.events()));
    }
}
