package dev.portside.cli;

import dev.portside.client.Download;
import dev.portside.client.FtpClient;
import dev.portside.client.FtpReplyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "hash",
        customSynopsis = "portside hash [OPTION…] URL…",
        description = "Let the server compute the hash of files (HASH, or XSHA256 and its like).",
        footer = {"", "Prints what sha256sum -c can check."})
final class HashCommand extends ResultCommand {
    /** The algorithms that the protocol has names for. */
    enum Algorithm {
        SHA256("SHA-256"),
        SHA512("SHA-512"),
        SHA1("SHA-1"),
        MD5("MD5"),
        CRC32("CRC32");

        private final String wire;

        Algorithm(String wire) {
            this.wire = wire;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = {"-a", "--algorithm"},
            paramLabel = "NAME",
            description = "sha256 (default), sha512, sha1, md5 or crc32.")
    private Algorithm algorithm = Algorithm.SHA256;

    @Option(names = "--download", description = "Read the files and compute it here.")
    private boolean download;

    @Parameters(arity = "1..*", paramLabel = "URL", description = "ftp://host/file, see portside help urls.")
    private List<String> urls = List.of();

    HashCommand(Console console) {
        super(console);
    }

    @Override
    void run(Remotes remotes) {
        forEach(remotes, urls(urls), url -> {
            String hash = download ? computed(remotes, url) : asked(remotes, url);
            if (json()) {
                print(new JsonLine()
                        .with("url", text(url))
                        .with("path", url.path())
                        .with("algorithm", algorithm.wire)
                        .with("hash", hash));
            } else {
                console.line(hash + "  " + console.name(url.path()));
            }
        });
    }

    private String asked(Remotes remotes, RemoteUrl url) throws IOException {
        try {
            return remotes.client(url).hash(algorithm.wire, url.path());
        } catch (FtpReplyException refused) {
            int code = refused.code().value();
            if (code == 500 || code == 502 || code == 504) {
                throw new PortsideException(
                        ExitCode.REFUSED,
                        Remotes.shown(url) + ": the server cannot compute " + algorithm.wire + ", use --download",
                        refused);
            }
            throw refused;
        }
    }

    private String computed(Remotes remotes, RemoteUrl url) throws IOException {
        FtpClient client = remotes.client(url);
        client.type(url.representationType());
        try (Download file = client.retrieve(url.path())) {
            return algorithm == Algorithm.CRC32 ? crc32(file) : digest(file);
        }
    }

    private String digest(Download file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(algorithm.wire);
        } catch (NoSuchAlgorithmException missing) {
            throw new PortsideException(ExitCode.USAGE, algorithm + ": this Java cannot compute it", missing);
        }
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        while (file.read(buffer.clear()) >= 0) {
            digest.update(buffer.flip());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String crc32(Download file) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        while (file.read(buffer.clear()) >= 0) {
            crc.update(buffer.flip());
        }
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
