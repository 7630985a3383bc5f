package dev.portside.client;

import dev.portside.protocol.Reply;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What servers tell in the texts of 125, 150 and 226, by custom rather than by an RFC. */
final class TransferReplies {
    private static final Pattern SIZE = Pattern.compile("\\((\\d{1,18}) bytes?\\)\\.?\\s*$");
    /** {@code FILE: name} (RFC 1123 section 4.1.2.9), and a variant that is older. */
    private static final Pattern UNIQUE_NAME =
            Pattern.compile("(?:^|\\s)FILE:\\s*(\\S.*)$|\\(unique file name:\\s*(\\S.*)\\)", Pattern.CASE_INSENSITIVE);

    private TransferReplies() {}

    /** The size at the end of {@code 150 … a.bin (123 bytes).}, unless it can be a part of the file's name. */
    static OptionalLong announcedSize(Reply first, String path) {
        Matcher size = SIZE.matcher(first.text());
        if (!first.code().isPreliminary() || !size.find() || path.strip().endsWith(")")) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(size.group(1)));
    }

    static Optional<String> uniqueName(@Nullable Reply reply) {
        if (reply == null) {
            return Optional.empty();
        }
        Matcher name = UNIQUE_NAME.matcher(reply.text());
        if (!name.find()) {
            return Optional.empty();
        }
        return Optional.of(name.group(1) == null ? name.group(2) : name.group(1).stripTrailing());
    }
}
