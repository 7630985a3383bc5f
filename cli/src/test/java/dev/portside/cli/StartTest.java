package dev.portside.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
}
