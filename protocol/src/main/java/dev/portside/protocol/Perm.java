package dev.portside.protocol;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A letter of the {@code perm} fact: what the user may do with the object (RFC 3659 section 7.5.5). */
public enum Perm {
    /** APPE to this file. */
    APPEND('a'),
    /** STOR, STOU and APPE of new files in this directory. */
    CREATE('c'),
    /** DELE of this file, RMD of this directory if it is empty. */
    DELETE('d'),
    /** CWD into this directory. */
    ENTER('e'),
    /** RNFR of this object. */
    RENAME('f'),
    /** LIST, NLST and MLSD of this directory. */
    LIST('l'),
    /** MKD in this directory. */
    MAKE_DIRECTORY('m'),
    /** Deleting what is in this directory. */
    PURGE('p'),
    /** RETR of this file. */
    RETRIEVE('r'),
    /** STOR to this file. */
    STORE('w');

    private final char letter;

    Perm(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    /** The letters, in the order of the alphabet. */
    public static String format(Set<Perm> permissions) {
        return permissions.stream()
                .sorted()
                .map(perm -> String.valueOf(perm.letter))
                .collect(Collectors.joining());
    }

    /** The permissions of some letters, in any case; unknown letters are passed over (RFC 3659 section 7.5.5). */
    public static Set<Perm> parse(String letters) {
        Set<Perm> permissions = EnumSet.noneOf(Perm.class);
        String lower = letters.toLowerCase(Locale.ROOT);
        for (Perm perm : values()) {
            if (lower.indexOf(perm.letter) >= 0) {
                permissions.add(perm);
            }
        }
        return Collections.unmodifiableSet(permissions);
    }
}
