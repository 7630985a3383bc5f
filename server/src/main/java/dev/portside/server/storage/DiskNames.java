package dev.portside.server.storage;

import dev.portside.protocol.NameCharset;
import dev.portside.server.storage.StorageException.Reason;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Between names as strings and names on disk.
 *
 * <p>On Unix a name is bytes, whatever the locale says: UTF-8, and lone surrogates for what is not
 * ({@link NameCharset#UTF_8}). A {@link Path} that is made from a string goes through the locale's charset and refuses what
 * that lacks; one that is made from a URI takes the bytes as they are. Other file systems have strings for names.
 */
final class DiskNames {
    private static final int MAX_NAME_BYTES = 255;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** A path becomes a URI with a look at the disk, to see whether it is a directory. Nothing can be beneath this one. */
    private static final String NOWHERE = "/dev/null";

    private final boolean bytes;

    DiskNames(FileSystem fileSystem) {
        bytes = fileSystem.equals(FileSystems.getDefault())
                && fileSystem.getSeparator().equals("/");
    }

    /** The path of a name in a directory: one step, whatever the name holds. */
    Path child(Path directory, String name) throws StorageException {
        if (name.equals(".") || name.equals("..")) {
            throw new StorageException(Reason.NAME_NOT_ALLOWED, name, null);
        }
        try {
            Path path = bytes ? directory.resolve(element(name)) : directory.resolve(name);
            boolean oneStep = path.getNameCount() == directory.getNameCount() + 1 && path.startsWith(directory);
            if (oneStep && name(path).equals(name)) {
                return path;
            }
        } catch (IllegalArgumentException unusable) {
            throw new StorageException(Reason.NAME_NOT_ALLOWED, name, unusable);
        }
        throw new StorageException(Reason.NAME_NOT_ALLOWED, name, null);
    }

    private static Path element(String name) {
        if (isAscii(name) && name.length() <= MAX_NAME_BYTES) {
            return Path.of(name);
        }
        byte[] encoded = NameCharset.UTF_8.encode(name);
        if (encoded.length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("name longer than " + MAX_NAME_BYTES + " bytes");
        }
        StringBuilder uri = new StringBuilder("file:///");
        for (byte b : encoded) {
            uri.append('%').append(HEX.toHexDigits(b));
        }
        return Path.of(URI.create(uri.toString())).getFileName();
    }

    /** The last name of a path. */
    String name(Path path) {
        Path last = path.getFileName();
        String text = last == null ? "" : last.toString();
        if (last == null || !bytes || isAscii(text)) {
            return text;
        }
        String uri = Path.of(NOWHERE).resolve(last).toUri().getRawPath();
        return NameCharset.UTF_8.decode(unescaped(uri.substring(NOWHERE.length() + 1)));
    }

    /** The bytes of a whole path. */
    static byte[] bytes(Path path) {
        return unescaped(path.toUri().getRawPath());
    }

    private static byte[] unescaped(String uri) {
        byte[] ascii = uri.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[ascii.length];
        int length = 0;
        for (int i = 0; i < ascii.length; i++) {
            if (ascii[i] == '%') {
                bytes[length++] = (byte) HexFormat.fromHexDigits(uri, i + 1, i + 3);
                i += 2;
            } else {
                bytes[length++] = ascii[i];
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
