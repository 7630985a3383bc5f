package dev.portside.server.storage;

import dev.portside.protocol.NameCharset;
import dev.portside.server.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * A pathname as clients see it: absolute, normalised, {@code /} is the root of the account. It says nothing about whether
 * there is such a file, and nothing about where.
 *
 * <p>Names hold no slash, NUL, CR or LF, and are none of {@code .}, {@code ..} and the names of unfinished uploads. The
 * whole is at most {@value #MAX_BYTES} bytes in UTF-8 and {@value #MAX_DEPTH} names deep.
 */
public final class VirtualPath {
    public static final int MAX_BYTES = 4096;
    public static final int MAX_DEPTH = 256;
    public static final VirtualPath ROOT = new VirtualPath(List.of());

    private final List<String> names;

    private VirtualPath(List<String> names) {
        this.names = names;
    }

    /** Names that are not checked: they come from the disk. */
    static VirtualPath of(List<String> names) {
        return new VirtualPath(List.copyOf(names));
    }

    /** The path of an absolute pathname; a relative one is taken as relative to the root. */
    public static VirtualPath of(String pathname) throws StorageException {
        return ROOT.resolve(pathname);
    }

    /**
     * What a client means by a pathname while it is in this directory.
     *
     * <p>{@code .} and {@code ..} go by the names alone, and {@code ..} at the root stays there. Several slashes count as
     * one, and one at the end says nothing. An empty pathname is this directory.
     *
     * @throws StorageException {@link Reason#NAME_NOT_ALLOWED}
     */
    public VirtualPath resolve(String pathname) throws StorageException {
        List<String> resolved = new ArrayList<>(pathname.startsWith("/") ? List.of() : names);
        for (String name : pathname.split("/")) {
            if (name.equals("..")) {
                if (!resolved.isEmpty()) {
                    resolved.removeLast();
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                if (!isAllowed(name)) {
                    throw notAllowed(pathname);
                }
                resolved.add(name);
            }
        }
        VirtualPath path = of(resolved);
        if (resolved.size() > MAX_DEPTH || path.isTooLong()) {
            throw notAllowed(pathname);
        }
        return path;
    }

    private static boolean isAllowed(String name) {
        return name.chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n') && !UploadName.matches(name);
    }

    private static StorageException notAllowed(String pathname) {
        String shown = pathname.length() <= 100 ? pathname : pathname.substring(0, 100) + "...";
        return new StorageException(Reason.NAME_NOT_ALLOWED, shown, null);
    }

    /** Also of a pathname that has no bytes at all. */
    private boolean isTooLong() {
        try {
            return NameCharset.UTF_8.encode(toString()).length > MAX_BYTES;
        } catch (IllegalArgumentException unwritable) {
            return true;
        }
    }

    /** A name in this directory, not checked: it comes from the disk. */
    VirtualPath child(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return of(longer);
    }

    public boolean isRoot() {
        return names.isEmpty();
    }

    /** The directory that holds it; the root holds itself. */
    public VirtualPath parent() {
        return isRoot() ? this : new VirtualPath(names.subList(0, names.size() - 1));
    }

    /** The last name; empty for the root. */
    public String name() {
        return isRoot() ? "" : names.getLast();
    }

    /** The names from the root on. */
    public List<String> names() {
        return names;
    }

    /** Whether it is that directory or beneath it. */
    public boolean startsWith(VirtualPath directory) {
        return names.size() >= directory.names.size()
                && names.subList(0, directory.names.size()).equals(directory.names);
    }

    /** The bytes of the names with slashes between them, or a single dot: relative to the root. */
    byte[] relativeBytes() {
        return isRoot() ? new byte[] {'.'} : NameCharset.UTF_8.encode(String.join("/", names));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VirtualPath path && names.equals(path.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    /** The pathname, beginning with a slash. */
    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
