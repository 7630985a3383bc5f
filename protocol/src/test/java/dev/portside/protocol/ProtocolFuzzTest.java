package dev.portside.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hostile input to every reader of the protocol.
 *
 * <p>In an ordinary run each method sees its seeds, {@code src/test/resources/…/ProtocolFuzzTestInputs/<method>}. With the
 * environment variable {@code JAZZER_FUZZ=1} it is fuzzed for some seconds; then JUnit runs one method only, the one that
 * {@code -Dtest=ProtocolFuzzTest#method} names. One run at
 * a time in a folder: Surefire would remove its files under the other's feet.
 */
class ProtocolFuzzTest {
    private static final Instant NOW = Instant.parse("2024-03-01T10:00:00Z");
    private static final List<NameCharset> CHARSETS = List.of(
            NameCharset.UTF_8,
            new NameCharset(StandardCharsets.ISO_8859_1),
            new NameCharset(Charset.forName("Shift_JIS")),
            new NameCharset(Charset.forName("ISO-2022-JP")));

    /** Every line is a command that says the same again, or an error that knows its reply. */
    @FuzzTest(maxDuration = "4s")
    void commandParser(byte[] data) {
        String line = NameCharset.UTF_8.decode(data);
        Command command;
        try {
            command = CommandParser.parse(line);
        } catch (CommandSyntaxException refused) {
            assertThat(refused.reply().code().isPermanentNegative()).isTrue();
            return;
        }
        assertThat(command.line()).doesNotContain("\r", "\n", "\0");
        assertThat(command.masked()).doesNotContain("\r", "\n", "\0");
        try {
            String again = CommandParser.parse(command.line()).line();
            assertThat(again).isEqualTo(command.line());
        } catch (CommandSyntaxException refused) {
            throw new AssertionError("not read again: " + command.line(), refused);
        }
    }

    /** Replies are read within their limits, and are sent as what they are. */
    @FuzzTest(maxDuration = "2s")
    void replyParser(byte[] data) {
        ReplyParser parser = new ReplyParser(50, 2000);
        for (String line : lines(data)) {
            @Nullable Reply reply;
            try {
                reply = parser.add(line);
            } catch (IllegalArgumentException notAReply) {
                continue;
            }
            if (reply != null) {
                assertThat(reply.lines()).hasSizeBetween(1, 50);
                assertThat(reply.wireLines()).hasSameSizeAs(reply.lines());
            }
        }
    }

    /** What is read as an address is written as that address. */
    @FuzzTest(maxDuration = "2s")
    void hostPort(byte[] data) {
        String text = NameCharset.UTF_8.decode(data);
        HostPort port = orNull(() -> HostPort.parsePort(text));
        if (port != null) {
            assertThat(HostPort.parsePort(port.portArgument())).isEqualTo(port);
            assertThat(HostPort.parsePassive(text)).isEqualTo(port);
        }
        HostPort extended = orNull(() -> HostPort.parseEprt(text));
        if (extended != null) {
            assertThat(HostPort.parseEprt(extended.eprtArgument())).isEqualTo(extended);
        }
        orNull(() -> HostPort.parsePassive(text));
        Integer number = orNull(() -> HostPort.parseExtendedPassive(text));
        assertThat(number == null || (number >= 1 && number <= 65535)).isTrue();
    }

    /** No line is lost: it is an entry, a heading, the first half of an entry, or unparsed. */
    @FuzzTest(maxDuration = "8s")
    void listingParser(byte[] data) {
        ListingParser parser = ListingParser.list(NOW, ZoneOffset.UTC, 1000);
        List<String> lines = lines(data);
        lines.stream().limit(1000).forEach(parser::add);
        Listing listing = parser.listing();
        assertThat(listing.entries().size() + listing.unparsed().size()).isLessThanOrEqualTo(lines.size());
        assertThat(lines).containsAll(listing.unparsed());
        assertThat(listing.entries()).allSatisfy(ProtocolFuzzTest::isSound);
    }

    /** What is read as a line of MLSD, and can be written, is read as the same again. */
    @FuzzTest(maxDuration = "2s")
    void mlsxLine(byte[] data) {
        String line = NameCharset.UTF_8.decode(data);
        DirectoryEntry entry = orNull(() -> MlsxLine.parse(line));
        if (entry == null) {
            return;
        }
        isSound(entry);
        Map<Fact, String> values = new EnumMap<>(Fact.class);
        entry.facts().forEach((name, value) -> {
            Fact fact = Fact.named(name);
            if (fact != null) {
                values.put(fact, value);
            }
        });
        String written = orNull(() -> MlsxLine.format(values, Set.of(Fact.values()), entry.name()));
        if (written != null) {
            DirectoryEntry again = MlsxLine.parse(written);
            assertThat(again.name())
                    .isEqualTo(new ListingLine(NameCharset.UTF_8)
                            .text(entry.name())
                            .toString());
            assertThat(again.type()).isEqualTo(entry.type());
            assertThat(again.linkTarget()).isEqualTo(entry.linkTarget());
        }
    }

    /** Any bytes survive decoding and encoding. */
    @FuzzTest(maxDuration = "2s")
    void nameCharset(byte[] data) {
        for (NameCharset charset : CHARSETS) {
            assertThat(charset.encode(charset.decode(data))).as("%s", charset).isEqualTo(data);
        }
    }

    /** However a header is cut, it says the same, never asks for what is behind it, and ends within its limits. */
    @FuzzTest(maxDuration = "2s")
    void proxyHeader(byte[] data) {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        int position = 0;
        try {
            while (parser.wanted() > 0 && position + parser.wanted() <= data.length) {
                byte[] next = Arrays.copyOfRange(data, position, position + parser.wanted());
                position += next.length;
                parser.take(next);
            }
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(position).isLessThanOrEqualTo(ProxyHeaderParser.MAX_LENGTH);
        if (parser.wanted() == 0) {
            HostPort source = parser.header().source();
            HostPort destination = parser.header().destination();
            assertThat(source == null).isEqualTo(destination == null);
            assertThat(source == null || !source.address().isAnyLocalAddress()).isTrue();
        }
    }

    private static List<String> lines(byte[] data) {
        return NameCharset.UTF_8.decode(data).lines().toList();
    }

    private static void isSound(DirectoryEntry entry) {
        assertThat(entry.name()).isNotEmpty();
        assertThat(entry.size() == null || entry.size() >= 0).isTrue();
        if (entry.hasSafeName()) {
            assertThat(entry.name()).doesNotContain("/", "\r", "\n", "\0").isNotIn("", ".", "..");
        }
    }

    private interface Reader<T> {
        T read();
    }

    private static <T> @Nullable T orNull(Reader<T> reader) {
        try {
            return reader.read();
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }
}
