package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {
    private static final String NETRC = "machine 127.0.0.1 login joe password \"" + ServedDirectory.PASSWORD + "\"\n";

    @TempDir
    Path root;

    @TempDir
    Path home;

    private ServedDirectory served;
    private CapturedConsole console;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedDirectory(root);
        served.write("a", "a");
        console = new CapturedConsole(home);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private void netrc(String text, String permissions) throws IOException {
        Path file = Files.writeString(home.resolve(".netrc"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void withoutUser_isAnonymous() {
        assertThat(console.run("ls", "-v", served.anonymousUrl(""))).isZero();
        assertThat(console.err()).contains("> USER anonymous");
    }

    @Test
    void netrc_givesUserAndPassword() throws IOException {
        netrc(NETRC, "rw-------");
        assertThat(console.run("ls", "-v", served.anonymousUrl(""))).isZero();
        assertThat(console.err()).contains("> USER joe").doesNotContain("chmod");
    }

    @Test
    void netrc_thatOthersCanRead_isWarnedAbout() throws IOException {
        netrc(NETRC, "rw-r--r--");
        assertThat(console.run("ls", served.url(""))).isZero();
        assertThat(console.err()).contains("other users can read").contains("chmod 600");
    }

    @Test
    void netrc_thatIsNotUnderstood_namesTheLine() throws IOException {
        netrc("machine", "rw-------");
        assertThat(console.run("ls", served.url(""))).isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(console.err()).contains(".netrc: line 1: ");
    }

    @Test
    void netrc_canBeAnotherFile() throws IOException {
        Path file = Files.writeString(home.resolve("logins"), NETRC);
        assertThat(console.with("NETRC", file.toString()).run("ls", "-q", served.url("")))
                .isZero();
    }

    @Test
    void environment_comesBeforeNetrc() throws IOException {
        netrc("machine 127.0.0.1 login joe password wrong", "rw-------");
        console.with(Login.PASSWORD_VARIABLE, ServedDirectory.PASSWORD);
        assertThat(console.run("ls", served.url(""))).isZero();
    }

    @Test
    void passwordInTheUrl_worksAndIsWarnedAbout() {
        String url = served.url("").replace("joe@", "joe:correct%20horse@");
        assertThat(console.run("ls", url)).isZero();
        assertThat(console.err()).contains("can be read by every user").doesNotContain("horse");
        assertThat(console.run("ls", "--json", url)).isZero();
        assertThat(console.out()).doesNotContain("horse");
    }

    @Test
    void prompt_asksForTheRest() {
        assertThat(console.typing(ServedDirectory.PASSWORD).run("ls", served.url("")))
                .isZero();
        assertThat(console.question()).isEqualTo("Password for joe@127.0.0.1:" + served.port() + ": ");
    }

    @Test
    void withoutPassword_is4AndSaysWhatToDo() {
        assertThat(console.run("ls", served.url(""))).isEqualTo(ExitCode.LOGIN_REFUSED.value());
        assertThat(console.err()).contains("no password, set PORTSIDE_PASSWORD");
    }

    @Test
    void wrongPassword_is4() {
        console.with(Login.PASSWORD_VARIABLE, "wrong");
        assertThat(console.run("ls", served.url(""), served.url(""))).isEqualTo(ExitCode.LOGIN_REFUSED.value());
        assertThat(console.err()).contains("login refused, 530").doesNotContain("wrong,");
    }
}
