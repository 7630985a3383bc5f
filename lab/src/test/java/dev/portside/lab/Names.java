package dev.portside.lab;

import dev.portside.lab.peer.RealClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** File names that programs trip over. */
final class Names {
    /** All of these in one name. */
    static final String HARD = "é 日本語 🎉.bin";

    static final List<String> HARD_ONES = List.of(
            "two words.bin", "two  spaces.bin", "é.bin", "日本語.bin", "🎉.bin", "e\u0301.bin", "a#b%41;c?.bin", HARD);

    /** The bytes {@code caf\xE9.txt}, which are no UTF-8, as our own programs keep them in a string. */
    static final String LATIN = "caf\uDCE9.txt";

    /** The same in a URL. */
    static final String LATIN_IN_URL = "caf%E9.txt";

    private Names() {}

    /** The name as one part of the path of a URL. */
    static String inUrl(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Creates a file of the name {@link #LATIN}, which Java cannot name; the text holds no quote. */
    static void createLatin(Path directory, String text) throws IOException, InterruptedException {
        shell("printf %s '" + text + "' > \"$1/$(printf 'caf\\351.txt')\"", directory);
    }

    /** What the file of the name {@link #LATIN} holds. */
    static String readLatin(Path directory) throws IOException, InterruptedException {
        return shell("cat \"$1/$(printf 'caf\\351.txt')\"", directory);
    }

    private static String shell(String script, Path directory) throws IOException, InterruptedException {
        return RealClient.named("sh")
                .run("-ec", script, "sh", directory.toString())
                .succeeded()
                .text();
    }
}
