package dev.portside.server.tls;

import dev.portside.transport.TlsIdentity;
import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A certificate that the server makes for itself on first use and keeps. Chain and key are one file, so that there is never one
 * without the other.
 *
 * @param names host names and literal addresses
 */
public record SelfSigned(Path directory, List<String> names) implements CertificateSource {
    private static final Pattern HOST_NAME =
            Pattern.compile("(\\*\\.)?[A-Za-z0-9_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_][A-Za-z0-9_-]*)*");
    private static final int LONGEST_NAME = 253;

    public SelfSigned {
        names = List.copyOf(names);
        for (String name : names) {
            if (!isAddress(name) && !isHostName(name)) {
                throw new IllegalArgumentException(
                        "self-signed certificate: neither a host name nor an address: " + name + inAscii(name));
            }
        }
    }

    /** Uses what is kept, or makes one. Of several processes that do so at once, one makes it and all use it. */
    @Override
    public TlsIdentity first() throws IOException {
        if (Files.notExists(file())) {
            make();
        }
        return again();
    }

    /** Only {@link #first} makes a certificate: a file that is lost while the server runs must not change its fingerprint. */
    @Override
    public TlsIdentity again() throws IOException {
        return TlsIdentity.read(file(), null, null);
    }

    @Override
    public List<Path> files() {
        return List.of(file());
    }

    private Path file() {
        return directory.resolve("self-signed.pem");
    }

    private void make() throws IOException {
        try {
            Files.createDirectories(directory, onlyFor("rwx------"));
            Path unfinished = directory.resolve("self-signed-" + UUID.randomUUID() + ".tmp");
            try {
                write(unfinished, SelfSignedPem.make(allNames(), Clock.systemUTC()));
                publish(unfinished);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException failed) {
            throw new IOException(
                    directory + ": cannot keep a self-signed certificate there; name a folder that can be written to",
                    failed);
        }
    }

    private void write(Path file, String pem) throws IOException {
        Set<StandardOpenOption> created = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(file, created, onlyFor("rw-------"))) {
            ByteBuffer content = ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII));
            while (content.hasRemaining()) {
                out.write(content);
            }
            out.force(true);
        }
    }

    /** A link appears whole and never replaces what another process made meanwhile; a move would. */
    private void publish(Path unfinished) throws IOException {
        try {
            Files.createLink(file(), unfinished);
        } catch (FileAlreadyExistsException other) {
            // Another process was faster; its certificate is the one.
        } catch (UnsupportedOperationException noLinks) {
            try {
                Files.move(unfinished, file());
            } catch (FileAlreadyExistsException other) {
                // As above.
            }
        }
    }

    private FileAttribute<?>[] onlyFor(String owner) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(owner))}
                : new FileAttribute<?>[0];
    }

    private Set<String> allNames() {
        Set<String> all = new LinkedHashSet<>();
        names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        try {
            String host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            if (isAddress(host) || isHostName(host)) {
                all.add(host);
            }
        } catch (UnknownHostException nameless) {
            // A host that does not know its own name is reached by others.
        }
        all.addAll(List.of("localhost", "127.0.0.1", "::1"));
        return all;
    }

    private static boolean isHostName(String name) {
        return name.length() <= LONGEST_NAME && HOST_NAME.matcher(name).matches();
    }

    private static String inAscii(String name) {
        try {
            String ascii = IDN.toASCII(name);
            return !ascii.equals(name) && isHostName(ascii) ? "; write " + ascii : "";
        } catch (IllegalArgumentException noName) {
            return "";
        }
    }

    private static boolean isAddress(String name) {
        try {
            InetAddress.ofLiteral(name);
            return true;
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
