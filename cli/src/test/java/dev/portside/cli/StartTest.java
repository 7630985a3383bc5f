package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What a start costs that nobody sees in the code. */
class StartTest {
    /** Java asks each that it finds before its first TLS handshake: a large one costs half a second. */
    @Test
    void securityProviders_areThoseOfJavaAlone() {
        assertThat(ServiceLoader.load(Provider.class).stream().map(ServiceLoader.Provider::type))
                .isNotEmpty()
                .allSatisfy(
                        provider -> assertThat(provider.getModule().getName()).matches("(java|jdk)[.].*"));
    }

    /** Only a file of options needs them, and the packet filter of {@code check}. */
    @Test
    void commandsWithoutAFile_loadNeitherTomlNorDataBinding() throws IOException, InterruptedException {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:stdout",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Portside.class.getName(),
                        "serve",
                        "nosuch")
                .redirectErrorStream(true)
                .start();
        String loaded = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).isEqualTo(ExitCode.LOCAL_FILE.value());
        assertThat(loaded)
                .contains("dev.portside.cli.ServeOptions")
                .doesNotContain("tools.jackson.databind", "tools.jackson.dataformat");
    }
}
