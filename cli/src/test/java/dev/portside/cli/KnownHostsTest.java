package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {
    private static final String ONE = "AB:".repeat(31) + "01";
    private static final String TWO = "AB:".repeat(31) + "02";

    @TempDir
    Path home;

    private Path file;
    private KnownHosts known;

    @BeforeEach
    void file() {
        file = home.resolve(".config/portside/known_hosts");
        known = KnownHosts.of(new CapturedConsole(home).console());
    }

    private void write(String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void withoutFile_nothingIsKnown() throws IOException {
        assertThat(known.fingerprints("host:21")).isEmpty();
        assertThat(known.linesAbout("host:21")).isEmpty();
    }

    @Test
    void added_isALineThatOnlyTheOwnerCanRead() throws IOException {
        known.add("Host:21", ONE);
        known.add("[::1]:990", TWO);
        assertThat(file).hasContent("host:21 sha256 " + ONE + "\n[::1]:990 sha256 " + TWO + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(known.fingerprints("host:21")).containsExactly(ONE);
        assertThat(known.fingerprints("[::1]:990")).containsExactly(TWO);
    }

    @Test
    void fileThatOthersCouldRead_canOnlyBeReadByItsOwnerThen() throws IOException {
        write("");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        known.add("host:21", ONE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatElseIsInTheFile_isKept() throws IOException {
        write("# mine\n\nhost:21 ssh-rsa AAAA\nhost:21 sha256 short\n");
        Files.write(file, "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1), java.nio.file.StandardOpenOption.APPEND);
        known.add("host:21", ONE);
        assertThat(Files.readAllLines(file, StandardCharsets.ISO_8859_1))
                .containsExactly(
                        "# mine",
                        "",
                        "host:21 ssh-rsa AAAA",
                        "host:21 sha256 short",
                        "caf\u00e9",
                        "host:21 sha256 " + ONE);
        assertThat(known.fingerprints("host:21")).containsExactly(ONE);
        assertThat(known.linesAbout("host:21")).containsExactly(6);
    }

    @Test
    void handWrittenLine_isUnderstood() throws IOException {
        write("  HOST:21\tsha256  " + ONE.toLowerCase(java.util.Locale.ROOT) + " \nhost:21 sha256 " + TWO);
        assertThat(known.fingerprints("host:21")).containsExactly(ONE, TWO);
        assertThat(known.linesAbout("host:21")).containsExactly(1, 2);
        assertThat(known.fingerprints("host:990")).isEmpty();
        assertThat(known.fingerprints("ost:21")).isEmpty();
    }

    @Test
    void comment_isNoLineAboutAHost() throws IOException {
        write("#host:21 sha256 " + ONE + "\n# host:21 sha256 " + ONE);
        assertThat(known.fingerprints("host:21")).isEmpty();
    }

    @Test
    void link_staysALink() throws IOException {
        write("");
        Path real = Files.move(file, home.resolve("dotfiles"));
        Files.createSymbolicLink(file, real);
        known.add("host:21", ONE);
        assertThat(file).isSymbolicLink();
        assertThat(real).hasContent("host:21 sha256 " + ONE + "\n");
    }

    @Test
    void nothingElse_isLeftBehind() throws IOException {
        known.add("host:21", ONE);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void xdgConfigHome_isWhereTheFileIs() throws IOException {
        Path config = home.resolve("elsewhere");
        CapturedConsole console = new CapturedConsole(home).with("XDG_CONFIG_HOME", config.toString());
        KnownHosts.of(console.console()).add("host:21", ONE);
        assertThat(config.resolve("portside/known_hosts")).exists();
        assertThat(KnownHosts.of(console.with("XDG_CONFIG_HOME", "relative").console())
                        .file())
                .isEqualTo(file);
    }
}
