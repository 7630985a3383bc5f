package dev.portside.client;

import dev.portside.protocol.Reply;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The extensions that a server names in its reply to FEAT (RFC 2389 section 3). A server without FEAT has none.
 *
 * @param parameters what stands behind each feature, perhaps nothing; keys are in upper case, in the order they came. A
 *     feature that comes on several lines has their parameters joined by a space.
 */
public record Features(Map<String, String> parameters) {
    static final Features NONE = new Features(Map.of());

    public Features {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    static Features of(Reply reply) {
        List<String> lines = reply.lines();
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : lines.subList(Math.min(1, lines.size()), Math.max(1, lines.size() - 1))) {
            String[] words = line.strip().split(" ", 2);
            if (!words[0].isEmpty()) {
                String rest = words.length == 2 ? words[1].strip() : "";
                found.merge(words[0].toUpperCase(Locale.ROOT), rest, (one, other) -> (one + " " + other).strip());
            }
        }
        return new Features(found);
    }

    /** The names of the features, in upper case. */
    public Collection<String> names() {
        return parameters.keySet();
    }

    /** Whether the server names the feature, in any case. */
    public boolean has(String feature) {
        return parameters.containsKey(feature.toUpperCase(Locale.ROOT));
    }

    /** What stands behind the feature; empty if it is not named. */
    public Optional<String> parameters(String feature) {
        return Optional.ofNullable(parameters.get(feature.toUpperCase(Locale.ROOT)));
    }

    /** Whether MLSD and MLST can be used: servers name one for both (RFC 3659 section 7.8). */
    boolean machineListings() {
        return has("MLST") || has("MLSD");
    }

    /** Whether MODE Z can be used (draft-preston-ftpext-deflate). */
    boolean deflates() {
        return List.of(parameters("MODE").orElse("").toUpperCase(Locale.ROOT).split("[; ]+"))
                .contains("Z");
    }

    /** Whether HASH knows the algorithm, as {@code SHA-256;SHA-1*;MD5} names them. */
    boolean hashes(String algorithm) {
        return parameters("HASH")
                .map(names -> List.of(names.toUpperCase(Locale.ROOT).split("[;*, ]+")))
                .orElse(List.of())
                .contains(algorithm);
    }

    /** Whether the algorithm is the one that HASH uses unless told otherwise. */
    boolean hashesByDefault(String algorithm) {
        return parameters("HASH").orElse("").toUpperCase(Locale.ROOT).contains(algorithm + "*");
    }
}
